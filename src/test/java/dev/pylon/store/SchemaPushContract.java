package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.index;
import static dev.pylon.store.Manifests.policy;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.Stores.refusal;
import static dev.pylon.store.Stores.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Rename;
import dev.pylon.schema.SchemaDiff;
import dev.pylon.schema.SchemaError;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.schema.SchemaPlan;
import dev.pylon.schema.SchemaRequest;
import dev.pylon.store.migration.SchemaPush;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to tables and rows when a manifest changes, whatever the database. */
abstract class SchemaPushContract {
  private static final Manifest FIRST =
      Manifests.of(entity("Todo", "title:string", "done:bool?"), entity("User", "email:string!"));

  Database database;
  Store store;

  /** Opens an empty database. */
  abstract Database open();

  @BeforeEach
  void openStore() {
    database = open();
    store = SqlStore.open(database, FIRST, "test", 1_000, Stores.ids(), InstantSource.system());
  }

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

  private List<Table> tables() {
    return database.read(session -> session.dialect().tables(session));
  }

  /** The indexes that statements made, in words. */
  private List<String> indexes(String entity) {
    return tables().stream()
        .filter(table -> table.name().equals(entity))
        .flatMap(table -> table.indexes().stream())
        .filter(index -> !index.implied())
        .map(index -> index.name() + " " + index.columns() + (index.unique() ? " unique" : ""))
        .toList();
  }

  private void sql(String statement) {
    store.write(soon(), tx -> tx.own(own -> own.execute(Sql.of(statement))));
  }

  private SchemaPlan push(SchemaRequest request) {
    return database.alter(
        soon(),
        transaction ->
            transaction.run(
                session -> new SchemaPush(InstantSource.system()).apply(session, request, "test")));
  }

  @Test
  void aPlanIsEmptyOnceItHasBeenApplied() {
    assertThat(store.plan(FIRST).isEmpty()).isTrue();
    assertThat(store.apply(FIRST, "dev").isEmpty()).isTrue();
    assertThat(history()).hasSize(1);
  }

  @Test
  void indexesWithLongNamesAreMadeOnceEach() {
    Map<String, Object> entity = entity("Invitation", "a:int?", "b:int?");
    String name = "by_organization_and_" + "é".repeat(30);
    Manifest next =
        Manifests.of(
            with(
                entity,
                "indexes",
                List.of(index(name + "_a", false, "a"), index(name + "_b", true, "b"))));

    store.apply(next, "dev");

    assertThat(store.plan(next).isEmpty()).isTrue();
    assertThat(indexes("Invitation"))
        .hasSize(2)
        .anyMatch(index -> index.endsWith("[a]"))
        .anyMatch(index -> index.endsWith("[b] unique"));
  }

  @Test
  void whatRulesGoByStandsFirstInANewTableAndRowsAreReadAsTheyAreDeclared() {
    Manifest next =
        Manifests.withPolicies(
            List.of(policy("mine", "Note", "auth.userId == data.author || data.open == true")),
            entity("Note", "text:string", "author:string", "stars:int?", "open:bool?"));

    store.apply(next, "dev");
    String id = add("Note", Map.of("text", "x", "author", "ann", "stars", 3L, "open", true));

    assertThat(tables().stream().filter(table -> table.name().equals("Note")))
        .flatExtracting(Table::columns)
        .extracting(Table.Column::name)
        .containsExactly("id", "open", "author", "text", "stars");
    assertThat(store.get("Note", id).orElseThrow())
        .containsExactly(
            entry("id", id),
            entry("text", "x"),
            entry("author", "ann"),
            entry("stars", 3L),
            entry("open", true));
    assertThat(store.plan(next).isEmpty()).isTrue();
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
    sql("DELETE FROM \"Todo\" WHERE title IS NULL");
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
    store.write(soon(), tx -> tx.update("Todo", id, Stores.patch("title", null)));
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

    assertThat(indexes("A")).containsExactly("A_by [x, y] unique");
    assertThat(indexes("B")).containsExactly("B_by [x]");
    assertThat(store.plan(changed).isEmpty()).isTrue();
  }

  @Test
  void anIndexThatWasDeclaredAndIsNoMoreGoesAndSomebodyElsesStays() {
    Manifest indexed =
        Manifests.of(
            with(
                entity("Todo", "title:string", "done:bool?"),
                "indexes",
                List.of(index("by_title", true, "title"))),
            entity("User", "email:string!"));
    store.apply(indexed, "dev");
    sql("CREATE INDEX \"Todo_mine\" ON \"Todo\" (done)");

    store.apply(FIRST, "dev");

    assertThat(indexes("Todo")).containsExactly("Todo_mine [done]");
    assertThat(store.plan(FIRST).isEmpty()).isTrue();
  }

  @Test
  void anIndexByTheBareNameOfAnotherServerGivesWayToOurs() {
    sql("CREATE INDEX by_title ON \"Todo\" (title)");
    Manifest indexed =
        Manifests.of(
            with(
                entity("Todo", "title:string", "done:bool?"),
                "indexes",
                List.of(index("by_title", false, "title"))));

    store.apply(indexed, "dev");

    assertThat(indexes("Todo")).containsExactly("Todo_by_title [title]");
    assertThat(store.plan(indexed).isEmpty()).isTrue();
  }

