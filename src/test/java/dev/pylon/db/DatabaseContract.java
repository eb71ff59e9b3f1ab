package dev.pylon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.model.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine keeps. Each one's own test extends this and adds what is its own. */
public abstract class DatabaseContract {
  /** Some seconds of work for a database; long beside everything a test waits for. */
  protected static final Sql SLOW =
      Sql.of(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)"
              + " SELECT count(*) FROM n");

  private Database database;

  /** Opens an empty database. */
  protected abstract Database open();

  @BeforeEach
  final void openDatabase() {
    database = open();
    makeTable(database);
  }

  @AfterEach
  final void closeDatabase() {
    database.close();
  }

  protected static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  protected static long count(Session session) {
    return session.one(Sql.of("SELECT count(*) FROM t"), row -> row.integer(0)).orElseThrow();
  }

  protected static void makeTable(Database database) {
    execute(database, "CREATE TABLE t (n INTEGER UNIQUE)");
  }

  protected static int execute(Database database, String text, @Nullable Object... values) {
    return database.write(soon(), tx -> tx.run(session -> session.execute(Sql.of(text, values))));
  }

  private static int insert(Database.Transaction tx, long number) {
    return tx.run(session -> session.execute(Sql.of("INSERT INTO t VALUES (?)", number)));
  }

  protected static DatabaseException.Reason reason(ThrowingCallable work) {
    var caught = new AtomicReference<DatabaseException>();
    assertThatThrownBy(work).isInstanceOfSatisfying(DatabaseException.class, caught::set);
    return caught.get().reason();
  }

  private List<@Nullable Object> values(String sql, @Nullable Object... values) {
    return database.read(session ->
        session.list(
            Sql.of(sql, values), row -> Arrays.<@Nullable Object>asList(row.value(0)).getFirst()));
  }

  // ---- reading ----

  @Test
  void readersMayNotWrite() {
    assertThat(
            reason(() ->
                database.read(session -> session.execute(Sql.of("INSERT INTO t VALUES (1)")))))
        .isEqualTo(DatabaseException.Reason.READ_ONLY);
  }

  @Test
  void quickReadsPassSlowOnes() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var slowBegan = new CountDownLatch(1);
      Future<Long> slow =
          tasks.submit(() ->
              database.read(session -> {
                slowBegan.countDown();
                return session.one(SLOW, row -> row.integer(0)).orElseThrow();
              }));
      slowBegan.await();

      for (int i = 0; i < 100; i++) {
        database.read(DatabaseContract::count);
      }

      assertThat(slow.isDone()).as("the slow one came first").isFalse();
      assertThat(slow.get()).isEqualTo(3_000_000);
    }
  }

  @Test
  void whatIsReadAtOnceIsReadHereAndTogetherOrNotAtAll() {
    var seen = new ArrayList<Long>();
    var threads = new ArrayList<Thread>();
    Runnable look =
        () -> {
          seen.add(database.read(DatabaseContract::count));
          threads.add(Thread.currentThread());
        };
    Runnable anotherWrites =
        () -> CompletableFuture.runAsync(() -> database.write(soon(), tx -> insert(tx, 7))).join();

    boolean ran = database.tryExecute(List.of(look, anotherWrites, look));

    if (ran) {
      assertThat(seen).containsExactly(0L, 0L);
      assertThat(threads).containsOnly(Thread.currentThread());
      assertThat(database.tryExecute(List.of(look))).isTrue();
      assertThat(seen).last().as("what was committed before").isEqualTo(1L);
    } else {
      assertThat(seen).isEmpty();
      assertThat(database.read(DatabaseContract::count)).isZero();
    }
  }

  @Test
  void workIsNeverForgotten() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var ran = new AtomicInteger();
      var all = new CountDownLatch(10_000);
      for (int t = 0; t < 20; t++) {
        tasks.submit(() -> {
          for (int i = 0; i < 500; i++) {
            Runnable work =
                () -> {
                  database.read(DatabaseContract::count);
                  ran.incrementAndGet();
                  all.countDown();
                };
            if (i % 3 > 0 || !database.tryExecute(List.of(work))) {
              database.execute(work);
            }
            if (i % 100 == 0) {
              database.read(DatabaseContract::count);
            }
          }
        });
      }

      assertThat(all.await(30, TimeUnit.SECONDS)).as("%s of 10000 ran", ran).isTrue();
    }
  }

  @Test
  void aReadSeesWhatWasCommittedBeforeItWasAsked() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var writing = new AtomicBoolean(true);
      for (int t = 0; t < 8; t++) {
        tasks.submit(() -> {
          while (writing.get()) {
            database.read(DatabaseContract::count);
          }
        });
      }

      try {
        for (int n = 1; n <= 300; n++) {
          execute(database, "INSERT INTO t VALUES (?)", n);

          assertThat(database.<Long, RuntimeException>read(DatabaseContract::count)).isEqualTo(n);
        }
      } finally {
        writing.set(false);
      }
    }
  }

  @Test
  void aReadWithinAReadNeedsNoOtherConnection() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var inside = new CountDownLatch(40);
      List<Future<Long>> reads = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        reads.add(
            tasks.submit(() ->
                database.read(session -> {
                  inside.countDown();
                  inside.await(50, TimeUnit.MILLISECONDS);
                  return database.<Long, RuntimeException>read(DatabaseContract::count);
                })));
      }

      for (Future<Long> read : reads) {
        assertThat(read.get(30, TimeUnit.SECONDS)).isZero();
      }
    }
  }

  // ---- transactions ----

  @Test
  void aRefusedStatementLeavesTheTransactionOpen() {
    database.write(
        soon(),
        tx -> {
          insert(tx, 1);
          assertThat(reason(() -> insert(tx, 1))).isEqualTo(DatabaseException.Reason.UNIQUE);
          assertThat(reason(() -> tx.run(s -> s.execute(Sql.of("INSERT INTO nowhere VALUES (1)")))))
              .isEqualTo(DatabaseException.Reason.STATEMENT);
          return insert(tx, 3);
        });

    assertThat(values("SELECT n FROM t ORDER BY n")).containsExactly(1L, 3L);
  }

  @Test
  void whatIsDoneAtomicallyIsDoneOrNot() {
    database.write(
        soon(),
        tx -> {
          insert(tx, 1);
          assertThatThrownBy(() ->
                  tx.atomically(session -> {
                    session.execute(Sql.of("INSERT INTO t VALUES (2)"));
                    return session.execute(Sql.of("INSERT INTO t VALUES (1)"));
                  }))
              .isInstanceOfSatisfying(
                  DatabaseException.class,
                  refusal -> assertThat(refusal.columns()).containsExactly("n"));
          tx.atomically(session -> session.execute(Sql.of("INSERT INTO t VALUES (3), (4)")));
          assertThat(reason(() -> insert(tx, 4))).isEqualTo(DatabaseException.Reason.UNIQUE);
          return insert(tx, 5);
        });

    assertThat(values("SELECT n FROM t ORDER BY n")).containsExactly(1L, 3L, 4L, 5L);
  }

  @Test
  void whatFailedWorkWroteIsGone() {
    assertThatThrownBy(() ->
            database.write(
                soon(),
                tx -> {
                  insert(tx, 1);
                  throw new IllegalStateException("changed my mind");
                }))
        .hasMessage("changed my mind");

    assertThat(database.<Long, RuntimeException>read(DatabaseContract::count)).isZero();
  }

  @Test
  void workGivenToATransactionRunsInTheOrderItWasGiven() {
    List<Long> order = Collections.synchronizedList(new ArrayList<>());

    database.write(
        soon(),
        tx -> {
          for (long i = 0; i < 100; i++) {
            long number = i;
            tx.execute(() -> order.add(number + insert(tx, number) - 1));
          }
          assertThat(tx.<Long, RuntimeException>run(DatabaseContract::count)).isEqualTo(100);
          return true;
        });

    assertThat(order).hasSize(100).isSorted();
  }

  @Test
  void anEndedTransactionTakesNoMoreWork() {
    var kept = new AtomicReference<Database.Transaction>();
    database.write(
        soon(),
        tx -> {
          kept.set(tx);
          return true;
        });

    assertThatThrownBy(() -> insert(kept.get(), 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> kept.get().execute(() -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readThenWriteLosesNothing() throws Exception {
    execute(database, "INSERT INTO t VALUES (0)");
    List<Future<Integer>> increments = new ArrayList<>();

    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        increments.add(
            tasks.submit(() ->
                database.write(
                    soon(),
                    tx -> {
                      long n = tx.run(s -> s.first(Sql.of("SELECT n FROM t"), r -> r.integer(0)));
                      return tx.run(s -> s.execute(Sql.of("UPDATE t SET n = ?", n + 1)));
                    })));
      }
    }

    for (Future<Integer> increment : increments) {
      assertThat(increment.get()).isEqualTo(1);
    }
    assertThat(values("SELECT n FROM t")).containsExactly(200L);
  }

  @Test
  void wordsAfterCommitsAreSaidInCommitOrder() throws Exception {
    List<Long> said = new ArrayList<>();
    List<Future<Long>> writes = new ArrayList<>();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        writes.add(
            tasks.submit(() ->
                database.write(
                    soon(),
                    tx -> {
                      long n = tx.run(DatabaseContract::count);
                      insert(tx, n);
                      tx.afterCommit(() -> said.add(n));
                      return n;
                    })));
      }
    }

    for (Future<Long> write : writes) {
      write.get();
    }
    assertThat(said).hasSize(200).isSorted();
  }

  @Test
  void whoComesAfterACommitThatFailedSeesNothingOfIt() throws Exception {
    var begun = new CountDownLatch(1);
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 50; round++) {
        long number = round;
        Future<?> failing =
            tasks.submit(() ->
                database.write(
                    soon(),
                    tx -> {
                      tx.beforeCommit(_ -> {
                        throw new IllegalStateException("not in the end");
                      });
                      begun.countDown();
                      return insert(tx, number);
                    }));
        begun.await();
        Future<Long> next =
            tasks.submit(() -> database.write(soon(), tx -> tx.run(DatabaseContract::count)));

        assertThat(next.get()).isZero();
        assertThatThrownBy(failing::get).hasMessageContaining("not in the end");
      }
    }
  }

  @Test
  void whoHasCommittedFindsItWhereverItLooks() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> found = new ArrayList<>();
      for (long i = 0; i < 200; i++) {
        long number = i;
        found.add(
            tasks.submit(() -> {
              database.write(soon(), tx -> insert(tx, number));
              Sql ours = Sql.of("SELECT n FROM t WHERE n = ?", number);
              return database.read(session -> session.one(ours, row -> true)).isPresent()
                  && database.<Boolean, RuntimeException>write(
                      soon(), tx -> tx.run(own -> own.one(ours, row -> true).isPresent()));
            }));
      }
      for (Future<Boolean> one : found) {
        assertThat(one.get()).isTrue();
      }
    }
  }

  @Test
  void whatComesLastIsPartOfTheTransaction() {
    database.write(
        soon(),
        tx -> {
          tx.beforeCommit(session -> session.execute(Sql.of("INSERT INTO t VALUES (2)")));
          return insert(tx, 1);
        });
    assertThat(
            reason(() ->
                database.write(
                    soon(),
                    tx -> {
                      tx.beforeCommit(
                          session -> session.execute(Sql.of("INSERT INTO t VALUES (2)")));
                      return insert(tx, 3);
                    })))
        .isEqualTo(DatabaseException.Reason.UNIQUE);

    assertThat(values("SELECT n FROM t ORDER BY n")).containsExactly(1L, 2L);
  }

  @Test
  void ourOwnTablesAreWrittenBesideAMutation() {
    execute(database, "CREATE TABLE own (n INTEGER)");

    database.writeOwn(
        soon(), tx -> tx.run(session -> session.execute(Sql.of("INSERT INTO own VALUES (1)"))));

    assertThat(values("SELECT n FROM own")).containsExactly(1L);
  }

  @Test
  void closingLetsTheRunningFinishAndRefusesTheRest() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
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
      assertThatThrownBy(() -> database.read(DatabaseContract::count))
          .isInstanceOf(DatabaseException.class)
          .hasMessage("the database is closed");
    }
  }

  // ---- values, and how they compare ----

  private void table(ColumnType type) {
    execute(database, "CREATE TABLE v (v %s)".formatted(database.dialect().declare(type)));
  }

  private void fill(@Nullable Object... values) {
    for (Object value : values) {
      execute(database, "INSERT INTO v VALUES (?)", value);
    }
  }

  @Test
  void valuesComeBackAsTheyWere() {
    List<List<Object>> kinds =
        List.of(
            List.<Object>of(ColumnType.TEXT, "", "a'b\"c\\", "日本 😀"),
            List.<Object>of(ColumnType.INTEGER, 0L, Long.MIN_VALUE, Long.MAX_VALUE),
            List.<Object>of(ColumnType.REAL, 0.5, -1e300, Double.MIN_VALUE, 0.1),
            List.<Object>of(
                ColumnType.INSTANT, "2026-01-31T12:00:00.000Z", "1969-12-31T23:59:59.999Z"));
    for (List<Object> kind : kinds) {
      table((ColumnType) kind.getFirst());
      Object[] values = kind.subList(1, kind.size()).toArray();
      fill(values);
      fill((Object) null);

      for (Object value : values) {
        assertThat(values("SELECT v FROM v WHERE v = ?", value)).containsExactly(value);
      }
      assertThat(values("SELECT v FROM v WHERE v IS NULL")).containsExactly((Object) null);
      execute(database, "DROP TABLE v");
    }
  }

  @Test
  void textIsOrderedByItsBytes() {
    table(ColumnType.TEXT);
    fill("b", "a", "B", "é", null, "Z", "_", "10", "9", "😀", "\uffee");

    assertThat(values("SELECT v FROM v ORDER BY " + database.dialect().order("v", false, true)))
        .containsExactly(null, "10", "9", "B", "Z", "_", "a", "b", "é", "\uffee", "😀");
    assertThat(values("SELECT v FROM v WHERE v > ? AND v < ?", "Z", "é"))
        .containsExactlyInAnyOrder("_", "a", "b");
    assertThat(values("SELECT v FROM v ORDER BY " + database.dialect().order("v", true, true)))
        .endsWith("9", "10", null);
  }

  @Test
  void lettersOfAsciiMatchInEitherCaseAndNoOthers() {
    table(ColumnType.TEXT);
    fill("Straße É 100%", "x_y");
    String like = "SELECT count(*) FROM v WHERE " + database.dialect().like("v");

    for (String found : List.of("%STRA%", "%straße%", "%100\\%", "X\\__", "%É%")) {
      assertThat(values(like, found)).as(found).containsExactly(1L);
    }
    for (String missed : List.of("%é%", "%STRASSE%", "stra", "x\\_", "%0\\%1%")) {
      assertThat(values(like, missed)).as(missed).containsExactly(0L);
    }
  }

  @Test
  void totalsAreNumbers() {
    table(ColumnType.INTEGER);
    fill(1L, 2L, Long.MAX_VALUE / 2);

    String sum = "SELECT %s FROM v".formatted(database.dialect().sum("v", false));
    assertThat(values(sum)).containsExactly(Long.MAX_VALUE / 2 + 3);
    assertThat(values(sum + " WHERE v < 0")).containsExactly((Object) null);
    assertThat(values("SELECT avg(v) FROM v WHERE v < 5")).containsExactly(1.5);
  }

  @Test
  void fractionsAddUpAsTheyAreShown() {
    table(ColumnType.REAL);
    fill(0.1, 0.2, 1e15, 0.30000000000000004);

    assertThat(values("SELECT %s FROM v".formatted(database.dialect().sum("v", true))))
        .containsExactly(1000000000000000.6);
  }

  @Test
  void momentsAreCountedByLengthsOfTime() {
    table(ColumnType.INSTANT);
    fill("2026-01-04T22:59:59.999Z", "2026-01-05T00:00:00.000Z", "2026-12-31T00:00:00.000Z");

    assertThat(buckets(TimeBucket.HOUR))
        .containsExactly("2026-01-04 22:00:00", "2026-01-05 00:00:00", "2026-12-31 00:00:00");
    assertThat(buckets(TimeBucket.DAY)).containsExactly("2026-01-04", "2026-01-05", "2026-12-31");
    assertThat(buckets(TimeBucket.WEEK)).containsExactly("2026-W00", "2026-W01", "2026-W52");
    assertThat(buckets(TimeBucket.MONTH)).containsExactly("2026-01", "2026-01", "2026-12");
    assertThat(buckets(TimeBucket.YEAR)).containsExactly("2026", "2026", "2026");
    assertThat(
            values(
                "SELECT %s FROM v WHERE v = ?".formatted(database.dialect().instantText("v")),
                "2026-01-04T22:59:59.999Z"))
        .containsExactly("2026-01-04T22:59:59.999Z");
  }

  private List<@Nullable Object> buckets(TimeBucket bucket) {
    return values("SELECT %s FROM v ORDER BY v".formatted(database.dialect().bucket("v", bucket)));
  }

  @Test
  void theTablesThatAreThereAreSeen() {
    execute(
        database,
        "CREATE TABLE \"B b\" (id %s PRIMARY KEY NOT NULL, \"q\"\"x\" %s NOT NULL UNIQUE, f %s)"
            .formatted(
                database.dialect().declare(ColumnType.TEXT),
                database.dialect().declare(ColumnType.INTEGER),
                database.dialect().declare(ColumnType.BOOLEAN)));
    execute(database, "CREATE INDEX \"by f\" ON \"B b\" (f, \"q\"\"x\")");

    List<Table> tables = database.read(session -> session.dialect().tables(session));

    assertThat(tables).extracting(Table::name).containsExactly("B b", "t");
    Table table = tables.getFirst();
    assertThat(table.columns()).extracting(Table.Column::name).containsExactly("id", "q\"x", "f");
    assertThat(table.columns())
        .extracting(Table.Column::notNull)
        .containsExactly(true, true, false);
    assertThat(table.columns().getFirst().primaryKey()).isTrue();
    assertThat(database.dialect().holds(table.columns().get(1).type(), ColumnType.INTEGER))
        .isTrue();
    assertThat(table.indexes())
        .anySatisfy(index -> {
          assertThat(index.columns()).containsExactly("q\"x");
          assertThat(index.unique()).isTrue();
          assertThat(index.implied()).isTrue();
        })
        .anySatisfy(index -> {
          assertThat(index.name()).isEqualTo("by f");
          assertThat(index.columns()).containsExactly("f", "q\"x");
          assertThat(index.unique()).isFalse();
          assertThat(index.implied()).isFalse();
        });
  }

  @Test
  void aSequenceNeverGivesANumberTwice() {
    execute(
        database, "CREATE TABLE s (seq %s, v INTEGER)".formatted(database.dialect().sequence()));
    for (int i = 0; i < 3; i++) {
      execute(database, "INSERT INTO s (v) VALUES (?)", i);
    }
    execute(database, "DELETE FROM s WHERE seq = 3");

    execute(database, "INSERT INTO s (v) VALUES (?)", 9);

    assertThat(values("SELECT seq FROM s ORDER BY seq")).containsExactly(1L, 2L, 4L);
  }
}
