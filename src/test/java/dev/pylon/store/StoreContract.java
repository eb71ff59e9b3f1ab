package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.relation;
import static dev.pylon.store.Manifests.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import dev.pylon.store.query.QueryError;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store keeps. Each engine's own test extends this and adds what is its own. */
abstract class StoreContract {
  static final Manifest MANIFEST =
      Manifests.of(
          with(
              entity(
                  "Todo",
                  "title:string",
                  "done:bool?",
                  "points:int?",
                  "weight:float?",
                  "due:datetime?",
                  "notes:richtext?",
                  "ownerId:id(User)?"),
              "relations",
              List.of(relation("owner", "User", "ownerId", false))),
          with(
              entity("User", "email:string!", "name:string?"),
              "relations",
              List.of(relation("todos", "Todo", "ownerId", true))));

  @TempDir Path folder;
  Store store;

  /** Opens the store in {@code folder}, which may hold one already. */
  abstract Store open(Path folder, Manifest manifest);

  /** How many may write at the same time; the next one waits. */
  abstract int writersAtOnce();

  @BeforeEach
  void openStore() {
    store = open(folder, MANIFEST);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  static IdSource ids() {
    return new IdSource(InstantSource.system());
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  String insert(String entity, Map<String, @Nullable Object> row) {
    return store.write(soon(), tx -> tx.insert(entity, row));
  }

  String todo(String title) {
    return insert("Todo", Map.of("title", title));
  }

  List<Object> titles(String filter) {
    return store.query("Todo", Json.parseObject(filter.getBytes())).stream()
        .map(row -> row.get("title"))
        .toList();
  }

  static PylonException refusal(ThrowingCallable work) {
    var caught = new AtomicReference<PylonException>();
    assertThatThrownBy(work).isInstanceOfSatisfying(PylonException.class, caught::set);
    return caught.get();
  }

  @Test
  void aRowComesBackInTheOrderOfTheManifest() {
    String owner = insert("User", Map.of("email", "a@b.c"));
    String id =
        insert(
            "Todo",
            Map.of(
                "ownerId",
                owner,
                "notes",
                "n",
                "due",
                "2026-01-31T12:00:00Z",
                "weight",
                2.5,
                "points",
                7L,
                "done",
                true,
                "title",
                "milk"));

    assertThat(id).matches("[0-9a-f]{40}");
    assertThat(store.get("Todo", id).orElseThrow())
        .containsExactly(
            entry("id", id),
            entry("title", "milk"),
            entry("done", true),
            entry("points", 7L),
            entry("weight", 2.5),
            entry("due", "2026-01-31T12:00:00.000Z"),
            entry("notes", "n"),
            entry("ownerId", owner));
  }

  @Test
  void textComesBackAsItWas() {
    for (String text :
        List.of(
            "", "a\u0001b", "'; DROP TABLE Todo; --", "\\ \" \n", "日本 😀", "x".repeat(1_000_000))) {
      String id = insert("Todo", Map.of("title", text, "notes", text));

      assertThat(store.get("Todo", id).orElseThrow())
          .containsEntry("title", text)
          .containsEntry("notes", text);
      assertThat(store.lookup("Todo", "title", text)).isPresent();
    }
  }

  /** Postgres takes no zero, nobody takes half a character, and everything has a bound. */
  @Test
  void textThatOneDatabaseCouldNotGiveBackIsRefusedByAll() {
    for (String text :
        List.of("a\u0000b", "a\ud83d", "\ude00a", "x".repeat(10 * 1024 * 1024 + 1))) {
      PylonException refusal = refusal(() -> insert("Todo", Map.of("title", text)));

      assertThat(refusal.code()).isEqualTo(StoreError.INVALID_DATA);
      assertThat(refusal.details()).containsEntry("field", "title");
      assertThat(refusal.message()).hasSizeLessThan(200);
    }
    String id = todo("fits");
    String half = "x".repeat(9 * 1024 * 1024);
    assertThat(
            refusal(() ->
                    store.write(
                        soon(), tx -> tx.update("Todo", id, Map.of("title", half, "notes", half))))
                .code())
        .isEqualTo(StoreError.INVALID_DATA);
    assertThat(store.list("Todo")).hasSize(1);
  }

  @Test
  void noTextHoldsWhatSomeDatabasesDoNotKeep() {
    String id = todo("milk");

    assertThat(refusal(() -> todo("a\u0000b")).code()).isEqualTo(StoreError.INVALID_DATA);
    assertThat(refusal(() -> store.query("Todo", Map.of("title", "a\u0000b"))).code())
        .isEqualTo(QueryError.INVALID_QUERY);
    assertThat(
            refusal(() -> store.query("Todo", Map.of("title", Map.of("$like", "\u0000")))).code())
        .isEqualTo(QueryError.INVALID_QUERY);
    assertThat(store.get("Todo", id + "\u0000")).isEmpty();
    assertThat(store.paginate("Todo", id + "\u0000", 5).rows()).isEmpty();
    assertThat(store.paginate("Todo", "\u0000", 5).rows()).hasSize(1);
  }

  @Test
  void whatWasNotGivenIsNull() {
    String id = todo("milk");

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("done", null).hasSize(8);
  }

  @Test
  void anIdOfTheCallerIsIgnored() {
    String id = insert("Todo", Map.of("id", "mine", "title", "milk"));

    assertThat(id).isNotEqualTo("mine");
    assertThat(store.get("Todo", "mine")).isEmpty();
  }

  @Test
  void zeroAndOneAreBooleansWhereTheFieldIsOne() {
    String id = insert("Todo", Map.of("title", "milk", "done", 1L));

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("done", true);
    assertThat(titles("{\"done\": 1}")).containsExactly("milk");
    assertThat(titles("{\"done\": false}")).isEmpty();
  }

  @Test
  void objectsAndArraysInATextFieldAreTheirJson() {
    String id = insert("Todo", Map.of("title", List.of(1L, Map.of("a", true))));

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("title", "[1,{\"a\":true}]");
  }

  @Test
  void instantsAreBroughtToOneForm() {
    String id = insert("Todo", Map.of("title", "x", "due", "2026-01-31T14:00:00.5+02:00"));

    assertThat(store.get("Todo", id).orElseThrow())
        .containsEntry("due", "2026-01-31T12:00:00.500Z");
    assertThat(titles("{\"due\": {\"$lte\": \"2026-01-31T12:00:00.500Z\"}}")).containsExactly("x");
    assertThat(titles("{\"due\": {\"$gt\": \"2026-01-31T12:00:00.5+00:00\"}}")).isEmpty();
  }

  @Test
  void aWrongTypeIsRefusedByName() {
    Map<String, Object> wrong =
        Map.of(
            "title",
            5L,
            "done",
            "yes",
            "points",
            1.5,
            "weight",
            "heavy",
            "due",
            "tomorrow",
            "notes",
            true,
            "ownerId",
            3L);
    wrong.forEach((field, value) -> {
      var row = new HashMap<String, Object>(Map.of("title", "milk"));
      row.put(field, value);

      PylonException refusal = refusal(() -> insert("Todo", row));

      assertThat(refusal.code()).isEqualTo(StoreError.INVALID_DATA);
      assertThat(refusal.details()).containsEntry("field", field);
      assertThat(refusal.message()).contains("\"" + field + "\"").contains("takes");
    });
    assertThat(store.list("Todo")).isEmpty();
  }

  @Test
  void wholeNumbersHave64Bits() {
    String id = insert("Todo", Map.of("title", "big", "points", Long.MAX_VALUE));

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("points", Long.MAX_VALUE);
    assertThat(refusal(() -> insert("Todo", Map.of("title", "x", "points", 1e19))).code())
        .isEqualTo(StoreError.INVALID_DATA);
  }

  @Test
  void aMissingRequiredFieldIsRefusedByName() {
    PylonException refusal = refusal(() -> insert("Todo", Map.of("done", true)));

    assertThat(refusal.code()).isEqualTo(StoreError.INVALID_DATA);
    assertThat(refusal.details()).containsEntry("field", "title");
  }

  @Test
  void unknownEntitiesAndColumnsAreRefusedEverywhere() {
    String id = todo("milk");
    List<ThrowingCallable> noEntity =
        List.of(
            () -> store.get("_pylon_schema_history", "1"),
            () -> store.list("Nope"),
            () -> store.paginate("Nope", null, 1),
            () -> store.lookup("Nope", "id", "1"),
            () -> store.query("Nope", Map.of()),
            () -> store.graph(Map.of("Nope", Map.of())),
            () -> insert("Nope", Map.of()),
            () -> store.write(soon(), tx -> tx.update("Nope", id, Map.of())),
            () -> store.write(soon(), tx -> tx.delete("Nope", id)));
    List<ThrowingCallable> noColumn =
        List.of(
            () -> insert("Todo", Map.of("title", "x", "nope", 1L)),
            () -> store.write(soon(), tx -> tx.update("Todo", id, Map.of("nope", 1L))),
            () -> store.lookup("Todo", "nope", 1L),
            () -> store.query("Todo", Map.of("nope", 1L)),
            () -> store.query("Todo", Map.of("$order", Map.of("nope\" --", "asc"))));

    assertThat(noEntity)
        .allSatisfy(
            work -> assertThat(refusal(work).code()).isEqualTo(StoreError.ENTITY_NOT_FOUND));
    assertThat(noColumn)
        .allSatisfy(work -> assertThat(refusal(work).code()).isEqualTo(QueryError.INVALID_COLUMN));
    assertThat(refusal(() -> store.query("User", Map.of("nope", 1L))).message())
        .isEqualTo("Unknown column \"nope\" -- valid columns: id, email, name");
  }

  @Test
  void anUpdateChangesWhatItNames() {
    String id = insert("Todo", Map.of("title", "milk", "points", 3L, "done", false));

    boolean found =
        store.write(soon(), tx -> tx.update("Todo", id, patch("points", null, "id", "x")));

    assertThat(found).isTrue();
    assertThat(store.get("Todo", id).orElseThrow())
        .containsEntry("title", "milk")
        .containsEntry("points", null)
        .containsEntry("done", false);
  }

  static Map<String, @Nullable Object> patch(@Nullable Object... pairs) {
    var patch = new HashMap<String, @Nullable Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      patch.put((String) pairs[i], pairs[i + 1]);
    }
    return patch;
  }

  @Test
  void anEmptyUpdateSaysWhetherTheRowExists() {
    String id = todo("milk");

    assertThat(
            store.<Boolean, RuntimeException>write(soon(), tx -> tx.update("Todo", id, Map.of())))
        .isTrue();
    assertThat(
            store.<Boolean, RuntimeException>write(
                soon(), tx -> tx.update("Todo", "no", Map.of("id", "x"))))
        .isFalse();
    assertThat(
            store.<Boolean, RuntimeException>write(
                soon(), tx -> tx.update("Todo", "no", Map.of("title", "x"))))
        .isFalse();
  }

  @Test
  void aRequiredFieldCannotBeCleared() {
    String id = todo("milk");

    PylonException refusal =
        refusal(() -> store.write(soon(), tx -> tx.update("Todo", id, patch("title", null))));

    assertThat(refusal.code()).isEqualTo(StoreError.INVALID_DATA);
    assertThat(refusal.details()).containsEntry("field", "title");
  }

  @Test
  void aDeletedRowIsGone() {
    String id = todo("milk");

    assertThat(store.<Boolean, RuntimeException>write(soon(), tx -> tx.delete("Todo", id)))
        .isTrue();

    assertThat(store.get("Todo", id)).isEmpty();
    assertThat(store.<Boolean, RuntimeException>write(soon(), tx -> tx.delete("Todo", id)))
        .isFalse();
  }

  @Test
  void aValueThatIsThereAlreadyIsRefusedWithItsField() {
    insert("User", Map.of("email", "a@b.c"));

    PylonException refusal = refusal(() -> insert("User", Map.of("email", "a@b.c")));

    assertThat(refusal.code()).isEqualTo(StoreError.INSERT_FAILED);
    assertThat(refusal.code().status()).isEqualTo(409);
    assertThat(refusal.details())
        .containsEntry("reason", "UNIQUE_VIOLATION")
        .containsEntry("field", "email");
    assertThat(refusal.message()).doesNotContainIgnoringCase("sqlite").doesNotContain("constraint");
  }

  @Test
  void pagesFollowEachOtherById() {
    List<String> ids = List.of(todo("a"), todo("b"), todo("c"), todo("d"), todo("e"));

    Page first = store.paginate("Todo", null, 2);
    Page second = store.paginate("Todo", first.nextCursor(), 2);
    Page third = store.paginate("Todo", second.nextCursor(), 2);

    assertThat(first.rows()).extracting(row -> row.get("id")).isEqualTo(ids.subList(0, 2));
    assertThat(second.rows()).extracting(row -> row.get("id")).isEqualTo(ids.subList(2, 4));
    assertThat(third.rows()).extracting(row -> row.get("id")).isEqualTo(ids.subList(4, 5));
    assertThat(List.of(first.isDone(), second.isDone(), third.isDone()))
        .containsExactly(false, false, true);
    assertThat(store.paginate("Todo", null, 5).isDone()).isTrue();
  }

  @Test
  void aLookupFindsTheFirstThatEquals() {
    insert("User", Map.of("email", "a@b.c", "name", "Ann"));
    insert("User", Map.of("email", "b@b.c", "name", "Ann"));
    insert("Todo", Map.of("title", "x", "points", 5L));

    assertThat(store.lookup("User", "name", "Ann").orElseThrow()).containsEntry("email", "a@b.c");
    assertThat(store.lookup("User", "name", "Bob")).isEmpty();
    assertThat(store.lookup("User", "name", null)).isEmpty();
    assertThat(store.lookup("Todo", "points", "5")).isPresent();
  }

  @Test
  void filtersOrdersAndLimitsAreObeyed() {
    insert("Todo", patch("title", "a", "points", 1L, "done", true));
    insert("Todo", patch("title", "b", "points", 2L, "done", false));
    insert("Todo", patch("title", "C", "points", 2L));
    insert("Todo", patch("title", "100%", "points", null));

    assertThat(titles("{}")).containsExactly("a", "b", "C", "100%");
    assertThat(titles("{\"points\": 2}")).containsExactly("b", "C");
    assertThat(titles("{\"points\": null}")).containsExactly("100%");
    assertThat(titles("{\"points\": {\"$not\": 2}}")).containsExactly("a");
    assertThat(titles("{\"points\": {\"$not\": null}}")).containsExactly("a", "b", "C");
    assertThat(titles("{\"points\": {\"$in\": []}}")).isEmpty();
    assertThat(titles("{\"points\": {\"$nin\": [1]}}")).containsExactly("b", "C");
    assertThat(titles("{\"title\": {\"$like\": \"0%\"}}")).containsExactly("100%");
    assertThat(titles("{\"title\": {\"$like\": \"c\"}}")).containsExactly("C");
    assertThat(titles("{\"title\": {\"$like\": \"_\"}}")).isEmpty();
    assertThat(titles("{\"$or\": [{\"title\": \"a\"}, {\"points\": {\"$exists\": false}}]}"))
        .containsExactly("a", "100%");
    assertThat(titles("{\"$order\": {\"points\": \"desc\", \"title\": \"asc\"}}"))
        .containsExactly("C", "b", "a", "100%");
    assertThat(titles("{\"$order\": [[\"points\", \"desc\"]]}"))
        .containsExactly("b", "C", "a", "100%");
    assertThat(titles("{\"$order\": {\"title\": \"asc; DROP TABLE Todo\"}}"))
        .containsExactly("100%", "C", "a", "b");
    assertThat(titles("{\"$limit\": 2, \"$offset\": 1}")).containsExactly("b", "C");
    assertThat(titles("{\"$offset\": 3}")).containsExactly("100%");
    assertThat(titles("{\"$limit\": \"2\"}")).hasSize(4);
    assertThat(titles("{\"where\": {\"points\": 1}}")).containsExactly("a");
  }

  @Test
  void whatAFilterDoesNotUnderstandItRefuses() {
    List<String> wrong =
        List.of(
            "{\"points\": {\"$near\": 2}}",
            "{\"points\": {\"a\": 2}}",
            "{\"points\": {}}",
            "{\"points\": \"many\"}",
            "{\"points\": {\"$like\": \"1\"}}",
            "{\"points\": {\"$in\": 1}}",
            "{\"title\": {\"$like\": 1}}",
            "{\"due\": \"tomorrow\"}",
            "{\"$where\": \"1\"}",
            "{\"$or\": {}}",
            "{\"$or\": [1]}",
            "{\"$and\": [{\"$limit\": 1}]}",
            "{\"done\": {\"$exists\": 1}}");

    assertThat(wrong)
        .allSatisfy(filter ->
            assertThat(refusal(() -> titles(filter)).code())
                .as(filter)
                .isEqualTo(QueryError.INVALID_QUERY));
  }

  @Test
  void anAnswerWithTooManyRowsIsRefusedNotCut() {
    store.write(
        soon(), tx -> tx.insertMany("Todo", Collections.nCopies(101, Map.of("title", "x"))));

    assertThat(refusal(() -> store.list("Todo")).code()).isEqualTo(StoreError.RESULT_TOO_LARGE);
    assertThat(titles("{\"$limit\": 100}")).hasSize(100);
  }

  @Test
  void aGraphBringsWhatRowsPointAt() {
    String ann = insert("User", Map.of("email", "a@b.c", "name", "Ann"));
    String bob = insert("User", Map.of("email", "b@b.c", "name", "Bob"));
    insert("Todo", Map.of("title", "one", "ownerId", ann));
    insert("Todo", Map.of("title", "two", "ownerId", ann));
    insert("Todo", Map.of("title", "three", "ownerId", "gone"));

    var graph =
        store.graph(
            Json.parseObject(
                """
                {"User": {"order": {"name": "desc"},
                          "include": {"todos": {"order": {"title": "desc"}, "limit": 1,
                                                "include": {"owner": {}}},
                                      "unknown": {}}},
                 "Todo": {"where": {"title": {"$ne": "two"}}, "include": {"owner": true}}}\
                """
                    .getBytes()));

    assertThat(graph.keySet()).containsExactly("User", "Todo");
    var users = graph.get("User");
    assertThat(users).extracting(row -> row.get("id")).containsExactly(bob, ann);
    assertThat(users.getFirst()).containsEntry("todos", List.of()).doesNotContainKey("unknown");
    assertThat(Json.text(users.getLast().get("todos")))
        .contains("\"title\":\"two\"")
        .contains("\"email\":\"a@b.c\"")
        .doesNotContain("\"one\"");
    var todos = graph.get("Todo");
    assertThat(todos).extracting(row -> row.get("title")).containsExactly("one", "three");
    assertThat(Json.text(todos.getFirst())).contains("\"owner\":{\"id\":\"" + ann);
    assertThat(todos.getLast()).doesNotContainKey("owner");
  }

  @Test
  void linksSetAndClearTheField() {
    String ann = insert("User", Map.of("email", "a@b.c"));
    String id = todo("milk");

    store.write(soon(), tx -> tx.link("Todo", id, "owner", ann));
    Object linked = store.get("Todo", id).orElseThrow().get("ownerId");
    store.write(soon(), tx -> tx.unlink("Todo", id, "owner"));

    assertThat(linked).isEqualTo(ann);
    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("ownerId", null);
    assertThat(refusal(() -> store.write(soon(), tx -> tx.link("Todo", id, "nope", ann))).code())
        .isEqualTo(StoreError.RELATION_NOT_FOUND);
  }

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
  void whatIsAnnouncedIsWhatIsRead() {
    List<Change> heard = new ArrayList<>();
    store.onCommit(heard::addAll);

    // One database keeps a date as it is written, the other makes it an instant.
    String id = insert("Todo", Map.of("title", "x", "due", "2026-01-31", "weight", 2L));
    store.write(soon(), tx -> tx.update("Todo", id, Map.of("due", "2026-01-31", "weight", 2.0)));

    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst().after()).isEqualTo(store.get("Todo", id).orElseThrow());
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
          return done.await(10, TimeUnit.SECONDS);
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

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
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
          for (int n = 0; n < 10; n++) {
            todo("x");
            store.query("Todo", Map.of("title", "x", "$limit", 5L));
          }
          return null;
        });
      }
    }

    assertThat(heard).extracting(Change::rowId).hasSize(100).doesNotHaveDuplicates();
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
                      return leave.await(10, TimeUnit.SECONDS);
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

  @Test
  void whatIsNotBuiltSaysSo() {
    assertThat(refusal(() -> store.search("Todo", Map.of())).code())
        .isEqualTo(StoreError.SEARCH_NOT_CONFIGURED);
  }

  @Test
  void rowsSurviveAndOpeningAgainChangesNothing() {
    String id = todo("milk");
    store.close();

    store = open(folder, MANIFEST);

    assertThat(store.get("Todo", id)).isPresent();
    assertThat(store.plan(MANIFEST).operations()).isEmpty();
    assertThat(history()).hasSize(1);
  }

  List<String> history() {
    return store.own(own ->
        own.list(
            Sql.of("SELECT plan_json FROM _pylon_schema_history ORDER BY id"),
            row -> row.text("plan_json")));
  }

  static List<Object> column(List<Map<String, @Nullable Object>> rows, String name) {
    return Arrays.asList(rows.stream().map(row -> row.get(name)).toArray());
  }
}
