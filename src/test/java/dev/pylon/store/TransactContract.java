package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.db.Database;
import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import dev.pylon.store.Transaction.IfThere;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What many writes at once keep on every database (data contract, 3.6 and 4.2). */
abstract class TransactContract {
  private static final Manifest MANIFEST =
      Manifests.of(entity("Todo", "title:string!", "done:bool?"), entity("User", "email:string!"));

  @TempDir Path folder;
  private Store store;
  private Bulk bulk;
  private final List<Change> heard = new ArrayList<>();

  abstract Database open(Path folder);

  @BeforeEach
  void openStore() {
    store = Stores.open(open(folder), MANIFEST, 1_000);
    store.onCommit(heard::addAll);
    bulk = new Bulk(store, Duration.ofSeconds(10));
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private static List<?> list(String json) {
    return (List<?>) Objects.requireNonNull(Json.parse(json.replace('\'', '"')));
  }

  private static Map<String, @Nullable Object> object(String json) {
    return Json.parseObject(json.replace('\'', '"').getBytes());
  }

  private List<String> titles() {
    return store.list("Todo").stream().map(row -> String.valueOf(row.get("title"))).toList();
  }

  private Map<String, Object> restore(String json) {
    return restore(object(json));
  }

  private Map<String, Object> restore(Map<String, ? extends @Nullable Object> entities) {
    return restore(entities, IfThere.REFUSE);
  }

  /** Sends rows by the names of their entities, each on a line of its own. */
  private Map<String, Object> restore(
      Map<String, ? extends @Nullable Object> entities, IfThere ifThere) {
    try (var sent = new SentRows()) {
      long line = 1;
      for (Map.Entry<String, ? extends @Nullable Object> entity : entities.entrySet()) {
        for (Object row : (List<?>) Objects.requireNonNull(entity.getValue())) {
          sent.add(entity.getKey(), line++, Json.asObject((Map<?, ?>) Objects.requireNonNull(row)));
        }
      }
      return bulk.restore(sent, ifThere, Bulk.Pointing.CHECKED);
    }
  }

  @Test
  void allOperationsOfATransactionHappenInOrder() {
    restore("{'Todo': [{'id': 'a', 'title': 'one'}, {'id': 'b', 'title': 'two'}]}");
    heard.clear();

    Bulk.Transacted done =
        bulk.transact(
            list(
                """
                [{'op': 'insert', 'entity': 'User', 'data': {'email': 'x'}},
                 {'op': 'update', 'entity': 'Todo', 'id': 'a', 'data': {'done': true}},
                 {'op': 'delete', 'entity': 'Todo', 'id': 'b'},
                 {'op': 'update', 'entity': 'Todo', 'id': 'gone', 'data': {'done': true}},
                 {'op': 'delete', 'entity': 'Todo', 'id': 'gone'}]\
                """));

    assertThat(done.committed()).isTrue();
    assertThat(done.results().get(0)).containsKey("id").containsEntry("op", "insert");
    assertThat(done.results().subList(1, 5))
        .containsExactly(
            Map.of("op", "update", "id", "a", "updated", true),
            Map.of("op", "delete", "id", "b", "deleted", true),
            Map.of("op", "update", "id", "gone", "updated", false),
            Map.of("op", "delete", "id", "gone", "deleted", false));
    assertThat(heard)
        .extracting(Change::kind)
        .containsExactly(Change.Kind.INSERT, Change.Kind.UPDATE, Change.Kind.DELETE);
  }

  @Test
  void oneThatFailsUndoesAllAndSaysWhichItWas() {
    Bulk.Transacted done =
        bulk.transact(
            list(
                """
                [{'op': 'insert', 'entity': 'Todo', 'data': {'title': 'one'}},
                 {'op': 'insert', 'entity': 'Todo', 'data': {'title': 'one'}},
                 {'op': 'insert', 'entity': 'Todo', 'data': {'title': 'two'}}]\
                """));

    assertThat(done.committed()).isFalse();
    assertThat(done.results()).hasSize(2);
    assertThat(done.results().get(1))
        .contains(entry("op", "insert"), entry("code", "INSERT_FAILED"), entry("index", 1))
        .containsKey("error");
    assertThat(titles()).isEmpty();
    assertThat(heard).isEmpty();
    assertThat(store.log().head()).isZero();
  }

  @Test
  void nothingIsDoneWhereOneCannotBeRead() {
    Bulk.Transacted done =
        bulk.transact(
            list(
                """
                [{'op': 'insert', 'entity': 'Todo', 'data': {'title': 'one'}},
                 {'op': 'upsert', 'entity': 'Todo', 'data': {'title': 'two'}},
                 {'op': 'update', 'entity': 'Todo', 'data': {}},
                 {'op': 'delete', 'id': 'x'},
                 {'op': 'insert', 'entity': 'Todo'},
                 'insert', null]\
                """));

    assertThat(done.committed()).isFalse();
    assertThat(done.results())
        .extracting(result -> result.get("index"))
        .containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(done.results())
        .allSatisfy(result -> assertThat(result).containsEntry("code", "TX_INVALID_OP"));
    assertThat(titles()).isEmpty();
  }

  @Test
  void anUnknownEntityOrColumnOrAWrongValueUndoesAll() {
    for (String bad :
        List.of(
            "{'op': 'insert', 'entity': '_pylon_changes', 'data': {}}",
            "{'op': 'insert', 'entity': 'Todo', 'data': {'titel': 'x'}}",
            "{'op': 'insert', 'entity': 'Todo', 'data': {'title': 'y', 'done': 'perhaps'}}",
            "{'op': 'insert', 'entity': 'Todo', 'data': {}}")) {
      Bulk.Transacted done =
          bulk.transact(
              list("[{'op': 'insert', 'entity': 'Todo', 'data': {'title': 'x'}}, " + bad + "]"));

      assertThat(done.committed()).as(bad).isFalse();
      assertThat(done.results().getLast()).containsEntry("index", 1);
      assertThat(titles()).isEmpty();
    }
  }

  @Test
  void whatTheServerCannotDoIsThrownAndNotToldAsTheSendersFault() {
    record Away(String name, int status) implements ErrorCode {}

    store.beforeWrite(
        new WriteStep() {
          @Override
          public Map<String, @Nullable Object> beforeInsert(
              Occasion occasion, String entity, Map<String, @Nullable Object> row) {
            throw new PylonException(new Away("HELPER_AWAY", 503), "away");
          }
        });
    List<?> sent = list("[{'op': 'insert', 'entity': 'Todo', 'data': {'title': 'x'}}]");

    assertThatThrownBy(() -> bulk.transact(sent)).hasMessage("away");
    assertThatThrownBy(() -> bulk.batch(sent)).hasMessage("away");
    assertThat(titles()).isEmpty();
  }

  @Test
  void aBatchGoesOnAfterAFailure() {
    Map<String, Object> report =
        bulk.batch(
            list(
                """
                [{'op': 'insert', 'entity': 'Todo', 'data': {'title': 'one'}},
                 {'op': 'insert', 'entity': 'Todo', 'data': {'title': 'one'}},
                 {'op': 'nothing'},
                 {'op': 'delete', 'entity': 'Todo', 'id': 'gone'},
                 {'op': 'insert', 'entity': 'Todo', 'data': {'title': 'two'}}]\
                """));

    assertThat(report).containsEntry("failed", 2).containsEntry("succeeded", 3);
    assertThat(
            ((List<?>) Objects.requireNonNull(report.get("results")))
                .stream()
                    .map(result ->
                        result instanceof Map<?, ?> entry && Boolean.TRUE.equals(entry.get("ok"))))
        .containsExactly(true, false, false, true, true);
    assertThat(titles()).containsExactly("one", "two");
    assertThat(heard).hasSize(2);
  }

  @Test
  void restoredRowsKeepTheirIdsAndAreAnnounced() {
    Map<String, Object> report =
        restore(
            """
            {'User': [{'id': 'u1', 'email': 'a'}],
             'Todo': [{'id': 't1', 'title': 'one', 'done': false}, {'title': 'two'}],
             '__internal__': [{'anything': 1}]}\
            """);

    assertThat(report).containsEntry("imported", 3L).containsEntry("failed", 0);
    assertThat(report.get("by_entity"))
        .isEqualTo(
            List.of(
                Map.of("entity", "User", "failed", 0, "inserted", 1L),
                Map.of("entity", "Todo", "failed", 0, "inserted", 2L)));
    assertThat(store.get("Todo", "t1").orElseThrow()).containsEntry("title", "one");
    assertThat(store.list("Todo")).hasSize(2);
    assertThat(heard).hasSize(3);
    assertThat(store.log().after(0, 10)).extracting(LoggedChange::rowId).contains("u1", "t1");
  }

  @Test
  void whatIsExportedCanBeRestored() {
    restore("{'Todo': [{'id': 'a', 'title': 'ä \\\\ \\u0001', 'done': true}, {'title': 'b'}]}");
    List<Map<String, @Nullable Object>> exported = new ArrayList<>();
    store.each("Todo", Map.of(), exported::add);
    exported.forEach(row ->
        store.write(
            Deadline.after(Duration.ofSeconds(10)),
            tx -> tx.delete("Todo", String.valueOf(row.get("id")))));
    assertThat(store.list("Todo")).isEmpty();

    restore(Map.of("Todo", exported));

    assertThat(store.list("Todo")).isEqualTo(exported);
  }

  @Test
  void oneRowThatCannotBeRestoredUndoesAllAndIsNamed() {
    for (String bad :
        List.of(
            "{'id': 'b', 'title': 'one'}",
            "{'id': 'a', 'title': 'two'}",
            "{'id': '', 'title': 'two'}",
            "{'id': 7, 'title': 'two'}",
            "{'id': 'b'}")) {
      assertThatThrownBy(() -> restore("{'Todo': [{'id': 'a', 'title': 'one'}, " + bad + "]}"))
          .as(bad)
          .isInstanceOfSatisfying(
              PylonException.class,
              e ->
                  assertThat(e.details())
                      .containsEntry("entity", "Todo")
                      .containsEntry("index", 1L)
                      .containsEntry("line", 2L));
      assertThat(titles()).isEmpty();
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void eachHandsOnMoreRowsThanAnAnswerMayHave() {
    var rows = new ArrayList<Map<String, @Nullable Object>>();
    for (int i = 0; i < 1_205; i++) {
      rows.add(Map.of("title", "t" + i, "done", i % 2 == 0));
    }
    restore(Map.of("Todo", rows));
    var all = new ArrayList<Object>();
    var even = new ArrayList<Object>();
    var some = new ArrayList<Object>();

    store.each("Todo", Map.of(), row -> all.add(row.get("title")));
    store.each("Todo", Map.of("done", true), row -> even.add(row.get("title")));
    store.each("Todo", Map.of("$offset", 3L, "$limit", 502L), row -> some.add(row.get("title")));

    assertThat(all).isEqualTo(rows.stream().map(row -> row.get("title")).toList());
    assertThat(even).hasSize(603);
    assertThat(some).isEqualTo(all.subList(3, 505));
    assertThatThrownBy(() -> store.each("Todo", Map.of("$order", Map.of("title", "asc")), _ -> {}))
        .hasMessageContaining("$order");
  }
}
