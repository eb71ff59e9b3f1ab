package dev.pylon.store;

import static dev.pylon.store.Stores.refusal;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.db.Sql;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is committed and what is not, one after the other and many at once, and who hears of it.
 * Each engine's own test extends this.
 */
abstract class CommitContract extends Todos {

  /** How many may write at the same time; the next one waits. */
  abstract int writersAtOnce();

  @Test
  void aTransactionSeesWhatItWroteAndOthersDoNot() {
    store.write(
        soon(),
        tx -> {
          String id = tx.insert("Todo", Map.of("title", "milk"));

          assertThat(tx.get("Todo", id)).isPresent();
          assertThat(tx.query("Todo", Map.of("title", "milk"))).hasSize(1);
          assertThat(store.get("Todo", id)).isEmpty();
          return id;
        });

    assertThat(titles("{}")).containsExactly("milk");
  }

  @Test
  void whatFailedWorkWroteIsGone() {
    assertThatThrownBy(() ->
            store.write(
                soon(),
                tx -> {
                  tx.insert("Todo", Map.of("title", "milk"));
                  throw new IllegalStateException("changed my mind");
                }))
        .hasMessage("changed my mind");

    assertThat(store.list("Todo")).isEmpty();
  }

  @Test
  void aRefusedOperationCanBeCaughtAndTheTransactionGoesOn() {
    insert("User", Map.of("email", "a@b.c"));

    store.write(
        soon(),
        tx -> {
          tx.insert("User", Map.of("email", "b@b.c"));
          refusal(() -> tx.insert("User", Map.of("email", "a@b.c")));
          refusal(() ->
              tx.insertMany("User", List.of(Map.of("email", "c@b.c"), Map.of("email", "c@b.c"))));
          tx.insert("User", Map.of("email", "d@b.c"));
          assertThat(tx.changes()).hasSize(2);
          return true;
        });

    assertThat(store.list("User"))
        .extracting(row -> row.get("email"))
        .containsExactly("a@b.c", "b@b.c", "d@b.c");
  }

  @Test
  void changesAreAnnouncedAfterTheCommitInTheOrderTheyWereMade() {
    var heard = new ArrayList<Change>();
    store.onCommit(heard::addAll);

    String id =
        store.write(
            soon(),
            tx -> {
              String made = tx.insert("Todo", Map.of("title", "milk"));
              tx.update("Todo", made, Map.of("done", 1L));
              tx.update("Todo", "no", Map.of("done", true));
              String other = tx.insert("Todo", Map.of("title", "x"));
              tx.delete("Todo", other);
              assertThat(heard).isEmpty();
              return made;
            });

    assertThat(heard)
        .extracting(Change::kind)
        .containsExactly(
            Change.Kind.INSERT, Change.Kind.UPDATE, Change.Kind.INSERT, Change.Kind.DELETE);
    assertThat(heard.getFirst().data())
        .containsEntry("id", id)
        .containsEntry("title", "milk")
        .containsEntry("done", null);
    assertThat(heard.get(1).data()).containsExactly(entry("done", true));
    assertThat(heard.getLast().data()).isNull();
  }

  @Test
  void nothingIsAnnouncedForWhatWasRolledBack() {
    var heard = new ArrayList<Change>();
    var after = new AtomicBoolean();
    store.onCommit(heard::addAll);

    refusal(() ->
        store.write(
            soon(),
            tx -> {
              tx.afterCommit(() -> after.set(true));
              tx.insert("Todo", Map.of("title", "milk"));
              return tx.insert("Todo", Map.of());
            }));

    assertThat(heard).isEmpty();
    assertThat(after).isFalse();
  }

  @Test
  void aListenerThatFailsOrWritesDisturbsNobody() {
    var heard = new ArrayList<String>();
    store.onCommit(changes -> {
      throw new IllegalStateException("listener");
    });
    store.onCommit(changes -> {
      if (changes.getFirst().entity().equals("Todo")) {
        insert("User", Map.of("email", "from listener"));
      }
    });
    store.onCommit(changes -> heard.add(changes.getFirst().entity()));

    todo("milk");

    assertThat(heard).containsExactly("Todo", "User");
  }

