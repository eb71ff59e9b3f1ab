package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.policy;
import static dev.pylon.store.Manifests.relation;
import static dev.pylon.store.Manifests.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.schema.Manifest;
import dev.pylon.store.Change.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the change log keeps on every database. */
abstract class ChangeLogContract {
  private static final Manifest MANIFEST =
      Manifests.withPolicies(
          List.of(policy("mine", "Note", "auth.userId == data.owner")),
          with(
              entity("Todo", "title:string", "done:bool?", "ownerId:id(User)?"),
              "relations",
              List.of(relation("owner", "User", "ownerId", false))),
          entity("User", "email:string!"),
          entity("Note", "text:string", "owner:string?"));

  private static final LogLimits SHORT = new LogLimits(5, Duration.ofHours(1), Duration.ofDays(1));

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
  private final InstantSource clock = now::get;

  @TempDir Path folder;
  private SqlStore store;

  /** Opens the database in {@code folder}, which may hold one already. */
  abstract Database open(Path folder);

  @BeforeEach
  void openStore() {
    store = SqlStore.open(open(folder), MANIFEST, "test", 1_000, ids(), clock, SHORT);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  /** Row ids come from the real clock: with a clock that stands still they would not differ. */
  private static IdSource ids() {
    return new IdSource(InstantSource.system());
  }

  private <R> R write(Rows.Writing<R, RuntimeException> work) {
    return store.write(Deadline.after(Duration.ofSeconds(10)), work);
  }

  private String todo(String title) {
    return write(tx -> tx.insert("Todo", Map.of("title", title)));
  }

  private List<LoggedChange> log() {
    return store.log().after(0, 1_000);
  }

  private List<String> told() {
    return log().stream().map(change -> change.kind() + " " + change.rowId()).toList();
  }

  private void keepAll() {
    int turns = 0;
    while (store.log().keep()) {
      assertThat(++turns).as("keeping the log comes to an end").isLessThan(1_000);
    }
  }

  @Test
  void everyKindOfWriteIsOneEntryInTheOrderItWasMade() {
    var heard = new ArrayList<Change>();
    store.onCommit(heard::addAll);
    String user = write(tx -> tx.insert("User", Map.of("email", "a@b.c")));

    List<String> ids =
        write(tx -> {
          String one = tx.insert("Todo", Map.of("title", "one"));
          tx.update("Todo", one, Map.of("done", true, "title", "one"));
          tx.link("Todo", one, "owner", user);
          tx.unlink("Todo", one, "owner");
          tx.restore("Todo", "kept", Map.of("title", "two"));
          List<String> many =
              tx.insertMany("Todo", List.of(Map.of("title", "3"), Map.of("title", "4")));
          tx.delete("Todo", one);
          return List.of(one, many.getFirst(), many.getLast());
        });

    assertThat(told())
        .containsExactly(
            "INSERT " + user,
            "INSERT " + ids.get(0),
            "UPDATE " + ids.get(0),
            "UPDATE " + ids.get(0),
            "UPDATE " + ids.get(0),
            "INSERT kept",
            "INSERT " + ids.get(1),
            "INSERT " + ids.get(2),
            "DELETE " + ids.get(0));
    assertThat(log().get(2).fields()).as("what changed, not what was sent").containsExactly("done");
    assertThat(log().get(3).fields()).containsExactly("ownerId");
    assertThat(log()).allSatisfy(change -> assertThat(change.at()).isEqualTo(now.get()));
    assertThat(heard.stream().map(Change::seq))
        .containsExactlyElementsOf(log().stream().map(LoggedChange::seq).toList());
    assertThat(store.log().head()).isEqualTo(log().getLast().seq());
  }

  @Test
  void bothImagesAreToldAfterTheCommit() {
    var heard = new ArrayList<Change>();
    store.onCommit(heard::addAll);

    String id = todo("milk");
    write(tx -> tx.update("Todo", id, Map.of("done", true)));
    write(tx -> tx.delete("Todo", id));

    assertThat(heard.get(0).before()).isNull();
    assertThat(heard.get(0).after())
        .containsExactly(
            entry("id", id), entry("title", "milk"), entry("done", null), entry("ownerId", null));
    assertThat(heard.get(1).before()).isEqualTo(heard.get(0).after());
    assertThat(heard.get(1).after()).containsEntry("done", true).containsEntry("title", "milk");
    assertThat(heard.get(1).data()).containsExactly(entry("done", true));
    assertThat(heard.get(2).before()).isEqualTo(heard.get(1).after());
    assertThat(heard.get(2).after()).isNull();
  }

  @Test
  void whatChangedNothingOrRolledBackIsNotLogged() {
    String id = todo("milk");
    var heard = new ArrayList<Change>();
    store.onCommit(heard::addAll);
    long head = store.log().head();

    write(tx -> tx.update("Todo", id, Map.of("title", "milk")));
    write(tx -> tx.update("Todo", id, Map.of()));
    write(tx -> tx.update("Todo", "nobody", Map.of("title", "x")));
    write(tx -> tx.delete("Todo", "nobody"));
    assertThatThrownBy(() ->
            write(tx -> {
              tx.insert("Todo", Map.of("title", "gone"));
              throw new IllegalStateException("changed my mind");
            }))
        .hasMessage("changed my mind");

    assertThat(store.log().after(head, 10)).isEmpty();
    assertThat(heard).isEmpty();
  }

  @Test
  void anOperationThatWasRefusedAndCaughtIsNotLogged() {
    write(tx -> tx.insert("User", Map.of("email", "a@b.c")));
    long head = store.log().head();

    String id =
        write(tx -> {
          assertThatThrownBy(() -> tx.insert("User", Map.of("email", "a@b.c")));
          assertThatThrownBy(
              () -> tx.insertMany("User", List.of(Map.of("email", "d"), Map.of("email", "a@b.c"))));
          return tx.insert("User", Map.of("email", "e"));
        });

    assertThat(store.log().after(head, 10)).extracting(LoggedChange::rowId).containsExactly(id);
    assertThat(store.list("User")).hasSize(2);
  }

  @Test
  void onlyWhereAPolicyJudgesTheEntryKeepsWhatTheRowWas() {
    String note = write(tx -> tx.insert("Note", Map.of("text", "a", "owner", "u1")));
    String todo = todo("milk");
    write(tx -> tx.update("Note", note, Map.of("owner", "u2")));
    write(tx -> tx.update("Todo", todo, Map.of("done", true)));
    write(tx -> tx.delete("Note", note));

    List<@Nullable Map<String, @Nullable Object>> before =
        log().stream().<@Nullable Map<String, @Nullable Object>>map(LoggedChange::before).toList();

    assertThat(before.get(0)).isNull();
    assertThat(before.get(2)).containsEntry("owner", "u1").containsEntry("text", "a");
    assertThat(before.get(3)).isNull();
    assertThat(before.get(4)).containsEntry("owner", "u2");
  }

  @Test
  void aLargeTransactionIsNumberedInItsOrder() {
    var heard = new ArrayList<Change>();
    store.onCommit(heard::addAll);

    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 203; i++) {
      rows.add(Map.of("title", "t" + i));
    }
    List<String> ids = write(tx -> tx.insertMany("Todo", rows));

    assertThat(log()).extracting(LoggedChange::rowId).containsExactlyElementsOf(ids);
    assertThat(heard).extracting(Change::rowId).containsExactlyElementsOf(ids);
    assertThat(heard.stream().map(Change::seq))
        .containsExactlyElementsOf(log().stream().map(LoggedChange::seq).toList());
  }

