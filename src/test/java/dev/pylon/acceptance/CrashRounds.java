package dev.pylon.acceptance;

import dev.pylon.Eventually;
import dev.pylon.PostgresServer;
import dev.pylon.PylonProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Rounds of random writes that {@code kill -9} cuts off. The next start must have every write that
 * was answered, no part of one that was not done as a whole, and a log that tells just what the
 * rows tell.
 */
final class CrashRounds {
  static final String ADMIN = "the-admin-token";

  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "crash", "version": "1", "routes": [], "entities": [
        {"name": "Item", "indexes": [{"name": "by_writer", "fields": ["writer"], "unique": false}],
         "search": {"text": ["label"], "facets": ["version"]},
         "fields": [
          {"name": "label", "type": "string", "optional": false, "unique": true},
          {"name": "writer", "type": "int", "optional": false, "unique": false},
          {"name": "version", "type": "int", "optional": false, "unique": false},
          {"name": "amount", "type": "int", "optional": false, "unique": false}]}]}
      """;

  private static final int WRITERS_MAX = 8;
  private static final Duration ROUND_MAX = Duration.ofSeconds(20);

  private final Path project;
  private final @Nullable String postgres;
  private final Random random;
  private final List<CrashWriter> writers = new ArrayList<>();
  private long unanswered;
  private long unansweredAndDone;

  /**
   * @param postgres the URL of an empty database; null for SQLite
   */
  CrashRounds(Path project, @Nullable String postgres, long seed) throws IOException {
    this.project = project;
    this.postgres = postgres;
    this.random = new Random(seed);
    Files.writeString(project.resolve("pylon.manifest.json"), MANIFEST);
  }

  /** Does as many rounds, each on what the one before left, and looks at all of it in the end. */
  String run(int rounds) throws Exception {
    List<CrashWriter> last = List.of();
    for (int round = 1; round <= rounds; round++) {
      try (PylonProcess pylon = start()) {
        String url = url(pylon);
        settle(last, url);
        last = write(url, round, pylon);
        writers.addAll(last);
      }
    }
    try (PylonProcess pylon = start()) {
      settle(writers, url(pylon));
    }
    long acknowledged = writers.stream().mapToLong(CrashWriter::acknowledged).sum();
    return ("%s: %d kills; %d writes answered, all there; %d in flight, of which %d done as a whole and"
            + " %d not at all; log and rows agree")
        .formatted(
            postgres == null ? "SQLite" : "Postgres",
            rounds,
            acknowledged,
            unanswered,
            unansweredAndDone,
            unanswered - unansweredAndDone);
  }

  private PylonProcess start() throws IOException {
    return PylonProcess.start(
        project,
        List.of(
            "PYLON_ADMIN_TOKEN=" + ADMIN,
            "PYLON_CORS_ORIGIN=https://example.com",
            "PYLON_RATE_LIMIT_MAX=0"),
        "serve",
        "pylon.manifest.json",
        "--port",
        "0",
        "--json",
        "--db",
        postgres == null ? file().toString() : postgres);
  }

  private Path file() {
    return project.resolve("app.db");
  }

  private static String url(PylonProcess pylon) {
    return pylon
        .awaitLine(line -> line.contains("START_OK"))
        .replaceFirst(".*\"url\":\"([^\"]+)\".*", "$1");
  }

  /** Lets some writers write until the server is killed, and a moment longer. */
  private List<CrashWriter> write(String url, int round, PylonProcess pylon) throws Exception {
    var answered = new AtomicLong();
    List<CrashWriter> now = new ArrayList<>();
    for (int n = random.nextInt(1, WRITERS_MAX + 1); n > 0; n--) {
      now.add(new CrashWriter(round * 100 + n, random.nextLong(), answered));
    }
    long enough = random.nextInt(10, 400);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ends = now.stream().map(writer -> threads.submit(() -> writer.run(url))).toList();
      Eventually.within(
          ROUND_MAX,
          () -> answered.get() >= enough,
          () -> "%s of %d writes".formatted(answered, enough) + pylon.err());
      pylon.signal("KILL");
      for (var end : ends) {
        end.get();
      }
    }
    return now;
  }

  private void settle(List<CrashWriter> these, String url) throws IOException, SQLException {
    for (CrashWriter writer : these) {
      switch (writer.settle(url)) {
        case NOTHING_IN_FLIGHT -> {}
        case IN_FLIGHT_AND_DONE -> {
          unanswered++;
          unansweredAndDone++;
        }
        case IN_FLIGHT_AND_NOT_DONE -> unanswered++;
      }
    }
    requireLogAndRowsAgree();
  }

  /**
   * One insert for each row, as many updates as its version says, and a deletion where it is gone.
   */
  private void requireLogAndRowsAgree() throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbc());
        Statement statement = connection.createStatement();
        ResultSet wrong =
            statement.executeQuery(
                """
                SELECT * FROM (
                    SELECT row_id, count(*) FILTER (WHERE kind = 'insert') AS inserts,
                        count(*) FILTER (WHERE kind = 'update') AS updates,
                        count(*) FILTER (WHERE kind = 'delete') AS deletes
                      FROM _pylon_changes WHERE entity = 'Item' GROUP BY row_id) AS log
                  FULL JOIN "Item" ON "Item".id = log.row_id
                  WHERE log.row_id IS NULL OR inserts <> 1 OR deletes > 1
                    OR (deletes = 1) <> ("Item".id IS NULL)
                    OR ("Item".id IS NOT NULL AND updates <> "Item".version)
                """)) {
      if (wrong.next()) {
        throw new AssertionError(
            "row %s: %d inserts, %d updates, %d deletions in the log; version %s"
                .formatted(
                    wrong.getString("row_id"),
                    wrong.getInt("inserts"),
                    wrong.getInt("updates"),
                    wrong.getInt("deletes"),
                    wrong.getString("version")));
      }
    }
  }

  private String jdbc() {
    return postgres == null
        ? "jdbc:sqlite:" + file()
        : "jdbc:postgresql://"
            + postgres.replaceFirst("postgres://postgres@", "")
            + "?user=postgres";
  }

  /** {@code [ROUNDS [SEED]]}: prints the figures of each database. */
  static void main(String... args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    List<String> databases = args.length > 2 ? List.of(args[2]) : List.of("sqlite", "postgres");
    System.out.printf("seed %d%n", seed);
    for (String database : databases) {
      Path project = Files.createTempDirectory("pylon-crash-");
      String url = database.equals("postgres") ? PostgresServer.shared().newDatabase() : null;
      System.out.println(database + ": " + new CrashRounds(project, url, seed).run(rounds));
    }
    // The threads of the embedded server would keep this process.
    System.exit(0);
  }
}
