package dev.pylon.store;

import static dev.pylon.store.Stores.patch;
import static dev.pylon.store.Stores.refusal;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.store.query.QueryError;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every store keeps. Each engine's own test extends this and adds what is its own. */
abstract class StoreContract extends Todos {

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
  void aDeletedRowIsGone() {
    String id = todo("milk");

    assertThat(store.<Boolean, RuntimeException>write(soon(), tx -> tx.delete("Todo", id)))
        .isTrue();

    assertThat(store.get("Todo", id)).isEmpty();
    assertThat(store.<Boolean, RuntimeException>write(soon(), tx -> tx.delete("Todo", id)))
        .isFalse();
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
}
