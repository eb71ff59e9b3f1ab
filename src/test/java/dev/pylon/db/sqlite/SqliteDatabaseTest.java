package dev.pylon.db.sqlite;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.pylon.Eventually;
import dev.pylon.db.Database;
import dev.pylon.db.DatabaseContract;
import dev.pylon.db.DatabaseError;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SQLite keeps beside the contract. */
class SqliteDatabaseTest extends DatabaseContract {
  @TempDir private Path folder;

  @Override
  protected Database open() {
    return SqliteDatabase.open(folder.resolve("contract.db"));
  }

  @Test
  void aFolderIsMadeForTheFile() {
    try (var database = SqliteDatabase.open(folder.resolve("a/b/app.db"))) {
      makeTable(database);

      assertThat(database.read(DatabaseContract::count)).isZero();
    }
    assertThat(folder.resolve("a/b/app.db")).exists();
  }

  @Test
  void nodesDoNotShareIt_soNobodyHearsOfAnything() {
    try (var database = SqliteDatabase.open(folder.resolve("app.db"))) {
      database.tell("news", "told");

      database.hear(
          "news",
          new Database.Ear() {
            @Override
            public void begin() {
              fail("it begins");
            }

            @Override
            public void heard(String words) {
              fail(words);
            }
          });
    }
  }

  @Test
  void aTemporaryDatabaseLeavesNothingBehind() throws IOException {
    var database = SqliteDatabase.temporary();
    String file =
        database.read(session ->
            session
                .one(Sql.of("SELECT file FROM pragma_database_list"), row -> row.text(0))
                .orElseThrow());

    database.close();
    database.close();

    assertThat(Path.of(file).getParent()).doesNotExist();
  }

  @Test
  void whatIsNoDatabaseIsRefusedWithItsName() throws IOException {
    Path file = folder.resolve("app.db");
    Files.writeString(file, "This is a letter to my aunt, and no database at all. ".repeat(40));

    assertThatThrownBy(() -> SqliteDatabase.open(file))
        .isInstanceOfSatisfying(
            PylonException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(DatabaseError.DATABASE_UNAVAILABLE))
        .hasMessage(file + ": the file is not a database");
  }

  @Test
  void aFolderInPlaceOfTheFileIsRefused() {
    assertThatThrownBy(() -> SqliteDatabase.open(folder))
        .isInstanceOf(PylonException.class)
        .hasMessage(folder + ": the database file cannot be opened");
  }

  @Test
  void afterAFullDiskATransactionCannotPretendToGoOn() {
    try (var database = SqliteDatabase.open(folder.resolve("app.db"))) {
      makeTable(database);
      Sql tooMuch = Sql.of("INSERT INTO t SELECT randomblob(1000000)");

      assertThatThrownBy(() ->
              database.write(
                  soon(),
                  tx -> {
                    tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (1)")));
                    tx.run(
                        session -> session.first(Sql.of("PRAGMA max_page_count = 20"), row -> 1));
                    assertThatThrownBy(() -> tx.run(session -> session.execute(tooMuch)))
                        .isInstanceOf(DatabaseException.class);
                    return tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (2)")));
                  }))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.FULL));
      assertThat(database.<Long, RuntimeException>read(DatabaseContract::count)).isZero();
      assertThat(
              database.<Integer, RuntimeException>write(
                  soon(),
                  tx -> tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (3)")))))
          .isEqualTo(1);
    }
  }

  @Test
  void aStatementThatTakesTooLongIsStopped() {
    SqliteFile file = SqliteFile.at(folder.resolve("app.db"));
    var lanes = Lanes.ofWriter("impatient", file.openWriter(), Duration.ofMillis(500));
    lanes.start();
    Sql endless =
        Sql.of(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");

    assertThatThrownBy(() -> lanes.call(session -> session.first(endless, row -> row.integer(0))))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            refusal ->
                assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.INTERRUPTED));
    Long next = lanes.call(session -> session.first(Sql.of("SELECT 1"), row -> row.integer(0)));

    assertThat(next).isEqualTo(1);
    lanes.close(Duration.ofSeconds(5));
  }

  @Test
  void aBusyLaneIsNotBorrowed() throws Exception {
    SqliteFile file = SqliteFile.at(folder.resolve("app.db"));
    var lanes = Lanes.ofWriter("lent", file.openWriter(), Duration.ofSeconds(5));
    lanes.start();
    var begun = new CountDownLatch(1);
    var held = new CountDownLatch(1);
    lanes.submit(_ -> {
      begun.countDown();
      awaitQuietly(held);
    });
    begun.await();

    assertThat(lanes.tryRun(List.of(() -> fail("it was at work")))).isFalse();
    held.countDown();
    var ran = new AtomicReference<@Nullable Thread>();
    while (!lanes.tryRun(List.of(() -> ran.set(Thread.currentThread())))) {
      Thread.onSpinWait();
    }

    assertThat(ran).hasValue(Thread.currentThread());
    lanes.close(Duration.ofSeconds(5));
    assertThat(lanes.tryRun(List.of(() -> fail("it is closed")))).isFalse();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatIsCommittedGoesIntoTheFileWhileOthersWrite() {
    Path file = folder.resolve("app.db");
    try (var database = SqliteDatabase.open(file)) {
      execute(database, "CREATE TABLE texts (n INTEGER PRIMARY KEY, text TEXT)");

      for (int i = 0; i < 300; i++) {
        execute(database, "INSERT INTO texts (text) VALUES (?)", "x".repeat(4_000));
      }

      Eventually.within(
          SOON, () -> file.toFile().length() > 200 * 4_000, () -> file.toFile().length());
    }
  }

  @Test
  void theWriteAheadLogHasAnEndHoweverMuchIsWritten() {
    Path file = folder.resolve("app.db");
    Path log = folder.resolve("app.db-wal");
    try (var database = SqliteDatabase.open(file)) {
      execute(database, "CREATE TABLE texts (n INTEGER PRIMARY KEY, text TEXT)");

      for (int i = 0; i < 30; i++) {
        // Some thousand pages each.
        execute(
            database,
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
              INSERT INTO texts (text) SELECT hex(randomblob(2000)) FROM n\
            """);
      }

      assertThat(log.toFile().length()).isLessThan(2 * Checkpoints.PAGES_MAX * 4_096L);
      assertThat(file.toFile().length()).isGreaterThan(Checkpoints.PAGES_MAX * 4_096L);
    }
  }

  @Test
  void aLockedDatabaseIsABusyOne() throws Exception {
    Path file = folder.resolve("app.db");
    try (var database = SqliteDatabase.open(file);
        var other = SqliteDatabase.open(file)) {
      makeTable(database);
      database.write(
          soon(),
          tx -> {
            int one = tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (1)")));
            assertThatThrownBy(() -> other.write(soon(), elsewhere -> one))
                .isInstanceOfSatisfying(
                    DatabaseException.class,
                    refusal ->
                        assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.BUSY));
            return true;
          });

      assertThat(other.<Boolean, RuntimeException>write(soon(), tx -> true)).isTrue();
    }
  }
}
