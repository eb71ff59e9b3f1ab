package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.routes.TestRoutes.Reset;
import dev.pylon.store.Bystanders;
import dev.pylon.store.Hostile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every hostile text in every place of every request of the data area: it is a value, an unknown
 * name or a mistake, and nothing else. Each engine's own test extends this.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
abstract class InjectionContract {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "shop", "version": "1", "routes": [], "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true}],
          "relations": [{"name": "todos", "target": "Todo", "field": "ownerId", "many": true}]},
         {"name": "Todo", "indexes": [], "fields": [
           {"name": "title", "type": "string", "optional": false, "unique": false},
           {"name": "done", "type": "bool", "optional": true, "unique": false},
           {"name": "stars", "type": "int", "optional": true, "unique": false},
           {"name": "due", "type": "datetime", "optional": true, "unique": false},
           {"name": "ownerId", "type": "id(User)", "optional": true, "unique": false}],
          "search": {"text": ["title"], "facets": ["done", "stars"], "sortable": ["stars"]},
          "relations": [{"name": "owner", "target": "User", "field": "ownerId"}]}]}
      """;

  private static final Map<String, List<Map<String, @Nullable Object>>> ROWS =
      Map.of(
          "User",
          List.of(Json.object("id", "u1", "email", "ada@example.com")),
          "Todo",
          List.of(
              Json.object("id", "t1", "title", "milk", "stars", 3L, "ownerId", "u1"),
              Json.object("id", "t2", "title", "bread", "due", "2026-01-31T00:00:00Z")));

  private static final String ADMIN = "Authorization: Bearer admin-token\n";

  private DataServer server;
  private Bystanders bystanders;

  abstract Database open(Path folder);

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    server = DataServer.start(open(folder), MANIFEST, Reset.LOCAL_CALLERS);
    bystanders = Bystanders.beside(server.store());
  }

  @AfterAll
  void close() {
    if (server != null) {
      server.close();
    }
  }

  /** A request with something hostile in it. */
  private record Attack(String method, String path, @Nullable String body) {
    static Attack get(String path, String... hostile) {
      return new Attack("GET", path(path, hostile), null);
    }

    static Attack post(String path, Object body, String... hostile) {
      return new Attack("POST", path(path, hostile), Json.text(body));
    }

    private static String path(String path, String... hostile) {
      String[] encoded = new String[hostile.length];
      for (int i = 0; i < hostile.length; i++) {
        encoded[i] = URLEncoder.encode(hostile[i], StandardCharsets.UTF_8).replace("+", "%20");
      }
      return path.formatted((Object[]) encoded);
    }
  }

  @Test
  void whateverStandsWhereverIsAValueOrAMistake() throws IOException {
    for (String hostile : Hostile.texts()) {
      server.hold(ROWS);
      try (RawClient client = server.connect()) {
        for (Attack attack : attacks(hostile)) {
          requireHarmless(attack, hostile, send(client, attack));
        }
      }
      bystanders.requireUntouched();
    }
  }

  private static Reply send(RawClient client, Attack attack) {
    String body = attack.body() == null ? "" : attack.body();
    try {
      return client.request(attack.method(), attack.path(), ADMIN, body);
    } catch (IOException e) {
      throw new UncheckedIOException(attack.toString(), e);
    }
  }

  private static void requireHarmless(Attack attack, String hostile, Reply reply) {
    String said = reply.status() + " " + reply.body();
    assertThat(reply.status()).as("%s -> %s", attack, said).isLessThan(500);
    if (reply.status() >= 400 && !said.contains("\"committed\":false")) {
      assertThat(reply.body()).as(attack.toString()).startsWith("{\"error\":{\"code\":\"");
    }
    try {
      Hostile.requireHarmless(reply.body(), hostile);
    } catch (AssertionError e) {
      throw new AssertionError(attack + " -> " + said, e);
    }
  }

  private static List<Attack> attacks(String hostile) {
    var attacks = new ArrayList<Attack>();
    attacks.addAll(onEntities(hostile));
    attacks.addAll(asNames(hostile));
    attacks.addAll(inFilters(hostile));
    attacks.addAll(inTotalsAndSearches(hostile));
    attacks.addAll(inWrites(hostile));
    return attacks;
  }

  private static List<Attack> asNames(String hostile) {
    return List.of(
        Attack.get("/api/entities/%s", hostile),
        Attack.get("/api/entities/%s?limit=1", hostile),
        Attack.get("/api/entities/%s/cursor", hostile),
        Attack.get("/api/entities/%s/1", hostile),
        Attack.get("/api/lookup/%s/id/1", hostile),
        Attack.get("/api/lookup/%s/secret/1", hostile),
        Attack.get("/api/export/%s", hostile),
        Attack.post("/api/entities/%s", Map.of("title", "x"), hostile),
        new Attack("PATCH", Attack.path("/api/entities/%s/1", hostile), "{\"secret\":\"x\"}"),
        new Attack("DELETE", Attack.path("/api/entities/%s/1", hostile), null),
        Attack.post("/api/query/%s", Map.of(), hostile),
        Attack.post("/api/query", Map.of(hostile, Map.of())),
        Attack.post("/api/aggregate/%s", Map.of("count", "*"), hostile),
        Attack.post("/api/search/%s", Map.of(), hostile),
        Attack.post("/api/actions/%s", Map.of(), hostile),
        Attack.post("/api/admin/users/%s/export", Map.of(), hostile),
        Attack.post("/api/link", link(hostile, "1", "owner", "u1")),
        Attack.post("/api/batch", Map.of("operations", operations(hostile, "1"))),
        Attack.post("/api/transact", operations(hostile, "1")),
        Attack.post("/api/import", Map.of("entities", Map.of(hostile, List.of(Map.of())))));
  }

  private static List<Attack> onEntities(String hostile) {
    return List.of(
        Attack.get("/api/entities/Todo/%s", hostile),
        Attack.get("/api/entities/Todo?limit=%s&offset=%s&format=%s", hostile, hostile, hostile),
        Attack.get("/api/entities/Todo?%s=%s", hostile, hostile),
        Attack.get("/api/entities/Todo/cursor?limit=2&after=%s", hostile),
        Attack.get("/api/entities/Todo/cursor?limit=%s", hostile),
        Attack.get("/api/lookup/Todo/%s/1", hostile),
        Attack.get("/api/lookup/Todo/title/%s", hostile),
        Attack.get("/api/lookup/Todo/stars/%s", hostile),
        Attack.get("/api/lookup/Todo/done/%s", hostile),
        Attack.get("/api/lookup/Todo/due/%s", hostile));
  }

  private static List<Attack> inFilters(String hostile) {
    List<Object> filters =
        List.of(
            hostile,
            List.of(hostile),
            Map.of("title", hostile),
            Map.of("id", hostile),
            Map.of("stars", hostile),
            Map.of("done", hostile),
            Map.of("due", hostile),
            Map.of("ownerId", List.of(hostile)),
            Map.of(hostile, 1),
            Map.of(hostile, Map.of(hostile, hostile)),
            Map.of("title", Map.of(hostile, "x")),
            Map.of("title", Map.of("$like", hostile)),
            Map.of("due", Map.of("$contains", hostile)),
            Map.of("title", Map.of("$startsWith", hostile, "$ne", hostile)),
            Map.of("id", Map.of("$gt", hostile, "$lte", hostile)),
            Map.of("title", Map.of("$in", List.of(hostile, hostile), "$nin", List.of(hostile))),
            Map.of("$or", List.of(Map.of("title", hostile), Map.of("$not", Map.of("id", hostile)))),
            Map.of("$and", hostile),
            Map.of("$order", hostile),
            Map.of("$order", Map.of(hostile, "asc")),
            Map.of("$order", Map.of("title", hostile)),
            Map.of("$order", List.of(List.of(hostile, hostile))),
            Map.of("$order", List.of(List.of("title", hostile))),
            Map.of("$limit", hostile, "$offset", hostile),
            Map.of("$search", hostile),
            Map.of("where", Map.of("title", hostile)));
    var attacks = new ArrayList<Attack>();
    for (Object filter : filters) {
      attacks.add(Attack.post("/api/query/Todo", filter));
      attacks.add(Attack.post("/api/query", Map.of("Todo", Map.of("where", filter))));
      attacks.add(Attack.post("/api/aggregate/Todo", Map.of("count", "*", "where", filter)));
    }
    attacks.add(Attack.post("/api/query", Map.of("Todo", hostile)));
    attacks.add(Attack.post("/api/query", Map.of("Todo", Map.of("limit", hostile))));
    attacks.add(Attack.post("/api/query", Map.of("Todo", Map.of("order", Map.of(hostile, 1)))));
    attacks.add(
        Attack.post("/api/query", Map.of("User", Map.of("include", Map.of(hostile, Map.of())))));
    attacks.add(
        Attack.post(
            "/api/query",
            Map.of(
                "User",
                Map.of(
                    "include",
                    Map.of("todos", Map.of("where", Map.of("title", hostile), "limit", 1))))));
    return attacks;
  }

  private static List<Attack> inTotalsAndSearches(String hostile) {
    List<Map<String, Object>> totals =
        List.of(
            Map.of("count", hostile),
            Map.of("sum", List.of(hostile)),
            Map.of("min", hostile),
            Map.of("groupBy", List.of(hostile)),
            Map.of("groupBy", List.of(Map.of("field", hostile))),
            Map.of("groupBy", List.of(Map.of("field", "due", "bucket", hostile))),
            Map.of("count", "*", "having", Map.of(hostile, 1)),
            Map.of("count", "*", "having", Map.of("count", hostile)),
            Map.of("max", List.of("title"), "having", Map.of("max_title", hostile)),
            Map.of("count", "*", "orderBy", hostile),
            Map.of("count", "*", "orderBy", Map.of(hostile, "asc")),
            Map.of("count", "*", "orderBy", Map.of("count", hostile)),
            Map.of("count", "*", "limit", hostile, "offset", hostile));
    List<Map<String, Object>> searches =
        List.of(
            Map.of("query", hostile),
            Map.of("query", hostile + " x " + hostile),
            Map.of("filters", Map.of(hostile, hostile)),
            Map.of("filters", Map.of("done", hostile)),
            Map.of("filters", Map.of("stars", Map.of(hostile, 1))),
            Map.of("filters", Map.of("stars", List.of(hostile))),
            Map.of("filters", hostile),
            Map.of("facets", List.of(hostile)),
            Map.of("sort", List.of(hostile, "asc")),
            Map.of("sort", List.of("stars", hostile)),
            Map.of("page", hostile, "page_size", hostile));
    var attacks = new ArrayList<Attack>();
    totals.forEach(question -> attacks.add(Attack.post("/api/aggregate/Todo", question)));
    searches.forEach(request -> attacks.add(Attack.post("/api/search/Todo", request)));
    return attacks;
  }

  private static List<Attack> inWrites(String hostile) {
    List<Map<String, Object>> rows =
        List.of(
            Map.of("title", hostile),
            Map.of("title", Map.of(hostile, hostile)),
            Map.of("title", "x", "id", hostile),
            Map.of("title", "x", "stars", hostile),
            Map.of("title", "x", "done", hostile),
            Map.of("title", "x", "due", hostile),
            Map.of("title", "x", "ownerId", hostile),
            Map.of("title", "x", hostile, hostile));
    var attacks = new ArrayList<Attack>();
    for (Map<String, Object> row : rows) {
      attacks.add(Attack.post("/api/entities/Todo", row));
      attacks.add(new Attack("PATCH", "/api/entities/Todo/t1", Json.text(row)));
      attacks.add(Attack.post("/api/import", Map.of("entities", Map.of("Todo", List.of(row)))));
    }
    attacks.add(Attack.post("/api/entities/User", Map.of("email", hostile)));
    attacks.add(Attack.post("/api/entities/User", Map.of("email", hostile)));
    attacks.add(new Attack("POST", "/api/entities/Todo", hostile));
    attacks.add(new Attack("PATCH", Attack.path("/api/entities/Todo/%s", hostile), "{}"));
    attacks.add(new Attack("DELETE", Attack.path("/api/entities/Todo/%s", hostile), null));
    attacks.add(Attack.post("/api/link", link("Todo", hostile, "owner", "u1")));
    attacks.add(Attack.post("/api/link", link("Todo", "t1", hostile, "u1")));
    attacks.add(Attack.post("/api/link", link("Todo", "t1", "owner", hostile)));
    attacks.add(Attack.post("/api/unlink", link("Todo", "t1", hostile, "")));
    attacks.add(Attack.post("/api/batch", Map.of("operations", hostile)));
    attacks.add(Attack.post("/api/batch", Map.of("operations", operations("Todo", hostile))));
    attacks.add(Attack.post("/api/transact", operations("Todo", hostile)));
    attacks.add(Attack.post("/api/transact", List.of(Map.of("op", hostile, "entity", "Todo"))));
    attacks.add(Attack.post("/api/import", Map.of("entities", Map.of("Todo", hostile))));
    attacks.add(new Attack("DELETE", Attack.path("/api/admin/users/%s/purge", hostile), null));
    return attacks;
  }

  private static Map<String, Object> link(
      String entity, String id, String relation, String target) {
    return Map.of("entity", entity, "id", id, "relation", relation, "target_id", target);
  }

  private static List<Object> operations(String entity, String id) {
    return List.of(
        Map.of("op", "insert", "entity", entity, "data", Map.of("title", id)),
        Map.of("op", "update", "entity", entity, "id", id, "data", Map.of("title", id)),
        Map.of("op", "delete", "entity", entity, "id", id));
  }

  @Test
  void noTableButThoseOfEntitiesIsThereForAnybody() {
    for (String table : Hostile.TABLES) {
      for (Attack attack : asNames(table)) {
        Reply reply =
            server.request(
                attack.method(), attack.path(), ADMIN, attack.body() == null ? "" : attack.body());
        boolean named = attack.path().contains("/actions/") || attack.path().contains("/users/");
        if (!named) {
          assertThat(reply.body())
              .as("%s -> %d", attack, reply.status())
              .contains("ENTITY_NOT_FOUND");
        }
        requireHarmless(attack, table, reply);
      }
    }
    bystanders.requireUntouched();
  }
}