  @Test
  void ourOwnTablesCommitWithTheTransaction() {
    store.write(
        soon(), tx -> tx.own(own -> own.execute(Sql.of("CREATE TABLE _pylon_own (n INTEGER)"))));

    assertThatThrownBy(() ->
            store.write(
                soon(),
                tx -> {
                  tx.own(own -> own.execute(Sql.of("INSERT INTO _pylon_own VALUES (?)", 1)));
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");
    store.write(
        soon(), tx -> tx.own(own -> own.execute(Sql.of("INSERT INTO _pylon_own VALUES (?)", 2))));

    List<Long> numbers =
        store.own(own -> own.list(Sql.of("SELECT n FROM _pylon_own"), row -> row.integer("n")));
    assertThat(numbers).containsExactly(2L);
  }

  @Test
  void workGivenToATransactionRunsInOrder() throws InterruptedException {
    List<String> order = Collections.synchronizedList(new ArrayList<>());

    store.write(
        soon(),
        tx -> {
          var done = new CountDownLatch(100);
          for (int i = 0; i < 100; i++) {
            String title = "t" + i;
            tx.execute(() -> {
              order.add(title);
              tx.insert("Todo", Map.of("title", title));
              done.countDown();
            });
          }
          return done.await(30, TimeUnit.SECONDS);
        });

    assertThat(titles("{}")).hasSize(100).isEqualTo(order);
  }

  @Test
  void workGivenToReadersReads() throws InterruptedException {
    String id = todo("milk");
    var answer = new AtomicReference<Object>();
    var done = new CountDownLatch(1);

    store.execute(() -> {
      answer.set(store.get("Todo", id).orElseThrow().get("title"));
      done.countDown();
    });

    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(answer).hasValue("milk");
  }

  @Test
  void anEndedTransactionDoesNothingMore() {
    var kept = new AtomicReference<Transaction>();
    store.write(
        soon(),
        tx -> {
          kept.set(tx);
          return true;
        });

    assertThatThrownBy(() -> kept.get().insert("Todo", Map.of("title", "late")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(store.list("Todo")).isEmpty();
  }

  @Test
  void aThousandIncrementsAtOnceLoseNone() throws Exception {
    String id = insert("Todo", Map.of("title", "count", "points", 0L));
    // The last of them waits for all the others.
    Deadline afterAll = Deadline.after(Duration.ofSeconds(25));
    var failures = new ArrayList<Future<?>>();

    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1_000; i++) {
        failures.add(tasks.submit(() -> store.write(afterAll, tx -> increment(tx, id))));
      }
    }

    for (Future<?> failure : failures) {
      failure.get();
    }
    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("points", 1_000L);
  }

  private static boolean increment(Transaction tx, String id) {
    long points = (Long) tx.get("Todo", id).orElseThrow().get("points");
    return tx.update("Todo", id, Map.of("points", points + 1));
  }

  @Test
  void idsAreUniqueAndCommitsAreHeardInOrder() throws Exception {
    List<Change> heard = Collections.synchronizedList(new ArrayList<>());
    store.onCommit(heard::addAll);

    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10; i++) {
        tasks.submit(() -> {
          for (int n = 0; n < 100; n++) {
            todo("x");
            store.query("Todo", Map.of("title", "x", "$limit", 5L));
          }
          return null;
        });
      }
    }

    assertThat(heard).extracting(Change::rowId).hasSize(1_000).doesNotHaveDuplicates();
    assertThat(heard).extracting(Change::seq).doesNotContain(0L).isSorted();
  }

  @Test
  void aWriterThatWaitsTooLongIsRefused() throws Exception {
    var inside = new CountDownLatch(writersAtOnce());
    var leave = new CountDownLatch(1);
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> before = new ArrayList<>();
      for (int i = 0; i < writersAtOnce(); i++) {
        before.add(
            tasks.submit(() ->
                store.write(
                    soon(),
                    tx -> {
                      inside.countDown();
                      return leave.await(30, TimeUnit.SECONDS);
                    })));
      }
      inside.await();

      PylonException refusal =
          refusal(() -> store.write(Deadline.after(Duration.ofMillis(30)), tx -> tx.list("Todo")));
      List<Map<String, @Nullable Object>> readMeanwhile = store.list("Todo");
      leave.countDown();

      assertThat(refusal.code()).isEqualTo(StoreError.LOCK_FAILED);
      assertThat(refusal.code().status()).isEqualTo(503);
      assertThat(readMeanwhile).isEmpty();
      for (Future<Boolean> writer : before) {
        assertThat(writer.get()).isTrue();
      }
    }
  }
}