  @Test
  void aFieldThatIsUniqueNoMoreTakesTheSameTwice() {
    add("User", Map.of("email", "a@x"));
    Manifest loose =
        Manifests.of(entity("Todo", "title:string!", "done:bool?"), entity("User", "email:string"));

    store.apply(loose, "dev");
    add("User", Map.of("email", "a@x"));
    PylonException refusal = refusal(() -> store.apply(FIRST, "dev"));

    assertThat(store.list("User")).extracting(row -> row.get("email")).containsOnly("a@x");
    assertThat(refusal.message()).contains("email");
    assertThat(store.plan(loose).isEmpty()).isTrue();
    sql("DELETE FROM \"User\"");
    store.apply(FIRST, "dev");
    assertThat(store.plan(FIRST).isEmpty()).isTrue();
  }

  @Test
  void anotherTypeIsRefusedAlsoWhereTheDatabaseCannotTell() {
    Manifest dated =
        Manifests.of(
            entity("Todo", "title:datetime", "done:int?"), entity("User", "email:string!"));

    PylonException refusal = refusal(() -> store.apply(dated, "dev"));

    assertThat(refusal.message()).contains("\"title\"").contains("\"done\"");
  }

  @Test
  void textMayBecomeRichTextOrAnId() {
    Manifest rich =
        Manifests.of(
            entity("Todo", "title:richtext", "done:bool?"), entity("User", "email:id(Todo)!"));

    assertThat(store.apply(rich, "dev").isEmpty()).isTrue();
  }

  @Test
  void whatDiffersInCaseOnlyIsRefused() {
    PylonException entity =
        refusal(() -> store.apply(Manifests.of(entity("todo", "title:string")), "dev"));
    PylonException field =
        refusal(
            () -> store.apply(Manifests.of(entity("Todo", "Title:string?", "done:bool?")), "dev"));

    assertThat(entity.message()).contains("Todo").contains("todo");
    assertThat(field.message()).contains("title").contains("Title");
  }

  @Test
  void onConsentWhatWasDeclaredIsDroppedAndNothingElse() {
    sql("CREATE TABLE theirs (id TEXT PRIMARY KEY)");
    sql("ALTER TABLE \"Todo\" ADD COLUMN extra TEXT");
    String id = add("Todo", Map.of("title", "milk", "done", true));
    Manifest less = Manifests.of(entity("Todo", "done:bool?"));
    var request = new SchemaRequest(less, SchemaDiff.Removal.DROP, List.of(), null);

    SchemaPlan done = push(request);

    assertThat(done.operations())
        .extracting(SchemaOperation::shown)
        .containsExactly("-User", "-Todo.title");
    assertThat(done.destructive()).hasSize(2);
    store.apply(less, "dev");
    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("done", true);
    assertThat(tables()).extracting(Table::name).contains("theirs", "Todo").doesNotContain("User");
    assertThat(push(request).isEmpty()).isTrue();
  }

  @Test
  void onConsentAUniqueColumnCanGo() {
    String id = add("User", Map.of("email", "a@x"));
    Manifest less = Manifests.of(entity("User", "name:string?"));

    push(new SchemaRequest(less, SchemaDiff.Removal.DROP, List.of(), null));
    store.apply(less, "dev");

    assertThat(store.get("User", id).orElseThrow()).containsOnlyKeys("id", "name");
  }

  @Test
  void aRenameKeepsRowsIndexesAndUniqueness() {
    Manifest indexed =
        Manifests.of(
            with(
                entity("User", "email:string!", "nick:string?"),
                "indexes",
                List.of(index("by_nick", false, "nick"))));
    store.apply(indexed, "dev");
    String id = add("User", Map.of("email", "a@x", "nick", "ann"));
    Manifest renamed =
        Manifests.of(
            with(
                entity("Person", "email:string!", "name:string?"),
                "indexes",
                List.of(index("by_name", true, "name"))));
    var request =
        new SchemaRequest(
            renamed,
            SchemaDiff.Removal.KEEP,
            List.of(
                new Rename.OfEntity("User", "Person"),
                new Rename.OfField("Person", "nick", "name"),
                new Rename.OfEntity("Nobody", "Somebody")),
            null);

    SchemaPlan done = push(request);
    store.apply(renamed, "dev");

    assertThat(done.operations())
        .extracting(SchemaOperation::shown)
        .containsExactly("User > Person", "Person.nick > Person.name", "+Person index by_name");
    assertThat(store.get("Person", id).orElseThrow())
        .containsEntry("email", "a@x")
        .containsEntry("name", "ann");
    assertThat(indexes("Person")).containsExactly("Person_by_name [name] unique");
    assertThat(refusal(() -> add("Person", Map.of("email", "a@x"))).code())
        .isEqualTo(StoreError.INSERT_FAILED);
    assertThat(push(request).isEmpty()).isTrue();
  }

  @Test
  void twoWhoPushAtOnceDoItOnce() throws Exception {
    Manifest next =
        Manifests.of(
            entity("Todo", "title:string", "slug:string?!"),
            entity("User", "email:string!"),
            entity("Tag", "label:string"));

    try (var tasks = Executors.newFixedThreadPool(4)) {
      List<Future<SchemaPlan>> pushes =
          tasks.invokeAll(
              Collections.nCopies(4, () -> push(SchemaRequest.toFit(next))), 20, TimeUnit.SECONDS);
      int did = 0;
      for (Future<SchemaPlan> push : pushes) {
        did += push.get().isEmpty() ? 0 : 1;
      }

      assertThat(did).isEqualTo(1);
    }
    assertThat(history()).hasSize(2);
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
