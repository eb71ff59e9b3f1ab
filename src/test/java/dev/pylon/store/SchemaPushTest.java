package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.index;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.StoreContract.refusal;
import static dev.pylon.store.StoreContract.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Sql;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaError;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.schema.SchemaPlan;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to tables and rows when a manifest changes. */
class SchemaPushTest {
  private static final Manifest FIRST =
      Manifests.of(entity("Todo", "title:string", "done:bool?"), entity("User", "email:string!"));

  private final Store store =
      SqlStore.open(
          SqliteDatabase.temporary(),
          FIRST,
          "test",
          1_000,
          StoreContract.ids(),
          InstantSource.system());

  @AfterEach
  void close() {
    store.close();
  }

  private String add(String entity, Map<String, Object> row) {
    return store.write(soon(), tx -> tx.insert(entity, Map.copyOf(row)));
  }

  private List<String> history() {
    return store.own(own ->
        own.list(
            Sql.of("SELECT plan_json FROM _pylon_schema_history ORDER BY id"), row -> row.text(0)));
  }

  @Test
  void aPlanIsEmptyOnceItHasBeenApplied() {
    assertThat(store.plan(FIRST).isEmpty()).isTrue();
    assertThat(store.apply(FIRST, "dev").isEmpty()).isTrue();
    assertThat(history()).hasSize(1);
  }

  @Test
  void aNewFieldIsUsableAtOnceAndRowsStay() {
    String old = add("Todo", Map.of("title", "milk"));
    Manifest next =
        Manifests.of(
            entity("Todo", "title:string", "points:int?", "done:bool?"),
            entity("User", "email:string!"),
            entity("Tag", "label:string"));

    SchemaPlan done = store.apply(next, "dev");
    String id = add("Todo", Map.of("title", "x", "points", 3L));
    add("Tag", Map.of("label", "red"));

    assertThat(SchemaOperation.json(done.operations()))
        .extracting(operation -> operation.get("op"))
        .containsExactly("add_field", "create_entity");
    assertThat(store.get("Todo", old).orElseThrow().keySet())
        .containsExactly("id", "title", "points", "done");
    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("points", 3L);
    assertThat(store.manifest()).isEqualTo(next);
    assertThat(store.plan(next).isEmpty()).isTrue();
    assertThat(history()).hasSize(2);
    assertThat(Json.parseObject(history().getLast().getBytes(UTF_8))).containsKey("operations");
  }

  @Test
  void aRequiredAndUniqueFieldCanBeAddedToAnEmptyTable() {
    Manifest next = Manifests.of(entity("Todo", "title:string", "slug:string!", "done:bool?"));

    store.apply(next, "dev");

    add("Todo", Map.of("title", "x", "slug", "s"));
    assertThat(refusal(() -> add("Todo", Map.of("title", "x", "slug", "s"))).code())
        .isEqualTo(StoreError.INSERT_FAILED);
    assertThat(store.plan(next).isEmpty()).isTrue();
  }

  @Test
  void aRequiredFieldOverRowsIsBlockedAndTheOldSchemaGoesOn() {
    String id = add("Todo", Map.of("title", "milk"));
    Manifest next = Manifests.of(entity("Todo", "title:string", "due:datetime", "done:bool?"));

    PylonException refusal = refusal(() -> store.apply(next, "dev"));

    assertThat(refusal.code()).isEqualTo(SchemaError.PUSH_BLOCKED);
    assertThat(refusal.message()).contains("due").contains("Todo");
    assertThat(Json.text(refusal.details().get("diagnostics"))).contains("NOT_NULL_OVER_ROWS");
    assertThat(store.manifest()).isEqualTo(FIRST);
    assertThat(store.get("Todo", id)).isPresent();
  }

  @Test
  void aUniqueFieldCanBeAddedToATableWithRows() {
    add("Todo", Map.of("title", "a"));
    add("Todo", Map.of("title", "b"));
    Manifest next = Manifests.of(entity("Todo", "title:string!", "done:bool?", "slug:string?!"));

    store.apply(next, "dev");

    assertThat(refusal(() -> add("Todo", Map.of("title", "a"))).details())
        .containsEntry("field", "title");
    assertThat(store.plan(next).isEmpty()).isTrue();
  }

