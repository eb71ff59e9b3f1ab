package dev.pylon.cli.project;

import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What holds the rows of a test's server. */
enum TestBackend {
  SQLITE,
  POSTGRES;

  private static final String NAMES = "it is sqlite, postgres or sqlite,postgres";

  /** Those that were asked for, with the URL of a server where one is needed. */
  static Map<TestBackend, Optional<String>> wanted(Invocation invocation)
      throws InterruptedException {
    var wanted = new EnumMap<TestBackend, Optional<String>>(TestBackend.class);
    for (String name : invocation.line().value("--backend").orElse("sqlite").split(",", -1)) {
      switch (name.strip()) {
        case "sqlite" -> wanted.put(SQLITE, Optional.empty());
        case "postgres" -> wanted.put(POSTGRES, Optional.of(server(invocation)));
        default -> throw Failure.usage("--backend cannot be \"%s\"".formatted(name), NAMES);
      }
    }
    return wanted;
  }

  private static String server(Invocation invocation) throws InterruptedException {
    Optional<String> typed = invocation.line().value("--postgres");
    @Nullable String url =
        typed.isPresent()
            ? typed.get()
            : config(invocation.environment(), Map.of()).db().postgresUrl();
    if (url == null || !url.contains("://")) {
      throw Failure.usage(
          "which Postgres server? Each test file gets a database of its own there",
          "--postgres postgres://user@localhost/postgres, or DATABASE_URL");
    }
    return url;
  }

  /** As the user writes it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The settings of a test's server.
   *
   * @param databaseUrl of a Postgres database; null for one in memory
   */
  Config config(Invocation invocation, @Nullable String databaseUrl) throws InterruptedException {
    Environment real = invocation.environment();
    var variables = new HashMap<>(real.variables());
    List.of("DATABASE_URL", "PYLON_DB_PATH", "PYLON_IN_MEMORY", "PYLON_JOBS_IN_MEMORY")
        .forEach(variables::remove);
    var typed = new HashMap<String, String>();
    if (databaseUrl == null) {
      variables.put("PYLON_JOBS_IN_MEMORY", "1");
      typed.put("--in-memory", "1");
    } else {
      typed.put("--db", databaseUrl);
    }
    invocation.line().value("--bun").ifPresent(bun -> typed.put("--bun", bun));
    return config(new Environment(variables, real.properties(), real.directory()), typed);
  }

  private static Config config(Environment environment, Map<String, String> typed)
      throws InterruptedException {
    return ServerOptions.resolved(() -> Config.forDev(environment, null, typed));
  }
}
