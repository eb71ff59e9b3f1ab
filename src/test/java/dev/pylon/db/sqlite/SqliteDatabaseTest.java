package dev.pylon.db.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.db.DatabaseError;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest {
  /** Some seconds of work for a database; long beside everything a test waits for. */
  private static final Sql SLOW =
      Sql.of(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)"
              + " SELECT count(*) FROM n");

  @TempDir private Path folder;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  private static long count(Session session) {
    return session.one(Sql.of("SELECT count(*) FROM t"), row -> row.integer(0)).orElseThrow();
  }

  private static void makeTable(SqliteDatabase database) {
    database.write(
        soon(),
        tx -> tx.run(session -> session.execute(Sql.of("CREATE TABLE t (n INTEGER UNIQUE)"))));
  }

  @Test
  void aFolderIsMadeForTheFile() {
    try (var database = SqliteDatabase.open(folder.resolve("a/b/app.db"))) {
      makeTable(database);

      assertThat(database.read(SqliteDatabaseTest::count)).isZero();
    }
    assertThat(folder.resolve("a/b/app.db")).exists();
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
  void readersMayNotWrite() {
    try (var database = SqliteDatabase.open(folder.resolve("app.db"))) {
      makeTable(database);

      assertThatThrownBy(
              () -> database.read(session -> session.execute(Sql.of("INSERT INTO t VALUES (1)"))))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              refusal ->
                  assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.READ_ONLY));
    }
  }

  @Test
  void quickReadsPassSlowOnes() throws Exception {
    try (var database = SqliteDatabase.open(folder.resolve("app.db"));
        var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      makeTable(database);
      var slowBegan = new CountDownLatch(1);
      Future<Long> slow =
          tasks.submit(() ->
              database.read(session -> {
                slowBegan.countDown();
                return session.one(SLOW, row -> row.integer(0)).orElseThrow();
              }));
      slowBegan.await();

      for (int i = 0; i < 100; i++) {
        database.read(SqliteDatabaseTest::count);
      }

      assertThat(slow.isDone()).as("the slow one came first").isFalse();
      assertThat(slow.get()).isEqualTo(3_000_000);
    }
  }

  @Test
  void workIsNeverForgotten() throws Exception {
    try (var database = SqliteDatabase.open(folder.resolve("app.db"));
        var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      makeTable(database);
      var ran = new AtomicInteger();
      var all = new CountDownLatch(20_000);
      for (int t = 0; t < 20; t++) {
        tasks.submit(() -> {
          for (int i = 0; i < 1_000; i++) {
            database.execute(() -> {
              database.read(SqliteDatabaseTest::count);
              ran.incrementAndGet();
              all.countDown();
            });
            if (i % 100 == 0) {
              database.read(SqliteDatabaseTest::count);
            }
          }
        });
      }

      assertThat(all.await(30, TimeUnit.SECONDS)).as("%s of 20000 ran", ran).isTrue();
    }
  }

  @Test
  void aReadSeesWhatWasCommittedBeforeItWasAsked() throws Exception {
    try (var database = SqliteDatabase.open(folder.resolve("app.db"));
        var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      makeTable(database);
      var writing = new AtomicBoolean(true);
      for (int t = 0; t < 8; t++) {
        tasks.submit(() -> {
          while (writing.get()) {
            database.read(SqliteDatabaseTest::count);
          }
        });
      }

      try {
        for (int n = 1; n <= 300; n++) {
          long number = n;
          database.write(
              soon(),
              tx -> tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (?)", number))));

          assertThat(database.<Long, RuntimeException>read(SqliteDatabaseTest::count))
              .isEqualTo(number);
        }
      } finally {
        writing.set(false);
      }
    }
  }

  @Test
  void aRefusedStatementLeavesTheTransactionOpen() {
    try (var database = SqliteDatabase.open(folder.resolve("app.db"))) {
      makeTable(database);

      database.write(
          soon(),
          tx -> {
            tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (1)")));
            assertThatThrownBy(() ->
                    tx.atomically(session -> {
                      session.execute(Sql.of("INSERT INTO t VALUES (2)"));
                      return session.execute(Sql.of("INSERT INTO t VALUES (1)"));
                    }))
                .isInstanceOfSatisfying(
                    DatabaseException.class,
                    refusal -> {
                      assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.UNIQUE);
                      assertThat(refusal.columns()).containsExactly("n");
                    });
            return tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (3)")));
          });

      assertThat(database.<Long, RuntimeException>read(SqliteDatabaseTest::count)).isEqualTo(2);
    }
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
      assertThat(database.<Long, RuntimeException>read(SqliteDatabaseTest::count)).isZero();
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
    var lanes = Lanes.ofWriter("impatient", file.openWriter(), Duration.ofMillis(50));
    lanes.start();

    assertThatThrownBy(() -> lanes.call(session -> session.first(SLOW, row -> row.integer(0))))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            refusal ->
                assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.INTERRUPTED));
    Long next = lanes.call(session -> session.first(Sql.of("SELECT 1"), row -> row.integer(0)));

    assertThat(next).isEqualTo(1);
    lanes.close(Duration.ofSeconds(5));
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
            assertThatThrownBy(() -> other.write(soon(), elsewhere -> true))
                .isInstanceOfSatisfying(
                    DatabaseException.class,
                    refusal ->
                        assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.BUSY));
            return true;
          });

      assertThat(other.<Boolean, RuntimeException>write(soon(), tx -> true)).isTrue();
    }
  }

  @Test
  void closingLetsTheRunningFinishAndRefusesTheRest() throws Exception {
    var database = SqliteDatabase.open(folder.resolve("app.db"));
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      makeTable(database);
      var began = new CountDownLatch(1);
      Future<Long> running =
          tasks.submit(() ->
              database.read(session -> {
                began.countDown();
                return session.one(SLOW, row -> row.integer(0)).orElseThrow();
              }));
      began.await();

      database.close();

      assertThat(running.get()).isEqualTo(3_000_000);
      assertThatThrownBy(() -> database.read(SqliteDatabaseTest::count))
          .isInstanceOf(DatabaseException.class)
          .hasMessage("the database is closed");
    }
  }

  @Test
  void wordsAfterCommitsAreSaidInCommitOrder() throws Exception {
    try (var database = SqliteDatabase.open(folder.resolve("app.db"))) {
      makeTable(database);
      List<Long> said = new ArrayList<>();
      try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 200; i++) {
          tasks.submit(() ->
              database.write(
                  soon(),
                  tx -> {
                    long n = tx.run(SqliteDatabaseTest::count);
                    tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (?)", n)));
                    tx.afterCommit(() -> said.add(n));
                    return n;
                  }));
        }
      }

      assertThat(said).hasSize(200).isSorted();
    }
  }
}
