package dev.pylon.server;

import static dev.pylon.server.Scenario.Who.ADMINS;
import static dev.pylon.server.Scenario.Who.OTHERS;
import static dev.pylon.server.Scenario.delete;
import static dev.pylon.server.Scenario.get;
import static dev.pylon.server.Scenario.post;

import dev.pylon.server.Scenario.Who;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** What an admin asks of a {@link Shop}, and what anybody may know of it. */
final class AdminScenarios {
  private AdminScenarios() {}

  static Stream<Scenario> table() {
    return Stream.of(
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
}
