package dev.pylon.server;

import static dev.pylon.server.Scenario.Who.ADMINS;
import static dev.pylon.server.Scenario.Who.OTHERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.json.Json;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.Router.Endpoint;
import dev.pylon.server.Scenario.Who;
import dev.pylon.server.routes.TestRoutes.Reset;
import dev.pylon.store.WriteStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The data area over HTTP (data contract, 4 and 8), as a table: every endpoint by every kind of
 * caller. Each engine's own test extends this.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DataSurfaceContract {
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

  private static final Map<String, List<Map<String, @Nullable Object>>> ROWS = rows();

  @TempDir private static Path folder;
  private DataServer server;

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

  private void hold() {
    server.hold(ROWS);
  }

  // ---- the table ----

  @TestFactory
  Stream<DynamicTest> whateverIsAskedByWhomever() {
    return table().flatMap(scenario -> scenario.tests(server, this::hold));
  }

  private static Stream<Scenario> table() {
    return Stream.of(
            lists(),
            pages(),
            single(),
            writes(),
            refusedWrites(),
            queries(),
            lookups(),
            totals(),
            searches(),
            links(),
            batches(),
            transactions(),
            exports(),
            imports(),
            people(),
            actions(),
            explanations(),
            documents())
        .flatMap(rows -> rows);
  }

  private static Scenario get(String path) {
    return Scenario.of("GET", path, "");
  }

  private static Scenario post(String path, String body) {
    return Scenario.of("POST", path, body);
  }

  private static Scenario patch(String path, String body) {
    return Scenario.of("PATCH", path, body);
  }

  private static Scenario delete(String path) {
    return Scenario.of("DELETE", path, "");
  }

  private static Stream<Scenario> lists() {
    return Stream.of(
        get("/api/entities/User")
            .gives(
                200,
                "{\"data\":[{\"id\":\"u1\",\"email\":\"ada@example.com\",\"displayName\":\"Ada\"},"
                    + "{\"id\":\"u2\",\"email\":\"bob@example.com\",\"displayName\":null}],"
                    + "\"count\":2,\"limit\":null,\"offset\":0}"),
        get("/api/entities/Todo").gives(200, "\"count\":5", "\"done\":true", "\"done\":false"),
        get("/api/entities/Todo?limit=2&offset=1")
            .gives(200, "\"cursor\"", "\"t1\"", "\"count\":2,\"limit\":2,\"offset\":1")
            .without("\"a/b\"", "\"t2\""),
        get("/api/entities/Todo?xlimit=1").gives(200, "\"count\":5,\"limit\":null"),
        get("/api/entities/Todo?limit=-1&offset=x").gives(200, "\"count\":5,\"limit\":null"),
        get("/api/entities/Todo?limit=0").gives(200, "{\"data\":[],\"count\":0,\"limit\":0"),
        get("/api/entities/Todo?offset=99").gives(200, "{\"data\":[],\"count\":0"),
        get("/api/entities/User?format=array")
            .gives(200, "[{\"id\":\"u1\"", "}]")
            .without("count", "data"),
        get("/api/entities/Us%65r").gives(200, "\"count\":2"),
        get("/api/entities/user").refuses(404, "ENTITY_NOT_FOUND", "Unknown entity: \\\"user\\\""),
        get("/api/entities/").refuses(404, "NOT_FOUND"));
  }

  private static Stream<Scenario> pages() {
    return Stream.of(
        get("/api/entities/Todo/cursor?limit=2")
            .gives(200, "\"a/b\"", "\"has_more\":true,\"next_cursor\":\"cursor\"}")
            .without("\"t1\""),
        get("/api/entities/Todo/cursor?limit=2&after=t1")
            .gives(200, "\"t2\"", "\"has_more\":false,\"next_cursor\":\"ü+ %\"}"),
        get("/api/entities/Todo/cursor?after=a%2Fb&limit=1")
            .gives(200, "\"next_cursor\":\"cursor\"}"),
        get("/api/entities/Todo/cursor?after=%F0%9F%92%A9")
            .gives(200, "{\"data\":[],\"has_more\":false,\"next_cursor\":null}"),
        get("/api/entities/Todo/cursor?limit=0")
            .gives(200, "{\"data\":[],\"has_more\":true,\"next_cursor\":null}"),
        get("/api/entities/Todo/cursor?limit=many").gives(200, "\"has_more\":false"),
        get("/api/entities/Nothing/cursor").refuses(404, "ENTITY_NOT_FOUND"));
  }

  private static Stream<Scenario> single() {
    return Stream.of(
        get("/api/entities/Todo/t1")
            .gives(
                200,
                "{\"id\":\"t1\",\"title\":\"milk\",\"done\":false,\"stars\":3,\"due\":null,"
                    + "\"ownerId\":\"u1\"}"),
        get("/api/entities/Todo/a/b").gives(200, "slashed"),
        get("/api/entities/Todo/a%2Fb").gives(200, "slashed"),
        get("/api/entities/Todo/%C3%BC+%20%25").gives(200, "umlaut"),
        get("/api/entities/Todo/%63ursor").gives(200, "named cursor"),
        get("/api/entities/Todo/t9").refuses(404, "NOT_FOUND", "Todo with id \\\"t9\\\" not found"),
        get("/api/entities/Todo/t1%00").refuses(404, "NOT_FOUND"),
        get("/api/entities/Nothing/t1").refuses(404, "ENTITY_NOT_FOUND"));
  }

  private static Stream<Scenario> writes() {
    return Stream.of(
        post("/api/entities/Todo", "{\"title\":\"bread\",\"done\":0}")
            .gives(201, "{\"id\":\"")
            .announces("insert Todo new"),
        post("/api/entities/Todo", "{\"id\":\"mine\",\"title\":\"bread\"}")
            .gives(201, "{\"id\":\"")
            .without("mine")
            .announces("insert Todo new"),
        patch("/api/entities/Todo/t1", "{\"done\":true,\"id\":\"t9\"}")
            .gives(200, "{\"updated\":true}")
            .announces("update Todo t1 done=true"),
        patch("/api/entities/Todo/a%2Fb", "{\"stars\":null}")
            .gives(200, "{\"updated\":true}")
            .announces("update Todo a/b stars=null"),
        patch("/api/entities/Todo/cursor", "{\"stars\":7}")
            .gives(200, "{\"updated\":true}")
            .announces("update Todo cursor stars=7"),
        patch("/api/entities/Todo/t1", "{}").gives(200, "{\"updated\":true}"),
        patch("/api/entities/Todo/t1", "{\"done\":false}").gives(200, "{\"updated\":true}"),
        patch("/api/entities/Todo/t9", "{}").refuses(404, "NOT_FOUND", "Todo/t9 not found"),
        patch("/api/entities/Todo/t9", "{\"done\":true}")
            .refuses(404, "NOT_FOUND", "Todo/t9 not found"),
        delete("/api/entities/Todo/t1")
            .gives(200, "{\"deleted\":true}")
            .announces("delete Todo t1"),
        delete("/api/entities/Todo/cursor")
            .gives(200, "{\"deleted\":true}")
            .announces("delete Todo cursor"),
        delete("/api/entities/Todo/t9").refuses(404, "NOT_FOUND", "Todo/t9 not found"));
  }

  private static Stream<Scenario> refusedWrites() {
    String todos = "/api/entities/Todo";
    return Stream.of(
        post(todos, "").refuses(400, "INVALID_JSON", "Invalid request body"),
        post(todos, "{\"title\":").refuses(400, "INVALID_JSON", "Invalid request body"),
        post(todos, "{} {}").refuses(400, "INVALID_JSON"),
        post(todos, "[".repeat(129) + "]".repeat(129)).refuses(400, "INVALID_JSON"),
        post(todos, "[]").refuses(400, "INVALID_DATA"),
        post(todos, "{}").refuses(400, "INVALID_DATA", "\"field\":\"title\""),
        post(todos, "{\"title\":null}").refuses(400, "INVALID_DATA", "\"field\":\"title\""),
        post(todos, "{\"title\":\"x\",\"stars\":\"many\"}")
            .refuses(400, "INVALID_DATA", "\"field\":\"stars\""),
        post(todos, "{\"title\":\"x\",\"done\":2}").refuses(400, "INVALID_DATA"),
        post(todos, "{\"title\":\"x\",\"due\":\"soon\"}").refuses(400, "INVALID_DATA"),
        post(todos, "{\"title\":\"x\",\"nope\":1}").refuses(400, "INVALID_COLUMN", "nope"),
        post("/api/entities/User", "{\"email\":\"ada@example.com\"}")
            .refuses(
                409, "INSERT_FAILED", "\"reason\":\"UNIQUE_VIOLATION\"", "\"field\":\"email\""),
        patch("/api/entities/User/u2", "{\"email\":\"ada@example.com\"}")
            .refuses(
                409, "UPDATE_FAILED", "\"reason\":\"UNIQUE_VIOLATION\"", "\"field\":\"email\""),
        patch("/api/entities/User/u2", "{\"email\":null}").refuses(400, "INVALID_DATA"),
        patch("/api/entities/User/u2", "{\"nope\":null}").refuses(400, "INVALID_COLUMN"),
        patch("/api/entities/User/u2", "nope").refuses(400, "INVALID_JSON"),
        post("/api/entities/Nothing", "{}").refuses(404, "ENTITY_NOT_FOUND"),
        patch("/api/entities/Nothing/x", "{}").refuses(404, "ENTITY_NOT_FOUND"),
        delete("/api/entities/Nothing/x").refuses(404, "ENTITY_NOT_FOUND"),
        post("/api/entities/Todo/t1", "{\"title\":\"x\"}").refuses(405, "METHOD_NOT_ALLOWED"),
        patch("/api/entities/Todo", "{\"title\":\"x\"}").refuses(405, "METHOD_NOT_ALLOWED"),
        delete("/api/entities/Todo").refuses(405, "METHOD_NOT_ALLOWED"),
        Scenario.of("PUT", "/api/entities/Todo/t1", "{}")
            .refuses(405, "METHOD_NOT_ALLOWED", "\"allow\":\"DELETE, GET, PATCH\""));
  }

  private static Stream<Scenario> queries() {
    return Stream.of(
        post("/api/query/Todo", "{}").gives(200, "[{\"id\":\"a/b\"").without("count"),
        post("/api/query/Todo", "{\"done\":false,\"$order\":{\"stars\":\"desc\"},\"$limit\":1}")
            .gives(200, "[{\"id\":\"t1\"")
            .without("a/b"),
        post("/api/query/Todo", "{\"done\":null}").gives(200, "umlaut").without("milk"),
        post("/api/query/Todo", "{\"$or\":[{\"stars\":{\"$gt\":2}},{\"id\":\"cursor\"}]}")
            .gives(200, "\"t1\"", "\"cursor\"")
            .without("\"a/b\""),
        post("/api/query/Todo", "{\"stars\":{\"$in\":[]}}").gives(200, "[]"),
        post("/api/query/Todo", "{\"stars\":{\"$near\":1}}").refuses(400, "INVALID_QUERY"),
        post("/api/query/Todo", "{\"nope\":1}").refuses(400, "INVALID_COLUMN"),
        post("/api/query/Todo", "{\"$order\":{\"nope\":\"asc\"}}").refuses(400, "INVALID_COLUMN"),
        post("/api/query/Todo", "").refuses(400, "INVALID_JSON"),
        post("/api/query/Todo", "[]").refuses(400, "INVALID_QUERY"),
        post("/api/query/Nothing", "{}").refuses(404, "ENTITY_NOT_FOUND"),
        post("/api/query/filtered", "{}").refuses(404, "ENTITY_NOT_FOUND"),
        get("/api/query/Todo").refuses(405, "METHOD_NOT_ALLOWED"),
        post(
                "/api/query",
                "{\"User\":{\"where\":{\"id\":\"u1\"},\"include\":{\"todos\":{}}},\"Note\":{}}")
            .gives(200, "{\"User\":[{\"id\":\"u1\"", "\"todos\":[{\"id\":\"t1\"", "\"Note\":[{")
            .without("\"t2\"", "bob"),
        post("/api/query?x=1", "{\"Note\":{}}").gives(200, "{\"Note\":[{"),
        post("/api/query", "{\"Nothing\":{}}").refuses(404, "ENTITY_NOT_FOUND"),
        post("/api/query", "7").refuses(400, "INVALID_QUERY"),
        post("/api/query", "{").refuses(400, "INVALID_JSON"));
  }

  private static Stream<Scenario> lookups() {
    return Stream.of(
        get("/api/lookup/User/email/ada@example.com").gives(200, "{\"id\":\"u1\""),
        get("/api/lookup/User/email/ada%40example.com").gives(200, "{\"id\":\"u1\""),
        get("/api/lookup/Todo/stars/3").gives(200, "{\"id\":\"t1\""),
        get("/api/lookup/Todo/done/true").gives(200, "{\"id\":\"cursor\""),
        get("/api/lookup/Todo/id/a/b").gives(200, "slashed"),
        get("/api/lookup/Todo/title/50%25%20off%3F").gives(200, "{\"id\":\"t2\""),
        get("/api/lookup/User/email/eve@example.com")
            .refuses(404, "NOT_FOUND", "User.email = eve@example.com not found"),
        get("/api/lookup/Todo/stars/many").refuses(400, "INVALID_QUERY"),
        get("/api/lookup/User/nope/x").refuses(400, "INVALID_COLUMN"),
        get("/api/lookup/Nothing/id/x").refuses(404, "ENTITY_NOT_FOUND"),
        get("/api/lookup/User/email").refuses(404, "NOT_FOUND"));
  }

  private static Stream<Scenario> totals() {
    return Stream.of(
        post("/api/aggregate/Todo", "{\"count\":\"*\",\"sum\":[\"stars\"]}")
            .gives(200, "{\"rows\":[{\"count\":5,\"sum_stars\":6}]}"),
        post(
                "/api/aggregate/Todo",
                "{\"count\":\"*\",\"groupBy\":[\"done\"],\"where\":{\"done\":true}}")
            .gives(200, "{\"rows\":[{\"done\":true,\"count\":2}]}"),
        post("/api/aggregate/Todo", "{}").refuses(400, "INVALID_QUERY"),
        post("/api/aggregate/Todo", "{\"count\":\"*\",\"where\":[]}").refuses(400, "INVALID_QUERY"),
        post("/api/aggregate/Todo", "{\"sum\":[\"nope\"]}").refuses(400, "INVALID_COLUMN"),
        post("/api/aggregate/Todo", "{").refuses(400, "INVALID_JSON"),
        post("/api/aggregate/Todo", "[]").refuses(400, "INVALID_QUERY"),
        get("/api/aggregate/Todo").refuses(405, "METHOD_NOT_ALLOWED"));
  }

  private static Stream<Scenario> searches() {
    return Stream.of(
        post("/api/search/Shoe", "{}")
            .gives(
                200,
                "{\"hits\":[{\"id\":\"s1\",\"name\":\"Red boot\",\"brand\":\"acme\",\"price\":90.0,"
                    + "\"inStock\":null},{\"id\":\"s2\"",
                "\"facetCounts\":{\"brand\":{\"acme\":2,\"zeta\":1},\"inStock\":{\"true\":1}},"
                    + "\"total\":4,\"tookMs\":")
            .without("rank", "fts"),
        post("/api/search/Sh%6Fe?x=1", "{\"query\":\"RED\"}")
            .gives(
                200,
                "{\"hits\":[{\"id\":\"s4\"",
                "\"facetCounts\":{\"brand\":{\"acme\":1,\"zeta\":1},\"inStock\":{\"true\":1}},"
                    + "\"total\":3")
            .without("\"s3\""),
        post("/api/search/Shoe", "{\"query\":\"ete bott\"}")
            .gives(200, "{\"hits\":[{\"id\":\"s3\"", "\"total\":1"),
        post("/api/search/Shoe", "{\"query\":\"blue\"}")
            .gives(200, "{\"hits\":[],\"facetCounts\":{},\"total\":0"),
        post("/api/search/Shoe", "{\"query\":\"\\\"red* OR (x) -- %'; DROP\"}")
            .gives(200, "{\"hits\":[],\"facetCounts\":{},\"total\":0"),
        post("/api/search/Shoe", "{\"query\":\"\\\"(*\\u0000red:)\"}").gives(200, "\"total\":3"),
        post("/api/search/Shoe", "{\"filters\":{\"brand\":\"zeta\",\"price\":1}}")
            .gives(
                200,
                "{\"hits\":[{\"id\":\"s2\"",
                "\"facetCounts\":{\"brand\":{\"acme\":2,\"zeta\":1}},\"total\":1"),
        post(
                "/api/search/Shoe",
                "{\"filters\":{\"brand\":[\"zeta\",\"acme\"]},\"facets\":[\"inStock\"]}")
            .gives(200, "\"facetCounts\":{},\"total\":3"),
        post("/api/search/Shoe", "{\"filters\":{\"brand\":null}}").gives(200, "\"total\":0"),
        post("/api/search/Shoe", "{\"sort\":[\"price\",\"desc\"],\"page_size\":2,\"page\":1}")
            .gives(200, "{\"hits\":[{\"id\":\"s2\"", "\"s4\"", "\"total\":4")
            .without("\"s1\"", "\"s3\""),
        post("/api/search/Shoe", "{\"sort\":[\"brand\",\"desc\"],\"pageSize\":1}")
            .gives(200, "{\"hits\":[{\"id\":\"s1\"", "\"total\":4")
            .without("\"s2\""),
        post("/api/search/Shoe", "{\"sort\":null,\"page\":9,\"other\":1}")
            .gives(200, "{\"hits\":[]", "\"total\":4"),
        post("/api/search/Shoe", "{\"query\":7}")
            .refuses(400, "INVALID_QUERY", "search query body: "),
        post("/api/search/Shoe", "{\"filters\":{\"inStock\":{\"$near\":1}}}")
            .refuses(400, "INVALID_QUERY"),
        post("/api/search/Shoe", "{\"page\":-1}").refuses(400, "INVALID_QUERY"),
        post("/api/query/Shoe", "{\"$search\":\"red\",\"brand\":\"acme\"}")
            .gives(200, "[{\"id\":\"s1\"")
            .without("\"s2\"", "\"s4\""),
        post("/api/query/Shoe", "{\"$or\":[{\"$search\":\"boot\"},{\"id\":\"s4\"}]}")
            .gives(200, "\"s1\"", "\"s4\"")
            .without("\"s2\""),
        post("/api/query", "{\"Shoe\":{\"where\":{\"$search\":\"rouges\"}}}")
            .gives(200, "{\"Shoe\":[{\"id\":\"s3\"")
            .without("\"s1\""),
        post("/api/aggregate/Shoe", "{\"count\":\"*\",\"where\":{\"$search\":\"red\"}}")
            .gives(200, "{\"rows\":[{\"count\":3}]}"),
        post("/api/search/Nothing", "{}").refuses(404, "ENTITY_NOT_FOUND"),
        post("/api/search/Todo", "{}").refuses(400, "SEARCH_NOT_CONFIGURED"),
        post("/api/search/Todo", "").refuses(400, "INVALID_JSON"),
        post("/api/search/Todo", "[]").refuses(400, "INVALID_QUERY"),
        post("/api/search", "{}").refuses(400, "MISSING_ENTITY"),
        post("/api/search/", "{}").refuses(400, "MISSING_ENTITY"),
        get("/api/search/Todo").refuses(405, "METHOD_NOT_ALLOWED"));
  }

  private static Stream<Scenario> links() {
    String link = "{\"entity\":\"Todo\",\"id\":\"%s\",\"relation\":\"%s\",\"target_id\":\"u2\"}";
    return Stream.of(
        post("/api/link", link.formatted("t1", "owner"))
            .gives(200, "{\"linked\":true}")
            .announces("update Todo t1 ownerId=u2"),
        post("/api/link?x=1", link.formatted("t1", "owner"))
            .gives(200, "{\"linked\":true}")
            .announces("update Todo t1 ownerId=u2"),
        post("/api/link", link.formatted("t9", "owner"))
            .refuses(404, "NOT_FOUND", "Source entity not found"),
        post("/api/link", link.formatted("t1", "boss")).refuses(400, "RELATION_NOT_FOUND"),
        post("/api/link", "{\"entity\":\"Todo\",\"id\":\"t1\",\"relation\":\"owner\"}")
            .refuses(400, "MISSING_FIELD", "\"field\":\"target_id\""),
        post("/api/link", "[]").refuses(400, "MISSING_FIELD"),
        post("/api/link", "").refuses(400, "INVALID_JSON"),
        post("/api/link", link.replace("Todo", "Nothing")).refuses(404, "ENTITY_NOT_FOUND"),
        post("/api/unlink", "{\"entity\":\"Todo\",\"id\":\"t1\",\"relation\":\"owner\"}")
            .gives(200, "{\"unlinked\":true}")
            .announces("update Todo t1 ownerId=null"),
        post("/api/unlink", "{\"entity\":\"Todo\",\"id\":\"t9\",\"relation\":\"owner\"}")
            .refuses(404, "NOT_FOUND", "Source entity not found"),
        post("/api/unlink", "{\"entity\":\"Todo\"}").refuses(400, "MISSING_FIELD"));
  }

  private static Stream<Scenario> batches() {
    String twoInserts =
        """
        {"operations": [{"op": "insert", "entity": "Todo", "data": {"title": "a"}},
                        {"op": "insert", "entity": "Todo", "data": {"title": "b"}}]}\
        """;
    String mixed =
        """
        {"operations": [{"op": "insert", "entity": "User", "data": {"email": "ada@example.com"}},
                        {"op": "update", "entity": "Todo", "id": "t1", "data": {"done": true}},
                        {"op": "delete", "entity": "Todo", "id": "t9"},
                        {"op": "explode", "entity": "Todo"},
                        7,
                        {"op": "delete", "entity": "Todo", "id": "t2"}]}\
        """;
    return Stream.of(
        post("/api/batch", twoInserts)
            .by(ADMINS)
            .gives(200, "\"failed\":0,\"results\":[{\"op\":\"insert\",\"id\":\"", "\"succeeded\":2")
            .announces("insert Todo new", "insert Todo new"),
        post("/api/batch", mixed)
            .by(ADMINS)
            .gives(
                200,
                "{\"failed\":3,\"results\":[{\"op\":\"insert\",\"error\":\"",
                "\"succeeded\":3}",
                "\"code\":\"INSERT_FAILED\",\"index\":0,\"ok\":false",
                "{\"op\":\"update\",\"id\":\"t1\",\"updated\":true,\"ok\":true}",
                "{\"op\":\"delete\",\"id\":\"t9\",\"deleted\":false,\"ok\":true}",
                "\"op\":\"explode\",\"error\":\"",
                "\"code\":\"TX_INVALID_OP\"")
            .announces("update Todo t1 done=true", "delete Todo t2"),
        post("/api/batch", "{}").by(ADMINS).refuses(400, "MISSING_OPERATIONS"),
        post("/api/batch", "[]").by(ADMINS).refuses(400, "MISSING_OPERATIONS"),
        post("/api/batch", "{\"operations\":[]}").by(ADMINS).gives(200, "\"results\":[]"),
        post("/api/batch", "x").by(ADMINS).refuses(400, "INVALID_JSON"),
        post("/api/batch", twoInserts).by(OTHERS).refuses(403, "FORBIDDEN"),
        post("/api/batch", "x").by(OTHERS).refuses(403, "FORBIDDEN"));
  }

  private static Stream<Scenario> transactions() {
    String twoInserts =
        """
        [{"op": "insert", "entity": "Todo", "data": {"title": "a"}},
         {"op": "insert", "entity": "Todo", "data": {"title": "b"}}]\
        """;
    return Stream.of(
        post("/api/transact", twoInserts)
            .by(ADMINS)
            .gives(200, "{\"committed\":true,\"results\":[{\"op\":\"insert\",\"id\":\"")
            .announces("insert Todo new", "insert Todo new"),
        post("/api/transact?x=1", "[]").by(ADMINS).gives(200, "{\"committed\":true"),
        post(
                "/api/transact",
                """
                [{"op": "delete", "entity": "Todo", "id": "t1"},
                 {"op": "update", "entity": "Todo", "id": "t9", "data": {"done": true}}]\
                """)
            .by(ADMINS)
            .gives(
                200,
                "{\"op\":\"delete\",\"id\":\"t1\",\"deleted\":true}",
                "{\"op\":\"update\",\"id\":\"t9\",\"updated\":false}")
            .announces("delete Todo t1"),
        post(
                "/api/transact",
                """
                [{"op": "delete", "entity": "Todo", "id": "t1"},
                 {"op": "insert", "entity": "User", "data": {"email": "ada@example.com"}}]\
                """)
            .by(ADMINS)
            .gives(
                400,
                "{\"committed\":false,\"results\":[{\"op\":\"delete\"",
                "{\"op\":\"insert\",\"error\":\"",
                "\"code\":\"INSERT_FAILED\",\"index\":1}"),
        post(
                "/api/transact",
                """
                [{"op": "insert", "entity": "Todo", "data": {"title": "a"}},
                 {"op": "upsert", "entity": "Todo", "data": {"title": "b"}}]\
                """)
            .by(ADMINS)
            .gives(
                400,
                "{\"committed\":false,\"results\":[{\"op\":\"upsert\",\"error\":\"",
                "\"code\":\"TX_INVALID_OP\",\"index\":1}"),
        post("/api/transact", "[{\"op\":\"insert\",\"entity\":\"Todo\"}]")
            .by(ADMINS)
            .gives(400, "\"committed\":false", "TX_INVALID_OP", "\"index\":0"),
        post("/api/transact", "[{\"op\":\"delete\",\"entity\":\"Nothing\",\"id\":\"x\"}]")
            .by(ADMINS)
            .gives(400, "\"committed\":false", "ENTITY_NOT_FOUND"),
        post("/api/transact", "{}").by(ADMINS).refuses(400, "INVALID_JSON"),
        post("/api/transact", "[").by(ADMINS).refuses(400, "INVALID_JSON"),
        post("/api/transact", twoInserts).by(OTHERS).refuses(403, "FORBIDDEN"),
        post("/api/transact", "[").by(OTHERS).refuses(403, "FORBIDDEN"));
  }

  private static Stream<Scenario> exports() {
    String refusal = "Admin access required for data export";
    return Stream.of(
        get("/api/export")
            .by(ADMINS)
            .gives(
                200,
                "{\"entities\":{\"User\":[{\"id\":\"u1\"",
                "\"Todo\":[{\"id\":\"a/b\"",
                "\"counts\":{\"User\":2,\"Todo\":5,\"Note\":1,\"Invoice\":0,\"Shoe\":4},\"exported_at\":\"20"),
        get("/api/export/User")
            .by(ADMINS)
            .gives(200, "{\"entities\":{\"User\":[{", "\"counts\":{\"User\":2}")
            .without("Todo"),
        get("/api/export/Nothing").by(ADMINS).refuses(404, "ENTITY_NOT_FOUND"),
        get("/api/export").by(OTHERS).refuses(403, "FORBIDDEN", refusal).without("u1"),
        get("/api/export/User").by(OTHERS).refuses(403, "FORBIDDEN", refusal).without("u1"),
        get("/api/export/Nothing").by(OTHERS).refuses(403, "FORBIDDEN", refusal));
  }

  private static Stream<Scenario> imports() {
    String dump =
        """
        {"entities": {
           "__internal__": [{"secret": 1}],
           "User": [{"id": "u7", "email": "eve@example.com"}],
           "Todo": [{"id": "t7", "title": "hers", "ownerId": "u7"}, {"title": "no id"}]}}\
        """;
    String taken =
        """
        {"entities": {
           "Todo": [{"id": "t7", "title": "hers"}],
           "User": [{"id": "u7", "email": "eve@example.com"}, {"id": "u8", "email": "ada@example.com"}]}}\
        """;
    return Stream.of(
        post("/api/import", dump)
            .by(ADMINS)
            .gives(
                200,
                "{\"entity\":\"User\",\"failed\":0,\"inserted\":1}",
                "{\"entity\":\"Todo\",\"failed\":0,\"inserted\":2}",
                "\"imported\":3")
            .without("__internal__")
            .announces("insert User u7", "insert Todo t7", "insert Todo new"),
        post("/api/import", taken)
            .by(ADMINS)
            .refuses(409, "INSERT_FAILED", "\"entity\":\"User\"", "\"index\":1"),
        post("/api/import", "{\"entities\":{\"Todo\":[{\"id\":\"t1\",\"title\":\"again\"}]}}")
            .by(ADMINS)
            .refuses(409, "INSERT_FAILED", "\"field\":\"id\""),
        post("/api/import", "{\"entities\":{\"Todo\":[{\"id\":7,\"title\":\"x\"}]}}")
            .by(ADMINS)
            .refuses(400, "INVALID_DATA", "\"field\":\"id\""),
        post("/api/import", "{\"entities\":{\"Todo\":[8]}}")
            .by(ADMINS)
            .refuses(400, "INVALID_DATA"),
        post("/api/import", "{\"entities\":{\"Todo\":{}}}").by(ADMINS).refuses(400, "INVALID_DATA"),
        post("/api/import", "{}").by(ADMINS).refuses(400, "MISSING_FIELD"),
        post("/api/import", "").by(ADMINS).refuses(400, "INVALID_JSON"),
        post("/api/import", dump).by(OTHERS).refuses(403, "FORBIDDEN"));
  }

  private static Stream<Scenario> people() {
    return Stream.of(
        post("/api/admin/users/u1/export", "")
            .by(ADMINS)
            .gives(
                200,
                "{\"user_id\":\"u1\",\"exported_at\":\"20",
                "\"User\":[{\"id\":\"u1\"",
                "\"id\":\"t1\"",
                "\"id\":\"n1\"")
            .without("\"t2\"", "bob"),
        post("/api/admin/users/u9/export", "")
            .by(ADMINS)
            .gives(200, "\"entities\":{\"User\":[],\"Todo\":[],\"Note\":[]}"),
        post("/api/admin/users/u1/export", "").by(OTHERS).refuses(403, "FORBIDDEN"),
        delete("/api/admin/users/u1/purge")
            .by(ADMINS)
            .gives(
                200,
                "{\"user_id\":\"u1\",\"purged_at\":\"20",
                "\"rows_deleted\":4,\"sessions_revoked\":0,\"errors\":[]}")
            .announces("delete User u1", "delete Todo t1", "delete Todo ü+ %", "delete Note n1"),
        delete("/api/admin/users/u9/purge").by(ADMINS).gives(200, "\"rows_deleted\":0"),
        delete("/api/admin/users/u1/purge").by(OTHERS).refuses(403, "FORBIDDEN"),
        get("/api/admin/users/u1/export").refuses(405, "METHOD_NOT_ALLOWED"));
  }

  private static Stream<Scenario> actions() {
    return Stream.of(
        post("/api/actions/archive", "{\"id\":\"t1\",\"more\":[1]}")
            .gives(
                200,
                "{\"action\":\"archive\",\"executed\":true,\"input\":{\"id\":\"t1\",\"more\":[1]}}"),
        post("/api/actions/archive", "{\"force\":true}")
            .refuses(
                400,
                "ACTION_MISSING_INPUT",
                "Required input field \\\"id\\\" (type: string) is missing for action \\\"archive\\\"",
                "Required fields: [id: string]"),
        post("/api/actions/archive", "{\"id\":null}").refuses(400, "ACTION_MISSING_INPUT"),
        post("/api/actions/archive", "[]").refuses(400, "ACTION_MISSING_INPUT"),
        post("/api/actions/archive", "").refuses(400, "INVALID_JSON"),
        post("/api/actions/nope", "{}")
            .refuses(404, "ACTION_NOT_FOUND", "Available actions: [archive]"),
        get("/api/actions/archive").refuses(405, "METHOD_NOT_ALLOWED"));
  }

  private static Stream<Scenario> explanations() {
    String path = "/api/admin/policy/explain";
    return Stream.of(
        post(path, "{\"entity\":\"Note\",\"id\":\"n1\"}")
            .by(ADMINS)
            .gives(200, "\"row\":\"found\"", "\"result\":\"allow\"", "\"notes-are-open\""),
        post(path, "{\"entity\":\"Note\",\"id\":\"n9\",\"op\":\"update\"}")
            .by(ADMINS)
            .gives(
                200, "\"row\":\"missing\"", "\"result\":\"deny\"", "\"clause\":\"auth.isAdmin\""),
        post(path, "{\"op\":\"action\",\"action\":\"archive\"}")
            .by(ADMINS)
            .gives(200, "no policy says anything"),
        post(path, "{\"entity\":\"Nope\"}").by(ADMINS).refuses(404, "ENTITY_NOT_FOUND"),
        post(path, "{\"entity\":\"Note\",\"op\":\"paint\"}")
            .by(ADMINS)
            .refuses(400, "MISSING_FIELD"),
        post(path, "{}").by(ADMINS).refuses(400, "MISSING_FIELD"),
        post(path, "[]").by(ADMINS).refuses(400, "MISSING_FIELD"),
        post(path, "{\"entity\":\"Note\"}").by(OTHERS).refuses(403, "FORBIDDEN"),
        get(path).refuses(405, "METHOD_NOT_ALLOWED"));
  }

  private static Stream<Scenario> documents() {
    String rule = "auth.isAdmin";
    return Stream.of(
        get("/api/manifest")
            .gives(200, "\"name\":\"shop\"", "notes-are-open", "\"entity\":\"Note\"")
            .without(rule, "allow"),
        get("/api/manifest?full=1").by(Set.of(Who.ADMIN, Who.LOCAL_ADMIN)).gives(200, rule),
        get("/api/manifest?full=true").by(Set.of(Who.ADMIN, Who.LOCAL_ADMIN)).gives(200, rule),
        get("/api/manifest?full=1")
            .by(EnumSet.complementOf(EnumSet.of(Who.ADMIN, Who.LOCAL_ADMIN)))
            .gives(200, "notes-are-open")
            .without(rule, "allow"),
        get("/api/openapi.json")
            .gives(200, "\"openapi\":\"3.0.3\"", "\"/api/entities/Todo\"", "\"/api/transact\"")
            .without(rule),
        Scenario.of("POST", "/api/__test__/reset", "")
            .by(EnumSet.complementOf(EnumSet.of(Who.LOCAL_TOKEN_FROM_ELSEWHERE)))
            .gives(200, "{\"reset\":true}")
            .announces(
                "delete User u1",
                "delete User u2",
                "delete Todo a/b",
                "delete Todo cursor",
                "delete Todo t1",
                "delete Todo t2",
                "delete Todo ü+ %",
                "delete Note n1",
                "delete Shoe s1",
                "delete Shoe s2",
                "delete Shoe s3",
                "delete Shoe s4"),
        Scenario.of("POST", "/api/__test__/reset", "")
            .by(EnumSet.of(Who.LOCAL_TOKEN_FROM_ELSEWHERE))
            .refuses(403, "RESET_REFUSED"),
        get("/api/nothing").refuses(404, "NOT_FOUND", "No API route matches /api/nothing"));
  }

  // ---- the table is complete ----

  @Test
  void everyEndpointHasARowForEveryKindOfCaller() {
    var without = new TreeSet<String>();
    for (Endpoint endpoint : server.router().endpoints()) {
      for (Who who : Who.values()) {
        if (table().noneMatch(row -> row.callers().contains(who) && reaches(row, endpoint))) {
          without.add("%s %s by %s".formatted(endpoint.method(), endpoint.path(), who));
        }
      }
    }

    assertThat(without).as("endpoints that no row of the table asks").isEmpty();
  }

  private boolean reaches(Scenario row, Endpoint endpoint) {
    return server.router().endpoints().stream()
        .filter(candidate ->
            candidate.method().equals(row.method()) && row.path().matches(regex(candidate)))
        .findFirst()
        .filter(endpoint::equals)
        .isPresent();
  }

  private static String regex(Endpoint endpoint) {
    return endpoint
        .path()
        .replaceAll("\\{\\w+\\.\\.\\.}", ".+")
        .replaceAll("\\{\\w+}", "[^/]+")
        .replace(".json", "\\.json");
  }

  // ---- our own tables ----

  @TestFactory
  Stream<DynamicTest> noRouteReachesATableThatIsNotInTheManifest() {
    return Stream.of(
            "_pylon_jobs",
            "_pylon_changes",
            "_pylon_search",
            "_fts_Shoe",
            "_fts_Shoe.words",
            "_fts_Shoe.kinds",
            "_pylon_schema_history",
            "_pylon_sessions",
            "_pylon_accounts",
            "sqlite_master",
            "sqlite_schema",
            "pg_class",
            "pg_catalog.pg_class",
            "information_schema.tables",
            "todo",
            "Todo ",
            "\\\"Todo\\\"",
            "Todo;--")
        .flatMap(DataSurfaceContract::knocks)
        .flatMap(scenario -> scenario.tests(server, this::hold));
  }

  /** Every way to name a table. */
  private static Stream<Scenario> knocks(String table) {
    String segment = table.replace("\\\"", "%22").replace(" ", "%20").replace(";", "%3B");
    String named = "{\"entity\":\"%s\",\"id\":\"x\",\"relation\":\"y\",\"target_id\":\"z\"}";
    String inserted = "{\"op\":\"insert\",\"entity\":\"%s\",\"data\":{\"id\":\"x\"}}";
    return Stream.of(
            Stream.of(
                    get("/api/entities/" + segment),
                    get("/api/entities/" + segment + "?format=array&limit=1"),
                    get("/api/entities/" + segment + "/cursor"),
                    get("/api/entities/" + segment + "/1"),
                    post("/api/entities/" + segment, "{\"id\":\"x\"}"),
                    patch("/api/entities/" + segment + "/1", "{\"id\":\"x\"}"),
                    delete("/api/entities/" + segment + "/1"),
                    post("/api/query/" + segment, "{}"),
                    post("/api/query", "{\"%s\":{}}".formatted(table)),
                    get("/api/lookup/" + segment + "/id/1"),
                    post("/api/aggregate/" + segment, "{\"count\":\"*\"}"),
                    post("/api/search/" + segment, "{}"),
                    post("/api/link", named.formatted(table)),
                    post("/api/unlink", named.formatted(table)))
                .map(scenario ->
                    scenario.by(Set.of(Who.ANONYMOUS, Who.ADMIN)).refuses(404, "ENTITY_NOT_FOUND")),
            Stream.of(get("/api/export/" + segment))
                .map(scenario -> scenario.by(Set.of(Who.ADMIN)).refuses(404, "ENTITY_NOT_FOUND")),
            Stream.of(
                post("/api/transact", "[%s]".formatted(inserted.formatted(table)))
                    .by(Set.of(Who.ADMIN))
                    .gives(400, "\"code\":\"ENTITY_NOT_FOUND\""),
                post("/api/batch", "{\"operations\":[%s]}".formatted(inserted.formatted(table)))
                    .by(Set.of(Who.ADMIN))
                    .gives(200, "\"succeeded\":0", "\"code\":\"ENTITY_NOT_FOUND\""),
                post("/api/import", "{\"entities\":{\"%s\":[{\"id\":\"x\"}]}}".formatted(table))
                    .by(Set.of(Who.ADMIN))
                    .refuses(404, "ENTITY_NOT_FOUND")))
        .flatMap(rows -> rows);
  }

  // ---- sequences of requests ----

  @Test
  void aRowLives() {
    hold();
    String id =
        String.valueOf(
            DataServer.object(
                    server.request(
                        "POST", "/api/entities/Todo", "", "{\"title\":\"x\",\"done\":false}"))
                .get("id"));
    String path = "/api/entities/Todo/" + id;

    assertThat(id).matches("[0-9a-f]{40}");
    assertThat(server.request("GET", path, "", "").body()).contains("\"done\":false");
    assertThat(server.request("PATCH", path, "", "{\"done\":true}").status()).isEqualTo(200);
    assertThat(server.request("GET", path, "", "").body()).contains("\"done\":true");
    assertThat(server.request("DELETE", path, "", "").status()).isEqualTo(200);
    assertThat(server.request("GET", path, "", "").status()).isEqualTo(404);
  }

  @Test
  void whateverWritesARowItIsFoundAsItIsNow() {
    hold();
    asked("POST", "/api/entities/Shoe", "{\"name\":\"tall heel\",\"brand\":\"acme\"}");
    asked("PATCH", "/api/entities/Shoe/s1", "{\"name\":\"heel one\"}");
    asked("DELETE", "/api/entities/Shoe/s2", "");
    asked(
        "POST",
        "/api/transact",
        "[{\"op\":\"insert\",\"entity\":\"Shoe\",\"data\":{\"name\":\"low heel\"}},"
            + "{\"op\":\"update\",\"entity\":\"Shoe\",\"id\":\"s3\",\"data\":{\"brand\":\"mine\"}}]");
    asked(
        "POST",
        "/api/import",
        "{\"entities\":{\"Shoe\":[{\"id\":\"s9\",\"name\":\"no heel\",\"brand\":\"mine\"}]}}");

    assertThat(asked("POST", "/api/search/Shoe", "{\"query\":\"heel\"}").body())
        .contains("\"facetCounts\":{\"brand\":{\"acme\":2,\"mine\":1}},\"total\":4");
    assertThat(asked("POST", "/api/search/Shoe", "{}").body())
        .contains("\"brand\":{\"acme\":2,\"mine\":2},", "\"total\":6");
    assertThat(asked("POST", "/api/search/Shoe", "{\"query\":\"sandal\"}").body())
        .contains("\"total\":0");
  }

  @Test
  void whatWasExportedComesBackWithItsIds() {
    hold();
    String dump = asked("GET", "/api/export", "").body();
    server.hold(Map.of());

    String report = asked("POST", "/api/import", dump).body();

    assertThat(report).contains("\"failed\":0,\"imported\":12");
    String again = asked("GET", "/api/export", "").body();
    assertThat(withoutTime(again)).isEqualTo(withoutTime(dump));
    assertThat(
            server
                .request("POST", "/api/query", "", "{\"Todo\":{\"include\":{\"owner\":{}}}}")
                .body())
        .contains("\"owner\":{\"id\":\"u1\"");
  }

  private static String withoutTime(String dump) {
    return dump.replaceAll("\"exported_at\":\"[^\"]+\"", "");
  }

  @Test
  void pagesByCursorBringEveryRowOnce() {
    var rows = new LinkedHashMap<String, List<Map<String, @Nullable Object>>>();
    rows.put(
        "Note",
        IntStream.range(0, 250)
            .mapToObj(i -> Json.object("id", "n%03d".formatted(i), "text", "x" + i))
            .toList());
    server.hold(rows);

    var seen = new StringBuilder();
    String after = "";
    boolean more = true;
    while (more) {
      Map<String, @Nullable Object> page =
          DataServer.object(
              server.request("GET", "/api/entities/Note/cursor?limit=100&after=" + after, "", ""));
      seen.append(DataServer.ids(page.get("data"))).append(' ');
      after = String.valueOf(page.get("next_cursor"));
      more = page.get("has_more") == Boolean.TRUE;
    }

    assertThat(seen.toString().strip().split(" "))
        .containsExactly(
            IntStream.range(0, 250).mapToObj("n%03d"::formatted).toArray(String[]::new));
  }

  // ---- many rows ----

  private static final String ADMIN = "Authorization: Bearer admin-token\n";

  private void holdNotes(int count) {
    holdNotes(count, 300);
  }

  private void holdNotes(int count, int chars) {
    server.hold(
        Map.of(
            "Note",
            IntStream.range(0, count)
                .mapToObj(i -> Json.object("id", "n%05d".formatted(i), "text", "x".repeat(chars)))
                .toList()));
  }

  private Reply asked(String method, String path, String body) {
    return server.request(method, path, ADMIN, body);
  }

  @Test
  void manyRowsComeToTheLastInTheirOrder() {
    holdNotes(DataServer.ROWS_MAX);

    Reply list = asked("GET", "/api/entities/Note", "");

    assertThat(list.header("Transfer-Encoding")).hasValue("chunked");
    assertThat(DataServer.object(list)).containsEntry("count", (long) DataServer.ROWS_MAX);
    String[] all =
        IntStream.range(0, DataServer.ROWS_MAX).mapToObj("n%05d"::formatted).toArray(String[]::new);
    assertThat(DataServer.ids(DataServer.object(list).get("data")).split(" ")).containsExactly(all);
    for (Reply array :
        List.of(
            asked("GET", "/api/entities/Note?format=array", ""),
            asked("POST", "/api/query/Note", "{}"),
            asked("POST", "/api/query/Note", "{\"id\":{\"$gte\":\"n00000\"}}"),
            asked("POST", "/api/query/Note", "{\"$order\":{\"id\":\"asc\"}}"))) {
      assertThat(DataServer.ids(Json.parse(array.bytes())).split(" ")).containsExactly(all);
    }
    Map<String, @Nullable Object> part =
        DataServer.object(asked("GET", "/api/entities/Note?limit=1500&offset=7", ""));
    assertThat(DataServer.ids(part.get("data")).split(" "))
        .containsExactly(Arrays.copyOfRange(all, 7, 1_507));
    assertThat(part).containsEntry("count", 1_500L).containsEntry("limit", 1_500L);
  }

  @Test
  void tooManyRowsAreRefusedAndNotCut() {
    holdNotes(DataServer.ROWS_MAX + 1);

    for (Reply reply :
        List.of(
            asked("GET", "/api/entities/Note", ""),
            asked("GET", "/api/entities/Note?limit=100000", ""),
            asked("POST", "/api/query/Note", "{}"),
            asked("POST", "/api/query/Note", "{\"$order\":{\"id\":\"asc\"}}"),
            asked("POST", "/api/query", "{\"Note\":{}}"))) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("RESULT_TOO_LARGE", "more than 3000 rows");
    }
    assertThat(asked("GET", "/api/entities/Note?offset=1", "").body()).contains("\"count\":3000");
    assertThat(asked("GET", "/api/entities/Note?limit=3000", "").body()).contains("\"count\":3000");
    assertThat(asked("GET", "/api/export", "").body())
        .contains("\"Note\":%d,".formatted(DataServer.ROWS_MAX + 1));
  }

  /** More of them than the database has threads to read with. */
  @Test
  void clientsThatDoNotReadKeepNobodyFromTheRows() throws IOException {
    // More than the sockets between us and them would hold.
    holdNotes(DataServer.ROWS_MAX, 5_000);
    var stalled = new ArrayList<RawClient>();
    try {
      for (int i = 0; i < 12; i++) {
        RawClient client = server.connect();
        stalled.add(client);
        client.send(
            "GET /api/export HTTP/1.1\nHost: localhost\n" + ADMIN + "Content-Length: 0\n\n");
        client.readUntil("\"entities\"");
      }

      assertThat(asked("GET", "/api/entities/Note/n00007", "").status()).isEqualTo(200);
      assertThat(asked("POST", "/api/entities/Note", "{}").status()).isEqualTo(201);
      assertThat(asked("GET", "/api/entities/Note?limit=2000", "").status()).isEqualTo(200);
    } finally {
      for (RawClient client : stalled) {
        client.close();
      }
    }
  }

  // ---- tenants ----

  @Test
  void whoeverWorksForATenantCountsItsRowsOnly() {
    server.hold(
        Map.of(
            "Invoice",
            List.of(
                Json.object("id", "i1", "orgId", "o1", "total", 1L),
                Json.object("id", "i2", "orgId", "o2", "total", 10L),
                Json.object("id", "i3", "orgId", "o2", "total", 100L))));
    String path = "/api/aggregate/Invoice";
    String tenant = ADMIN + "X-Pylon-As: u1\nX-Pylon-As-Tenant: o2\n";

    for (String where :
        List.of("", ",\"where\":{\"orgId\":\"o1\"}", ",\"where\":null", ",\"where\":{}")) {
      assertThat(server.request("POST", path, tenant, "{\"sum\":[\"total\"]" + where + "}").body())
          .isEqualTo("{\"rows\":[{\"sum_total\":110}]}");
    }
    assertThat(
            server
                .request("POST", path, tenant, "{\"count\":\"*\",\"where\":{\"total\":10}}")
                .body())
        .isEqualTo("{\"rows\":[{\"count\":1}]}");
    assertThat(server.request("POST", path, tenant, "{\"count\":\"*\",\"where\":\"x\"}").status())
        .isEqualTo(400);
    assertThat(server.request("POST", path, "", "{\"sum\":[\"total\"]}").body())
        .isEqualTo("{\"rows\":[{\"sum_total\":111}]}");
  }

  // ---- steps before a write ----

  private static final class Refusing implements WriteStep {
    private final List<String> seen = new ArrayList<>();

    private enum Refusal implements ErrorCode {
      NO_NUMBERS;

      @Override
      public int status() {
        return 422;
      }
    }

    @Override
    public Map<String, @Nullable Object> beforeInsert(
        Occasion occasion, String entity, Map<String, @Nullable Object> row) {
      if ("refuse me".equals(row.get("text"))) {
        throw new PylonException(Refusal.NO_NUMBERS, "not that");
      }
      if ("watch me".equals(row.get("text"))) {
        seen.add("insert by " + occasion.caller().userId());
      }
      return row;
    }

    @Override
    public void beforeDelete(
        Occasion occasion, String entity, Map<String, @Nullable Object> before) {
      if ("watch me".equals(before.get("text"))) {
        seen.add("delete by " + occasion.caller().userId());
      }
    }
  }

  @Test
  void stepsSeeEveryWriteOnceAndTheirRefusalIsTheAnswer() {
    hold();
    var step = new Refusing();
    server.store().beforeWrite(step);
    String notes = "/api/entities/Note";

    Reply added = asked("POST", notes, "{\"text\":\"watch me\"}");
    Reply refused = asked("POST", notes, "{\"text\":\"refuse me\"}");
    String id = String.valueOf(DataServer.object(added).get("id"));
    server.request("DELETE", notes + "/" + id, ADMIN + "X-Pylon-As: u1\nX-Pylon-As-Admin: 1\n", "");
    Reply batch =
        asked(
            "POST",
            "/api/batch",
            "{\"operations\":[{\"op\":\"insert\",\"entity\":\"Note\",\"data\":{\"text\":\"refuse me\"}}]}");

    assertThat(step.seen).containsExactly("insert by __admin__", "delete by u1");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body())
        .isEqualTo("{\"error\":{\"code\":\"NO_NUMBERS\",\"message\":\"not that\"}}");
    assertThat(batch.body()).contains("\"succeeded\":0", "NO_NUMBERS");
    assertThat(server.announced()).containsExactly("insert Note new", "delete Note new");
  }

  // ---- anything at all ----

  @Test
  void whateverIsSentIsAnswered() {
    hold();
    long seed = 20260131;
    var random = new Random(seed);
    List<Endpoint> endpoints = server.router().endpoints();
    String[] methods = {"GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "BREW"};
    String[] segments = {
      "Todo", "User", "%00", "%zz", "..", "a%2Fb", "", "%F0%28", "x".repeat(3_000), "?", "%3F"
    };
    String[] bodies = {
      "",
      "{",
      "null",
      "0",
      "\"\"",
      "[[]]",
      "{}",
      "[".repeat(200),
      "{\"a\":{\"$gt\":{\"$x\":1}}}",
      "\u0000",
      "{\"operations\":[null]}",
      "{\"entities\":{\"Todo\":[null,[],{\"id\":\"\"}]}}",
      "[{\"op\":null}]",
      "{\"$limit\":1e400}",
      "{\"Todo\":{\"include\":7,\"limit\":-1}}",
      "{\"count\":1,\"groupBy\":[{}]}",
      "{\"title\":\"\\ud800\"}"
    };

    for (int i = 0; i < 1_500; i++) {
      Endpoint endpoint = endpoints.get(random.nextInt(endpoints.size()));
      String path = endpoint.path();
      while (path.contains("{")) {
        path =
            path.replaceFirst(
                "\\{[^}]+}", Matcher.quoteReplacement(segments[random.nextInt(segments.length)]));
      }
      String method =
          random.nextInt(3) == 0 ? methods[random.nextInt(methods.length)] : endpoint.method();
      String query = random.nextInt(4) == 0 ? "?limit=" + "9".repeat(random.nextInt(30)) : "";
      String body = bodies[random.nextInt(bodies.length)];
      String asked = "seed %d: %s %s%s %s".formatted(seed, method, path, query, body);

      Reply reply = asked(method, path + query, body);

      assertThat(reply.status()).as(asked).isBetween(200, 499);
      // What is no path at all is refused before anybody of ours sees it, without a body.
      if (reply.status() >= 400 && !method.equals("HEAD") && !path.contains("%zz")) {
        assertThat(reply.body()).as(asked).startsWith("{\"");
      }
    }
  }

  @Test
  void bytesThatAreNoTextAreNoJson() throws IOException {
    byte[][] bodies = {
      {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'},
      "{}".getBytes(StandardCharsets.UTF_16),
      "\uFEFF{}".getBytes(StandardCharsets.UTF_8),
      {(byte) 0xFF}
    };
    for (byte[] body : bodies) {
      try (RawClient client = server.connect()) {
        Reply reply = client.request("POST", "/api/entities/Note", "", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("INVALID_JSON", "Invalid request body");
      }
    }
  }

  // ---- heads and methods ----

  @Test
  void aHeadIsAnAnswerWithoutItsBody() {
    hold();
    var list = server.request("HEAD", "/api/entities/Todo", "", "");
    var export = server.request("HEAD", "/api/export", "Authorization: Bearer admin-token\n", "");
    var missing = server.request("HEAD", "/api/entities/Todo/t9", "", "");

    assertThat(list.status()).isEqualTo(200);
    assertThat(list.header("Content-Type")).hasValue("application/json");
    assertThat(export.status()).isEqualTo(200);
    assertThat(missing.status()).isEqualTo(404);
  }

  @Test
  void aWrongMethodIsToldWhatIsAllowed() {
    var reply = server.request("PUT", "/api/entities/Todo", "", "{}");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).hasValue("GET, POST");
    assertThat(server.request("BREW", "/api/manifest", "", "").status()).isEqualTo(405);
    assertThat(server.request("OPTIONS", "/api/entities/Todo", "", "").status()).isEqualTo(204);
  }
}
