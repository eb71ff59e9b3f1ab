package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.schema.Manifest;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.routes.TestRoutes.Reset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that the system before wrote, with its tables, its indexes, its search and whatever it
 * left behind (data contract, 2): it is opened as it is and served, and no row is lost.
 */
abstract class EarlierDatabaseContract {
  static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "blog", "version": "2", "routes": [], "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true},
           {"name": "name", "type": "string", "optional": true, "unique": false}],
          "relations": [{"name": "posts", "target": "Post", "field": "authorId", "many": true}]},
         {"name": "Post",
          "indexes": [{"name": "by_author", "fields": ["authorId"], "unique": false}],
          "fields": [
           {"name": "title", "type": "string", "optional": false, "unique": false},
           {"name": "body", "type": "richtext", "optional": true, "unique": false},
           {"name": "done", "type": "bool", "optional": true, "unique": false},
           {"name": "points", "type": "int", "optional": true, "unique": false},
           {"name": "weight", "type": "float", "optional": true, "unique": false},
           {"name": "due", "type": "datetime", "optional": true, "unique": false},
           {"name": "authorId", "type": "id(User)", "optional": true, "unique": false}],
          "search": {"text": ["title", "body"], "facets": ["done"], "sortable": ["points"]}}]}
      """;

  /** Ids as the system before gave them: time, then a counter. */
  static final String ANN = "000000000000000018e0c1a2b3c4d5e600000001";

  static final String FIRST = "000000000000000018e0c1a2b3c4d5e700000002";
  static final String SECOND = "000000000000000018e0c1a2b3c4d5e800000003";

  @TempDir private Path folder;
  Database database;
  DataServer server;

  abstract Database open(Path folder);

  /** Everything that the system before had done to its database. */
  abstract List<String> statements();

  @BeforeEach
  void start() throws IOException {
    database = open(folder);
    database.alter(
        Deadline.after(Duration.ofSeconds(20)),
        transaction ->
            transaction.run(session -> {
              statements().forEach(statement -> session.execute(Sql.of(statement)));
              return true;
            }));
    server = DataServer.start(database, MANIFEST, Reset.NOBODY);
  }

  @AfterEach
  void close() {
    server.close();
  }

  Reply ask(String method, String path, String body) {
    return server.request(method, path, "Authorization: Bearer admin-token\n", body);
  }

  String bodyOf(String method, String path, String body) {
    return ask(method, path, body).body();
  }

  @Test
  void rowsAreReadAsWhatTheManifestSaysTheyAre() {
    assertThat(bodyOf("GET", "/api/entities/Post", ""))
        .startsWith(
            "{\"data\":[{\"id\":\"%s\",\"title\":\"Zebra crossing\",\"body\":null,\"done\":true,\"points\":7,\"weight\":2.5,\"due\":\"2026-01-31T12:00:00"
                .formatted(FIRST))
        .contains(
            "\"done\":false,\"points\":null",
            "\"due\":\"2026-01-01T00:00:00.000Z\"",
            "\"count\":2");
    assertThat(
            bodyOf(
                "POST",
                "/api/query/Post",
                "{\"done\":true,\"due\":{\"$gt\":\"2026-01-30T00:00:00Z\"}}"))
        .contains(FIRST)
        .doesNotContain(SECOND);
    assertThat(bodyOf("POST", "/api/query", "{\"User\":{\"include\":{\"posts\":{}}}}"))
        .contains("\"posts\":[{\"id\":\"" + FIRST, SECOND);
  }

  @Test
  void rowsAreWrittenAndTheUniqueStaysUnique() {
    Reply added = ask("POST", "/api/entities/Post", "{\"title\":\"New\",\"done\":false}");
    Reply taken = ask("POST", "/api/entities/User", "{\"email\":\"ann@example.com\"}");
    Reply changed = ask("PATCH", "/api/entities/Post/" + FIRST, "{\"title\":\"Horse crossing\"}");
    Reply deleted = ask("DELETE", "/api/entities/Post/" + SECOND, "");

    assertThat(List.of(added.status(), taken.status(), changed.status(), deleted.status()))
        .containsExactly(201, 409, 200, 200);
    // What was there sorts before what is new: ids go on where they were.
    String id = String.valueOf(DataServer.object(added).get("id"));
    assertThat(id).matches("[0-9a-f]{40}").isGreaterThan(SECOND);
    assertThat(
            DataServer.ids(
                DataServer.object(ask("GET", "/api/entities/Post/cursor", "")).get("data")))
        .isEqualTo(FIRST + " " + id);
  }

  @Test
  void theSearchIsMadeAnewOverTheRows() {
    ask("PATCH", "/api/entities/Post/" + SECOND, "{\"body\":\"about zebras\"}");

    Map<String, Object> found =
        Map.copyOf(DataServer.object(ask("POST", "/api/search/Post", "{\"query\":\"zebra\"}")));

    assertThat(DataServer.ids(found.get("hits")).split(" "))
        .containsExactlyInAnyOrder(FIRST, SECOND);
    assertThat(Json.text(found.get("facetCounts")))
        .isEqualTo("{\"done\":{\"false\":1,\"true\":1}}");
    assertThat(found).containsEntry("total", 2L).doesNotContainKey("partial");
    assertThat(bodyOf("POST", "/api/query/Post", "{\"$search\":\"crossing\"}")).contains(FIRST);
  }

  @Test
  void whatItLeftBehindIsNobodysBusinessAndStays() {
    assertThat(bodyOf("GET", "/api/entities/Post/" + FIRST, "")).doesNotContain("dropped");
    for (String table : List.of("_pylon_crdt_snapshots", "_pylon_accounts", "_fts_Post")) {
      assertThat(ask("GET", "/api/entities/" + table, "").status()).isEqualTo(404);
    }
    assertThat(texts("SELECT row_id FROM _pylon_crdt_snapshots")).containsExactly(FIRST);
    assertThat(texts("SELECT dropped FROM \"Post\" WHERE id = '" + FIRST + "'"))
        .containsExactly("kept");
  }

  @Test
  void nothingIsLeftToPlanAndTheNextStartChangesNothing() {
    Manifest manifest = Manifest.parse(MANIFEST.getBytes(StandardCharsets.UTF_8));

    assertThat(server.store().plan(manifest).operations()).isEmpty();
    assertThat(server.store().apply(manifest, "start").operations()).isEmpty();
    assertThat(indexes("Post")).contains("Post_by_author").doesNotContain("by_author");
  }

  List<String> texts(String sql) {
    return database.read(session -> session.list(Sql.of(sql), row -> row.requiredText(0)));
  }

  private List<String> indexes(String entity) {
    return database.read(session ->
        session.dialect().tables(session).stream()
            .filter(table -> table.name().equals(entity))
            .flatMap(table -> table.indexes().stream())
            .map(index -> index.name())
            .toList());
  }
}
