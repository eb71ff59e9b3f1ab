package dev.pylon.cli.schema;

import dev.pylon.boot.SchemaDesk;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.config.Config;
import dev.pylon.config.DbConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;

/** The database that a command line means. */
public final class Databases {
  private Databases() {}

  /**
   * What {@code --sqlite} or {@code --postgres} names.
   *
   * @throws Failure where both were given
   */
  static Optional<DbConfig> named(Invocation invocation) {
    Line line = invocation.line();
    Optional<String> file = line.value("--sqlite");
    Optional<String> url = line.value("--postgres");
    if (file.isPresent() && url.isPresent()) {
      throw new Failure(
          ExitStatus.USAGE, "PUSH_AMBIGUOUS_MODE", "--sqlite or --postgres, not both", null);
    }
    if (url.isPresent()) {
      return Optional.of(new DbConfig(null, url.get(), false, 1));
    }
    Path folder = invocation.environment().directory();
    return file.map(path -> new DbConfig(folder.resolve(path).normalize(), null, false, 1));
  }

  /** What is named, else the database of the project. */
  static DbConfig meant(Invocation invocation) {
    return named(invocation).orElseGet(() -> ofProject(invocation));
  }

  /** What {@code --db} and the settings say. */
  public static DbConfig ofProject(Invocation invocation) {
    var options = new HashMap<String, String>();
    invocation.line().value("--db").ifPresent(value -> options.put("--db", value));
    return Config.database(invocation.environment(), options);
  }

  /**
   * Opens a database that is there.
   *
   * @throws Failure where it is not
   */
  static SchemaDesk open(Invocation invocation, DbConfig db) {
    if (!SchemaDesk.exists(db)) {
      throw new Failure(
          ExitStatus.NO_INPUT,
          "NO_SUCH_DATABASE",
          "no such database: " + db.shown(),
          "\"pylon dev\" makes one; or name another");
    }
    return SchemaDesk.open(db, invocation.clock());
  }
}