  @Test
  void uniquenessOverDuplicatesIsRefused() {
    add("Todo", Map.of("title", "a"));
    add("Todo", Map.of("title", "a"));

    PylonException field =
        refusal(
            () -> store.apply(Manifests.of(entity("Todo", "title:string!", "done:bool?")), "dev"));
    PylonException index =
        refusal(() ->
            store.apply(
                Manifests.of(
                    with(
                        entity("Todo", "title:string", "done:bool?"),
                        "indexes",
                        List.of(index("by_title", true, "title")))),
                "dev"));

    assertThat(List.of(field, index))
        .allSatisfy(refusal ->
            assertThat(Json.text(refusal.details().get("diagnostics")))
                .contains("UNIQUE_OVER_DUPLICATES"));
    add("Todo", Map.of("title", "a"));
  }

  @Test
  void aFieldThatIsGoneKeepsItsDataAndIsNoLongerRequired() {
    add("Todo", Map.of("title", "milk", "done", true));
    Manifest without = Manifests.of(entity("Todo", "done:bool?"));

    SchemaPlan done = store.apply(without, "dev");
    add("Todo", Map.of("done", false));

    assertThat(SchemaOperation.json(done.operations()).getFirst())
        .containsEntry("op", "alter_field");
    assertThat(store.list("Todo")).allSatisfy(row -> assertThat(row).doesNotContainKey("title"));
    assertThat(refusal(() -> store.apply(FIRST, "dev")).message()).contains("title");
    store.write(
        soon(),
        tx -> tx.own(own -> own.execute(Sql.of("DELETE FROM \"Todo\" WHERE title IS NULL"))));
    store.apply(FIRST, "dev");
    assertThat(store.list("Todo").getFirst()).containsEntry("title", "milk");
  }

  @Test
  void anotherTypeIsRefused() {
    PylonException refusal =
        refusal(() -> store.apply(Manifests.of(entity("Todo", "title:int", "done:bool?")), "dev"));

    assertThat(refusal.code()).isEqualTo(SchemaError.PUSH_BLOCKED);
    assertThat(Json.text(refusal.details().get("diagnostics"))).contains("FIELD_TYPE_CHANGED");
  }

  @Test
  void nullabilityFollowsTheManifest() {
    String id = add("Todo", Map.of("title", "milk"));
    Manifest optional = Manifests.of(entity("Todo", "title:string?", "done:bool?"));
    Manifest required = Manifests.of(entity("Todo", "title:string", "done:bool"));

    store.apply(optional, "dev");
    store.write(soon(), tx -> tx.update("Todo", id, StoreContract.patch("title", null)));
    PylonException refusal = refusal(() -> store.apply(required, "dev"));
    store.write(soon(), tx -> tx.update("Todo", id, Map.of("title", "x", "done", true)));
    store.apply(required, "dev");

    assertThat(Json.text(refusal.details().get("diagnostics"))).contains("NOT_NULL_OVER_NULLS");
    assertThat(store.plan(required).isEmpty()).isTrue();
    assertThat(refusal(() -> add("Todo", Map.of("title", "x"))).code())
        .isEqualTo(StoreError.INVALID_DATA);
  }

  @Test
  void indexesAreMadePerEntityAndFollowTheirDefinition() {
    Manifest two =
        Manifests.of(
            with(entity("A", "x:string", "y:string"), "indexes", List.of(index("by", false, "x"))),
            with(entity("B", "x:string"), "indexes", List.of(index("by", false, "x"))));
    Manifest changed =
        Manifests.of(
            with(
                entity("A", "x:string", "y:string"),
                "indexes",
                List.of(index("by", true, "x", "y"))),
            with(entity("B", "x:string"), "indexes", List.of(index("by", false, "x"))));

    store.apply(two, "dev");
    store.apply(changed, "dev");

    List<String> indexes =
        store.own(own ->
            own.list(
                Sql.of(
                    "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"),
                row -> row.text(0)));
    assertThat(indexes)
        .containsExactly(
            "CREATE UNIQUE INDEX \"A_by\" ON \"A\" (\"x\", \"y\")",
            "CREATE INDEX \"B_by\" ON \"B\" (\"x\")");
    assertThat(store.plan(changed).isEmpty()).isTrue();
  }

  @Test
  void operationsAreWrittenAsTheContractSays() {
    assertThat(history())
        .containsExactly(
            "{\"operations\":[{\"op\":\"create_entity\",\"name\":\"Todo\",\"fields\":["
                + "{\"name\":\"title\",\"field_type\":\"string\",\"optional\":false,\"unique\":false},"
                + "{\"name\":\"done\",\"field_type\":\"bool\",\"optional\":true,\"unique\":false}]},"
                + "{\"op\":\"create_entity\",\"name\":\"User\",\"fields\":["
                + "{\"name\":\"email\",\"field_type\":\"string\",\"optional\":false,\"unique\":true}]}]}");
  }
}
