package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.routes.TestRoutes.Reset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies over HTTP: who sees and changes what, on every route that leads to rows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PolicySurfaceContract {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "auth": {"user": {"entity": "User", "hide": ["phone"]}},
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true},
           {"name": "phone", "type": "string", "optional": true, "unique": false},
           {"name": "passwordHash", "type": "string", "optional": true, "unique": false},
           {"name": "_note", "type": "string", "optional": true, "unique": false}],
          "search": {"text": ["email", "phone"], "facets": ["phone"], "sortable": ["_note"]},
          "relations": [{"name": "todos", "target": "Todo", "field": "ownerId", "many": true}]},
         {"name": "Todo", "indexes": [], "fields": [
           {"name": "title", "type": "string", "optional": false, "unique": false},
           {"name": "stars", "type": "int", "optional": true, "unique": false},
           {"name": "shared", "type": "bool", "optional": true, "unique": false},
           {"name": "ownerId", "type": "id(User)", "optional": true, "unique": false}],
          "search": {"text": ["title"], "facets": ["shared"]},
          "relations": [{"name": "owner", "target": "User", "field": "ownerId"}]},
         {"name": "Secret", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": true, "unique": false}]},
         {"name": "Doc", "indexes": [], "fields": [
           {"name": "orgId", "type": "string", "optional": true, "unique": false}]},
         {"name": "Members", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": true, "unique": false}]}],
       "actions": [{"name": "archive", "input": []}],
       "policies": [
         {"name": "own", "entity": "Todo", "allow": "auth.userId == data.ownerId",
          "allowRead": "auth.userId == data.ownerId || data.shared == true"},
         {"name": "users", "entity": "User", "allowRead": "auth.userId != null",
          "allowWrite": "auth.userId == data.id"},
         {"name": "secret", "entity": "Secret", "allow": "false"},
         {"name": "tenant", "entity": "Doc", "allow": "auth.tenantId == data.orgId"},
         {"name": "members", "entity": "Members", "allow": "auth.userId != null"},
         {"name": "archive", "action": "archive", "allow": "auth.userId == input.by"}]}
      """;

  private static final String ADMIN = "Authorization: Bearer admin-token\n";

  /** Who asks: an admin speaks for users, so they are what sessions will make of them. */
  enum Who {
    ANONYMOUS(""),
    ANN(ADMIN + "X-Pylon-As: ann\n"),
    BOB(ADMIN + "X-Pylon-As: bob\n"),
    GUEST(ADMIN + "X-Pylon-As: guest_1\n"),
    ANN_OF_ACME(ADMIN + "X-Pylon-As: ann\nX-Pylon-As-Tenant: acme\n"),
    ADMINISTRATOR(ADMIN);

    private final String headers;

    Who(String headers) {
      this.headers = headers;
    }

    /** The ids of the todos they may see. */
    private List<String> todos() {
      return switch (this) {
        case ANN, ANN_OF_ACME -> List.of("t1", "t2", "t4");
        case BOB -> List.of("t3", "t4");
        case ANONYMOUS, GUEST -> List.of("t4");
        case ADMINISTRATOR -> List.of("t1", "t2", "t3", "t4", "t5");
      };
    }
  }

  @TempDir private static Path folder;
  private DataServer server;

  abstract Database open(Path folder);

  @BeforeAll
  void start() throws IOException {
    server = DataServer.start(open(folder), MANIFEST, Reset.NOBODY);
  }

  @AfterAll
  void close() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void hold() {
    server.hold(
        Map.of(
            "User",
            List.of(
                Json.object(
                    "id",
                    "ann",
                    "email",
                    "ann@x.org",
                    "phone",
                    "555-1",
                    "passwordHash",
                    "$argon2a"),
                Json.object(
                    "id",
                    "bob",
                    "email",
                    "bob@x.org",
                    "phone",
                    "555-2",
                    "passwordHash",
                    "$argon2b")),
            "Todo",
            List.of(
                todo("t1", "ann", false, 1),
                todo("t2", "ann", null, 2),
                todo("t3", "bob", false, 4),
                todo("t4", "bob", true, 8),
                todo("t5", null, null, 16)),
            "Secret",
            List.of(Json.object("id", "s1", "text", "x")),
            "Doc",
            List.of(
                Json.object("id", "d1", "orgId", "acme"),
                Json.object("id", "d2", "orgId", "zeta"),
                Json.object("id", "d3", "orgId", null)),
            "Members",
            List.of(Json.object("id", "m1", "text", "x"))));
  }

  private static Map<String, @Nullable Object> todo(
      String id, @Nullable String owner, @Nullable Boolean shared, int stars) {
    return Json.object(
        "id", id, "title", "milk " + id, "ownerId", owner, "shared", shared, "stars", (long) stars);
  }

  private Reply ask(Who who, String method, String path, String body) {
    return server.request(method, path, who.headers, body);
  }

  private Object json(Who who, String method, String path, String body) {
    Reply reply = ask(who, method, path, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return Json.parse(reply.bytes());
  }

  private Map<String, @Nullable Object> object(Who who, String method, String path, String body) {
    return Json.asObject((Map<?, ?>) json(who, method, path, body));
  }

  private static List<String> ids(@Nullable Object rows) {
    return ((List<?>) rows)
        .stream().map(row -> String.valueOf(((Map<?, ?>) row).get("id"))).toList();
  }

  private void refuses(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).contains("\"code\":\"" + code + "\"");
    assertThat(server.announced()).isEmpty();
  }

  // ---- reading ----

  /**
   * A caller who owns nothing gets nothing, an owner gets what is theirs, and nobody is refused.
   */
  @ParameterizedTest
  @EnumSource(Who.class)
  void everyCollectionHoldsWhatTheCallerMaySee(Who who) {
    List<String> seen = who.todos();

    Map<String, @Nullable Object> list = object(who, "GET", "/api/entities/Todo", "");
    assertThat(ids(list.get("data"))).isEqualTo(seen);
    assertThat(list).containsEntry("count", (long) seen.size());
    assertThat(ids(object(who, "GET", "/api/entities/Todo?limit=2&offset=1", "").get("data")))
        .isEqualTo(seen.stream().skip(1).limit(2).toList());
    assertThat(ids(json(who, "POST", "/api/query/Todo", "{}"))).isEqualTo(seen);
    assertThat(
            ids(
                json(
                    who, "POST", "/api/query/Todo", "{\"$limit\":2,\"$order\":{\"id\":\"desc\"}}")))
        .isEqualTo(seen.reversed().stream().limit(2).toList());
    Map<String, @Nullable Object> page =
        object(who, "GET", "/api/entities/Todo/cursor?limit=2", "");
    assertThat(ids(page.get("data"))).isEqualTo(seen.stream().limit(2).toList());
    assertThat(page).containsEntry("has_more", seen.size() > 2);
    assertThat(json(who, "POST", "/api/aggregate/Todo", "{\"count\":\"*\"}"))
        .isEqualTo(Map.of("rows", List.of(Map.of("count", (long) seen.size()))));
    Map<String, @Nullable Object> found =
        object(who, "POST", "/api/search/Todo", "{\"query\":\"milk\",\"facets\":[\"shared\"]}");
    assertThat(ids(found.get("hits"))).containsExactlyInAnyOrderElementsOf(seen);
    assertThat(found).containsEntry("total", (long) seen.size());
  }

  @ParameterizedTest
  @EnumSource(Who.class)
  void aRowIsFoundWhereItMayBeSeenAndOtherwiseMissing(Who who) {
    for (String id : List.of("t1", "t2", "t3", "t4", "t5", "t9")) {
      int status = who.todos().contains(id) ? 200 : 404;

      assertThat(ask(who, "GET", "/api/entities/Todo/" + id, "").status()).as(id).isEqualTo(status);
      assertThat(ask(who, "GET", "/api/lookup/Todo/title/milk%20" + id, "").status())
          .as(id)
          .isEqualTo(status);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Who.class,
      names = {"ANN", "BOB", "GUEST"})
  void whatIsIncludedIsSeenByItsOwnRule(Who who) {
    String question = "{\"User\":{\"include\":{\"todos\":{\"include\":{\"owner\":{}}}}}}";

    List<?> users = (List<?>) object(who, "POST", "/api/query", question).get("User");
    var todos =
        users.stream().flatMap(user -> ids(((Map<?, ?>) user).get("todos")).stream()).toList();

    assertThat(todos).isEqualTo(who.todos());
  }

  @Test
  void whatCouldNeverBeSeenIsRefused() {
    for (Who who : List.of(Who.ANONYMOUS, Who.ANN)) {
      for (String path :
          List.of(
              "/api/entities/Secret",
              "/api/entities/Secret/cursor",
              "/api/entities/Secret/s1",
              "/api/entities/Secret/s9",
              "/api/lookup/Secret/text/x")) {
        refuses(ask(who, "GET", path, ""), 403, "POLICY_DENIED");
      }
      for (String path : List.of("/api/query/Secret", "/api/aggregate/Secret")) {
        refuses(ask(who, "POST", path, "{\"count\":\"*\"}"), 403, "POLICY_DENIED");
      }
      refuses(ask(who, "POST", "/api/query", "{\"Secret\":{}}"), 403, "POLICY_DENIED");
    }
    refuses(ask(Who.ANONYMOUS, "GET", "/api/entities/Members", ""), 403, "POLICY_DENIED");
    assertThat(ids(object(Who.GUEST, "GET", "/api/entities/Members", "").get("data"))).hasSize(1);
    assertThat(ask(Who.ADMINISTRATOR, "GET", "/api/entities/Secret/s1", "").status())
        .isEqualTo(200);
  }

  @Test
  void whoWorksForATenantSeesItsRowsAndNobodyThoseOfNone() {
    assertThat(ids(object(Who.ANN_OF_ACME, "GET", "/api/entities/Doc", "").get("data")))
        .containsExactly("d1");
    assertThat(ids(object(Who.ANN, "GET", "/api/entities/Doc", "").get("data"))).isEmpty();
    assertThat(ids(object(Who.ANONYMOUS, "GET", "/api/entities/Doc", "").get("data"))).isEmpty();
  }

  // ---- writing ----

  @Test
  void rowsAreAddedAsTheRuleAllows() {
    String anns = "{\"title\":\"new\",\"ownerId\":\"ann\"}";

    refuses(ask(Who.ANONYMOUS, "POST", "/api/entities/Todo", anns), 403, "POLICY_DENIED");
    refuses(ask(Who.BOB, "POST", "/api/entities/Todo", anns), 403, "POLICY_DENIED");
    refuses(
        ask(Who.ANONYMOUS, "POST", "/api/entities/Todo", "{\"title\":\"of nobody\"}"),
        403,
        "POLICY_DENIED");
    assertThat(ask(Who.ANN, "POST", "/api/entities/Todo", anns).status()).isEqualTo(201);
    assertThat(server.announced()).containsExactly("insert Todo new");
  }

  @Test
  void aRowIsNeitherTakenNorGivenAway() {
    String path = "/api/entities/Todo/";

    refuses(ask(Who.ANN, "PATCH", path + "t1", "{\"ownerId\":\"bob\"}"), 403, "POLICY_DENIED");
    refuses(ask(Who.ANN, "PATCH", path + "t4", "{\"ownerId\":\"ann\"}"), 403, "POLICY_DENIED");
    refuses(ask(Who.ANN, "PATCH", path + "t3", "{\"title\":\"x\"}"), 404, "NOT_FOUND");
    refuses(ask(Who.ANN, "PATCH", path + "t9", "{\"title\":\"x\"}"), 404, "NOT_FOUND");
    assertThat(ask(Who.ANN, "PATCH", path + "t1", "{\"title\":\"x\"}").status()).isEqualTo(200);
    assertThat(server.announced()).containsExactly("update Todo t1 title=x");
  }

  @Test
  void rowsAreDeletedByTheirOwners() {
    String path = "/api/entities/Todo/";

    refuses(ask(Who.ANN, "DELETE", path + "t4", ""), 403, "POLICY_DENIED");
    refuses(ask(Who.ANN, "DELETE", path + "t3", ""), 404, "NOT_FOUND");
    refuses(ask(Who.ANONYMOUS, "DELETE", path + "t1", ""), 404, "NOT_FOUND");
    refuses(ask(Who.ANN, "DELETE", "/api/entities/Secret/s1", ""), 403, "POLICY_DENIED");
    assertThat(ask(Who.ANN, "DELETE", path + "t1", "").status()).isEqualTo(200);
    assertThat(server.announced()).containsExactly("delete Todo t1");
  }

  @Test
  void aLinkNeedsItsSourceToBeChangedAndItsTargetToBeSeen() {
    String link = "{\"entity\":\"Todo\",\"id\":\"%s\",\"relation\":\"owner\",\"target_id\":\"%s\"}";

    refuses(ask(Who.ANN, "POST", "/api/link", link.formatted("t3", "ann")), 404, "NOT_FOUND");
    refuses(ask(Who.ANN, "POST", "/api/link", link.formatted("t4", "ann")), 403, "POLICY_DENIED");
    refuses(ask(Who.ANN, "POST", "/api/link", link.formatted("t1", "bob")), 403, "POLICY_DENIED");
    refuses(
        ask(Who.ANONYMOUS, "POST", "/api/link", link.formatted("t4", "ann")), 403, "POLICY_DENIED");
    assertThat(ask(Who.ANN, "POST", "/api/link", link.formatted("t1", "ann")).status())
        .isEqualTo(200);
    String unlink = "{\"entity\":\"Todo\",\"id\":\"%s\",\"relation\":\"owner\"}";
    refuses(ask(Who.BOB, "POST", "/api/unlink", unlink.formatted("t1")), 404, "NOT_FOUND");
  }

  @Test
  void manyWritesAtOnceAreForAdmins() {
    for (String path : List.of("/api/batch", "/api/transact", "/api/import")) {
      refuses(ask(Who.ANONYMOUS, "POST", path, "{}"), 403, "FORBIDDEN");
    }
    String row = "[{\"op\":\"insert\",\"entity\":\"Secret\",\"data\":{\"text\":\"y\"}}]";

    assertThat(ask(Who.ADMINISTRATOR, "POST", "/api/transact", row).status()).isEqualTo(200);
  }

  @Test
  void anActionIsDoneByWhomItsPolicyLets() {
    refuses(ask(Who.BOB, "POST", "/api/actions/archive", "{\"by\":\"ann\"}"), 403, "POLICY_DENIED");
    refuses(ask(Who.ANONYMOUS, "POST", "/api/actions/archive", "{}"), 403, "POLICY_DENIED");
    assertThat(ask(Who.ANN, "POST", "/api/actions/archive", "{\"by\":\"ann\"}").status())
        .isEqualTo(200);
    assertThat(ask(Who.ADMINISTRATOR, "POST", "/api/actions/archive", "{}").status())
        .isEqualTo(200);
  }

  // ---- what is hidden ----

  private Stream<Reply> everythingAboutUsers(Who who) {
    return Stream.of(
            List.of("GET", "/api/entities/User", ""),
            List.of("GET", "/api/entities/User/ann", ""),
            List.of("GET", "/api/entities/User/cursor", ""),
            List.of("POST", "/api/query/User", "{}"),
            List.of("POST", "/api/query", "{\"User\":{}}"),
            List.of("POST", "/api/query", "{\"Todo\":{\"include\":{\"owner\":{}}}}"),
            List.of("GET", "/api/lookup/User/email/ann@x.org", ""),
            List.of("POST", "/api/search/User", "{\"query\":\"ann\",\"facets\":[\"phone\"]}"))
        .map(one -> ask(who, one.getFirst(), one.get(1), one.getLast()));
  }

  @Test
  void hiddenFieldsLeaveByNoRoute() {
    for (Who who : List.of(Who.ANN, Who.BOB, Who.ADMINISTRATOR)) {
      assertThat(everythingAboutUsers(who))
          .allSatisfy(reply -> {
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.body())
                .doesNotContain("argon2", "passwordHash", "555-", "\"phone\"", "_note");
          });
    }
    for (String path : List.of("/api/export", "/api/export/User")) {
      assertThat(ask(Who.ADMINISTRATOR, "GET", path, "").body())
          .contains("ann@x.org")
          .doesNotContain("argon2", "555-");
    }
    assertThat(ask(Who.ADMINISTRATOR, "GET", "/api/export/User?hidden=1", "").body())
        .contains("$argon2a", "555-1");
    assertThat(ask(Who.ADMINISTRATOR, "POST", "/api/admin/users/ann/export", "").body())
        .contains("ann@x.org")
        .doesNotContain("argon2", "555-");
  }

  /** Otherwise one could ask for them letter by letter. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/query/User | {'passwordHash': {'$startsWith': '$argon'}}",
        "/api/query/User | {'$order': {'phone': 'asc'}}",
        "/api/query/User | {'_note': null}",
        "/api/query | {'User': {'where': {'phone': '555-1'}}}",
        "/api/query | {'User': {'order': {'phone': 'asc'}}}",
        "/api/aggregate/User | {'count': '*', 'groupBy': ['phone']}",
        "/api/aggregate/User | {'min': ['passwordHash']}",
        "/api/aggregate/User | {'count': '*', 'where': {'phone': '555-1'}}",
      })
  void hiddenFieldsCannotBeAskedFor(String question) {
    String[] parts = question.split(" \\| ");

    for (Who who : List.of(Who.ANN, Who.ADMINISTRATOR)) {
      refuses(ask(who, "POST", parts[0], parts[1].replace('\'', '"')), 400, "INVALID_COLUMN");
    }
  }

  @Test
  void hiddenFieldsAreNotSearched() {
    assertThat(object(Who.ANN, "POST", "/api/search/User", "{\"query\":\"555\"}"))
        .containsEntry("total", 0L);
    assertThat(json(Who.ANN, "POST", "/api/query/User", "{\"$search\":\"555\"}"))
        .isEqualTo(List.of());
    refuses(ask(Who.ANN, "GET", "/api/lookup/User/phone/555-1", ""), 400, "INVALID_COLUMN");
  }

  // ---- why ----

  @Test
  void anAdminLearnsWhy() {
    String question =
        "{\"op\":\"read\",\"entity\":\"Todo\",\"id\":\"t3\",\"as\":{\"user_id\":\"ann\"}}";

    Map<String, @Nullable Object> why =
        object(Who.ADMINISTRATOR, "POST", "/api/admin/policy/explain", question);

    assertThat(why).containsEntry("result", "deny").containsEntry("row", "found");
    assertThat(Json.text(why.get("decided_by")))
        .contains("\"policy\":\"own\"", "\"rule\":\"allowRead\"", "\"value\":\"bob\"");
    for (Who who : List.of(Who.ANONYMOUS)) {
      refuses(ask(who, "POST", "/api/admin/policy/explain", question), 403, "FORBIDDEN");
    }
  }
}
