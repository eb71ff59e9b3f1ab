package dev.pylon.server;

import static dev.pylon.server.Scenario.delete;
import static dev.pylon.server.Scenario.get;
import static dev.pylon.server.Scenario.patch;
import static dev.pylon.server.Scenario.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.server.Router.Endpoint;
import dev.pylon.server.Scenario.Who;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The data area over HTTP (data contract, 4 and 8), as a table: every endpoint by every kind of
 * caller. Each engine's own test extends this.
 */
abstract class DataSurfaceContract extends Shop {

  // ---- the table ----

  @TestFactory
  Stream<DynamicTest> whateverIsAskedByWhomever() {
    return table().flatMap(scenario -> scenario.tests(server, this::hold));
  }

  private static Stream<Scenario> table() {
    return Stream.concat(RowScenarios.table(), AdminScenarios.table());
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
}
