package dev.pylon.server;

import dev.pylon.db.Database;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.routes.TestRoutes.Reset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A shop whose data area is served over HTTP: its manifest, its rows, and a way to ask. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Shop {
  static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "shop", "version": "1.2.0", "routes": [],
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true},
           {"name": "displayName", "type": "string", "optional": true, "unique": false}],
          "relations": [{"name": "todos", "target": "Todo", "field": "ownerId", "many": true}]},
         {"name": "Todo", "indexes": [], "fields": [
           {"name": "title", "type": "string", "optional": false, "unique": false},
           {"name": "done", "type": "bool", "optional": true, "unique": false},
           {"name": "stars", "type": "int", "optional": true, "unique": false},
           {"name": "due", "type": "datetime", "optional": true, "unique": false},
           {"name": "ownerId", "type": "id(User)", "optional": true, "unique": false}],
          "relations": [{"name": "owner", "target": "User", "field": "ownerId"}]},
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "richtext", "optional": true, "unique": false},
           {"name": "created_by", "type": "string", "optional": true, "unique": false}]},
         {"name": "Invoice", "indexes": [], "fields": [
           {"name": "orgId", "type": "string", "optional": false, "unique": false},
           {"name": "total", "type": "int", "optional": false, "unique": false}]},
         {"name": "Shoe", "indexes": [], "fields": [
           {"name": "name", "type": "string", "optional": false, "unique": false},
           {"name": "brand", "type": "string", "optional": true, "unique": false},
           {"name": "price", "type": "float", "optional": true, "unique": false},
           {"name": "inStock", "type": "bool", "optional": true, "unique": false}],
          "search": {"text": ["name"], "facets": ["brand", "inStock"], "sortable": ["price"]}}],
       "actions": [
         {"name": "archive", "input": [
           {"name": "id", "type": "string", "optional": false, "unique": false},
           {"name": "force", "type": "bool", "optional": true, "unique": false}]}],
       "policies": [
         {"name": "notes-are-open", "entity": "Note", "allow": "true", "allowWrite": "auth.isAdmin"}]}
      """;

  static final String ADMIN = "Authorization: Bearer admin-token\n";

  private static final Map<String, List<Map<String, @Nullable Object>>> ROWS = rows();

  @TempDir private static Path folder;
  DataServer server;

  abstract Database open(Path folder);

  @BeforeAll
  void start() throws IOException {
    server = DataServer.start(open(folder), MANIFEST, Reset.LOCAL_CALLERS);
  }

  @AfterAll
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private static Map<String, List<Map<String, @Nullable Object>>> rows() {
    return Map.of(
        "User",
        List.of(
            Json.object("id", "u1", "email", "ada@example.com", "displayName", "Ada"),
            Json.object("id", "u2", "email", "bob@example.com")),
        "Todo",
        List.of(
            Json.object("id", "a/b", "title", "slashed", "done", false, "stars", 1L),
            Json.object("id", "cursor", "title", "named cursor", "done", true, "stars", 2L),
            Json.object("id", "t1", "title", "milk", "done", false, "stars", 3L, "ownerId", "u1"),
            Json.object("id", "t2", "title", "50% off?", "done", true, "ownerId", "u2"),
            Json.object("id", "ü+ %", "title", "umlaut", "ownerId", "u1")),
        "Note",
        List.of(Json.object("id", "n1", "text", "hello", "created_by", "u1")),
        "Shoe",
        List.of(
            Json.object("id", "s1", "name", "Red boot", "brand", "acme", "price", 90.0),
            Json.object("id", "s2", "name", "Red sandal", "brand", "zeta", "price", 20.5),
            Json.object("id", "s3", "name", "Bottes rouges d'été", "brand", "acme", "price", 40.0),
            Json.object("id", "s4", "name", "red red", "inStock", true)));
  }

  /** Puts the rows of the shop into the database, and no others. */
  void hold() {
    server.hold(ROWS);
  }

  /** What an admin is answered. */
  Reply asked(String method, String path, String body) {
    return server.request(method, path, ADMIN, body);
  }
}
