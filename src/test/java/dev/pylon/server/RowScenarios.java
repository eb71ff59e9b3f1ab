package dev.pylon.server;

import static dev.pylon.server.Scenario.delete;
import static dev.pylon.server.Scenario.get;
import static dev.pylon.server.Scenario.patch;
import static dev.pylon.server.Scenario.post;

import java.util.stream.Stream;

/**
 * What is asked of the rows of a {@link Shop}, one by one and many at once, and what is answered.
 */
final class RowScenarios {
  private RowScenarios() {}

  static Stream<Scenario> table() {
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
            links())
        .flatMap(rows -> rows);
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
}