  /** A reader that has seen a number never finds a smaller one afterwards. */
  @Test
  void whatBecomesVisibleLaterHasALargerNumber() throws Exception {
    int writers = 8;
    int each = 40;
    var seen = new ArrayList<String>();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var writing = new ArrayList<Future<?>>();
      for (int w = 0; w < writers; w++) {
        writing.add(
            tasks.submit(() -> {
              for (int i = 0; i < each; i++) {
                todo("x");
              }
            }));
      }
      long cursor = 0;
      while (seen.size() < writers * each) {
        boolean done = writing.stream().allMatch(Future::isDone);
        List<LoggedChange> page = store.log().after(cursor, 7);
        for (LoggedChange change : page) {
          assertThat(change.seq()).isGreaterThan(cursor);
          cursor = change.seq();
          seen.add(change.rowId());
        }
        if (done && page.isEmpty()) {
          break;
        }
      }
      for (Future<?> one : writing) {
        one.get();
      }
    }

    assertThat(seen).doesNotHaveDuplicates().hasSize(writers * each);
  }

  @Test
  void listenersHearInTheOrderOfTheNumbers() throws Exception {
    var heard = new ArrayList<Long>();
    store.onCommit(changes -> changes.forEach(change -> heard.add(change.seq())));

    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int w = 0; w < 100; w++) {
        tasks.submit(() -> todo("x"));
      }
    }

    assertThat(heard).isSorted().hasSize(100);
  }

  @Test
  void rowsFromBeforeTheLogAreEnteredAndItGoesOnAfterARestart() {
    String known = todo("known");
    write(tx ->
        tx.own(session -> {
          for (int i = 0; i < 1_203; i++) {
            session.execute(
                Sql.of(
                    "INSERT INTO \"Todo\" (\"id\", \"title\") VALUES (?, ?)",
                    "old%05d".formatted(i),
                    "old"));
          }
          return true;
        }));

    store.log().keep();
    store.close();
    openStore();
    keepAll();

    var entered = new ArrayList<String>();
    long cursor = 0;
    List<LoggedChange> page;
    while (!(page = store.log().after(cursor, 1_000)).isEmpty()) {
      page.forEach(change -> entered.add(change.rowId()));
      cursor = page.getLast().seq();
    }
    assertThat(entered).hasSize(1_204).doesNotHaveDuplicates().contains(known, "old00000");
    assertThat(store.log().keep()).isFalse();
  }

  @Test
  void oldEntriesGoWhereANewerOneTellsOfTheRowAndTheRestStays() {
    String row = write(tx -> tx.insert("Note", Map.of("text", "0")));
    String other = todo("other");
    for (int i = 1; i < 10; i++) {
      String text = String.valueOf(i);
      write(tx -> tx.update("Note", row, Map.of("text", text)));
    }
    keepAll();
    assertThat(log()).as("young entries stay").hasSize(11);

    now.updateAndGet(instant -> instant.plus(Duration.ofHours(2)));
    keepAll();

    assertThat(log().getFirst().rowId()).isEqualTo(other);
    assertThat(log()).as("one replaced by all before it, and the newest five").hasSize(7);
    assertThat(log().get(1).fields()).as("only the whole row tells what changed").isNull();
    assertThat(log().get(1).before()).isNull();
    assertThat(log().getLast().fields()).containsExactly("text");
    assertThat(log().getLast().before()).containsEntry("text", "8");
  }

  @Test
  void anOldDeletionIsForgottenAndTheHeadStays() {
    String gone = todo("gone");
    write(tx -> tx.delete("Todo", gone));
    for (int i = 0; i < 5; i++) {
      todo("stays");
    }
    long head = store.log().head();
    now.updateAndGet(instant -> instant.plus(Duration.ofHours(2)));
    keepAll();
    assertThat(told()).as("remembered for a day").contains("DELETE " + gone);
    assertThat(store.log().forgotten()).isZero();

    now.updateAndGet(instant -> instant.plus(Duration.ofDays(2)));
    keepAll();

    assertThat(log()).extracting(LoggedChange::kind).containsOnly(Kind.INSERT).hasSize(5);
    assertThat(store.log().forgotten()).isPositive().isLessThan(head);
    assertThat(store.log().head()).isEqualTo(head);
  }

  @Test
  void aNumberIsNeverGivenTwice() {
    var numbers = new HashSet<Long>();
    for (int i = 0; i < 3; i++) {
      String id = todo("x");
      write(tx -> tx.delete("Todo", id));
      log().forEach(change -> numbers.add(change.seq()));
      store.close();
      openStore();
    }

    assertThat(numbers).hasSize(6);
  }
}
