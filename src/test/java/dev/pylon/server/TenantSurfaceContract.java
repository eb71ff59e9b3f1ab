package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.model.Deadline;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is kept out of which rows beside policies: other tenants, and keys with other scopes. */
abstract class TenantSurfaceContract {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true}]},
         {"name": "Doc", "indexes": [], "fields": [
           {"name": "title", "type": "string", "optional": true, "unique": false},
           {"name": "stars", "type": "int", "optional": true, "unique": false},
           {"name": "folderId", "type": "id(Folder)", "optional": true, "unique": false},
           {"name": "orgId", "type": "string", "optional": true, "unique": false}],
          "search": {"text": ["title"]},
          "relations": [{"name": "folder", "target": "Folder", "field": "folderId"}]},
         {"name": "Folder", "indexes": [], "fields": [
           {"name": "name", "type": "string", "optional": true, "unique": false},
           {"name": "tenantId", "type": "string", "optional": true, "unique": false}]},
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": true, "unique": false}]},
         {"name": "OrgMember", "indexes": [], "fields": [
           {"name": "userId", "type": "string", "optional": false, "unique": false},
           {"name": "orgId", "type": "string", "optional": false, "unique": false}]}],
       "actions": [{"name": "archive", "input": []}]}
      """;

  @TempDir Path folder;
  private AccountServer server;
  private String ann = "";
  private String bob = "";
  private String eve = "";

  abstract Database open(Path folder);

  /** Ann is of acme, Bob of beta, and Eve has selected nobody. */
  @BeforeEach
  void start() throws IOException {
    server = AccountServer.startWithTenants(open(folder), MANIFEST);
    server.row("OrgMember", "m1", Map.of("userId", "ann", "orgId", "acme"));
    server.row("OrgMember", "m2", Map.of("userId", "bob", "orgId", "beta"));
    server.row("Folder", "f1", Map.of("name", "acme's", "tenantId", "acme"));
    server.row("Folder", "f2", Map.of("name", "beta's", "tenantId", "beta"));
    server.row(
        "Doc", "d1", Map.of("title", "plan one", "stars", 1L, "orgId", "acme", "folderId", "f1"));
    server.row(
        "Doc", "d2", Map.of("title", "plan two", "stars", 2L, "orgId", "beta", "folderId", "f2"));
    server.row("Doc", "d3", Map.of("title", "plan three", "stars", 4L));
    server.row("Note", "n1", Map.of("text", "for all"));
    ann = member("ann", "acme");
    bob = member("bob", "beta");
    eve = server.as("eve");
  }

  private String member(String user, String org) {
    String session = server.as(user);
    assertThat(
            server
                .post("/api/auth/select-org", session, "{\"orgId\": \"%s\"}".formatted(org))
                .status())
        .isEqualTo(200);
    return session;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  // ---- reading ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET|/api/entities/Doc|",
        "GET|/api/entities/Doc/cursor|",
        "POST|/api/query/Doc|{}",
        "POST|/api/query|{\"Doc\": {\"include\": {\"folder\": {}}}}",
        "POST|/api/search/Doc|{\"query\": \"plan\"}"
      })
  void everyWayToReadShowsTheRowsOfOnesTenant(String method, String path, String body) {
    String asked = body == null ? "" : body;

    Reply ofAnn = server.request(method, path, ann, asked);
    Reply ofEve = server.request(method, path, eve, asked);

    assertThat(ofAnn.status()).as(ofAnn.body()).isEqualTo(200);
    assertThat(ofAnn.body()).contains("\"d1\"").doesNotContain("\"d2\"", "\"d3\"", "beta");
    assertThat(ofEve.body()).doesNotContain("\"d1\"", "\"d2\"", "\"d3\"");
    assertThat(server.request(method, path, ADMIN, asked).body())
        .contains("\"d1\"", "\"d2\"", "\"d3\"");
  }

  @Test
  void totalsAreThoseOfOnesTenant() {
    String body = "{\"count\": \"*\", \"sum\": [\"stars\"]}";

    assertThat(server.post("/api/aggregate/Doc", ann, body).body())
        .contains("1")
        .doesNotContain("7");
    assertThat(server.post("/api/aggregate/Doc", bob, body).body()).contains("2");
    assertThat(server.post("/api/aggregate/Doc", eve, body).body()).doesNotContain("7", "1", "2");
  }

  @Test
  void aRowOfAnotherTenantIsNotThere() {
    assertThat(server.get("/api/entities/Doc/d1", ann).status()).isEqualTo(200);
    assertThat(server.get("/api/entities/Doc/d1", bob).status()).isEqualTo(404);
    assertThat(server.get("/api/entities/Doc/d1", eve).status()).isEqualTo(404);
    assertThat(server.get("/api/entities/Note/n1", eve).status()).isEqualTo(200);
  }

  // ---- writing ----

  @Test
  void aNewRowBelongsToTheTenantOfWhoAddsIt() {
    Reply stamped = server.post("/api/entities/Doc", ann, "{\"title\": \"x\"}");
    Reply named = server.post("/api/entities/Doc", ann, "{\"orgId\": \"acme\"}");
    Reply foreign = server.post("/api/entities/Doc", ann, "{\"orgId\": \"beta\"}");
    Reply nobodys = server.post("/api/entities/Doc", eve, "{\"title\": \"x\"}");
    Reply free = server.post("/api/entities/Note", eve, "{\"text\": \"x\"}");

    assertThat(server.store().get("Doc", text(stamped, "id")).orElseThrow())
        .containsEntry("orgId", "acme");
    assertThat(named.status()).isEqualTo(201);
    assertThat(foreign.status()).isEqualTo(403);
    assertThat(foreign.body()).contains("TENANT_MISMATCH");
    assertThat(nobodys.status()).isEqualTo(403);
    assertThat(nobodys.body()).contains("TENANT_REQUIRED");
    assertThat(free.status()).isEqualTo(201);
  }

  @Test
  void rowsOfOthersAreNotChangedAndOwnOnesNotGivenAway() {
    assertThat(patch("d1", ann, "{\"title\": \"y\"}").status()).isEqualTo(200);
    assertThat(patch("d1", bob, "{\"title\": \"z\"}").status()).isEqualTo(404);
    assertThat(patch("d1", eve, "{\"title\": \"z\"}").body()).contains("TENANT_REQUIRED");
    assertThat(patch("d1", ann, "{\"orgId\": \"beta\"}").body()).contains("TENANT_MISMATCH");
    assertThat(patch("d1", ann, "{\"orgId\": null}").body()).contains("TENANT_MISMATCH");
    assertThat(server.request("DELETE", "/api/entities/Doc/d1", bob, "").status()).isEqualTo(404);
    assertThat(server.store().get("Doc", "d1").orElseThrow())
        .containsEntry("title", "y")
        .containsEntry("orgId", "acme");
    assertThat(server.request("DELETE", "/api/entities/Doc/d1", ann, "").status()).isEqualTo(200);
  }

  private Reply patch(String id, String headers, String body) {
    return server.request("PATCH", "/api/entities/Doc/" + id, headers, body);
  }

  @Test
  void nobodyLinksToARowOfAnotherTenant() {
    String link =
        "{\"entity\": \"Doc\", \"id\": \"%s\", \"relation\": \"folder\", \"target_id\": \"%s\"}";

    assertThat(server.post("/api/link", ann, link.formatted("d1", "f2")).status()).isEqualTo(400);
    assertThat(server.post("/api/link", ann, link.formatted("d2", "f1")).status()).isEqualTo(404);
    assertThat(server.post("/api/link", ann, link.formatted("d1", "f1")).status()).isEqualTo(200);
  }

  @Test
  void administratorsAndFunctionsWriteRowsOfAll() {
    String batch =
        """
        {"operations": [
          {"op": "insert", "entity": "Doc", "data": {"title": "a", "orgId": "beta"}},
          {"op": "insert", "entity": "Doc", "data": {"title": "b"}}]}
        """;

    assertThat(server.post("/api/batch", ADMIN, batch).body()).doesNotContain("TENANT");
    String byFunction =
        server
            .store()
            .write(
                Deadline.after(Duration.ofSeconds(5)),
                tx -> tx.insert("Doc", Map.of("title", "by a function")));
    assertThat(server.store().get("Doc", byFunction).orElseThrow().get("orgId")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`'op':'read','id':'d1'`                            | acme | allow",
        "`'op':'read','id':'d1'`                            | beta | deny",
        "`'op':'read','id':'d3'`                            | acme | deny",
        "`'op':'read'`                                      | acme | allow",
        "`'op':'read'`                                      |      | deny",
        "`'op':'insert','data':{'title':'x'}`               | acme | allow",
        "`'op':'insert','data':{'orgId':null}`              | acme | allow",
        "`'op':'insert','data':{'orgId':'beta'}`            | acme | deny",
        "`'op':'update','id':'d1','data':{'orgId':'beta'}`  | acme | deny",
        "`'op':'update','id':'d1','data':{'title':'y'}`     | acme | allow",
        "`'op':'update','id':'d1','data':{'title':'y'}`     | beta | deny",
      })
  void whyNobodyReachesTheRowsOfAnotherTenantIsExplained(
      String question, String tenant, String result) {
    String as =
        tenant == null
            ? "'user_id':'ann'"
            : "'user_id':'ann','tenant_id':'%s'".formatted(tenant.strip());
    String asked = "{%s,'entity':'Doc','as':{%s}}".formatted(question, as).replace('\'', '"');

    Reply reply = server.post("/api/admin/policy/explain", ADMIN, asked);

    assertThat(object(reply)).as(reply.body()).containsEntry("result", result);
    assertThat(reply.body().contains("PYLON_TENANT_SCOPE")).isEqualTo(result.equals("deny"));
  }

  @Test
  void whoLeavesATenantSeesItsRowsNoMoreAfterAMinuteAtMost() {
    assertThat(server.get("/api/entities/Doc/d1", ann).status()).isEqualTo(200);
    server.post("/api/auth/select-org", ann, "{\"orgId\": null}");

    assertThat(server.get("/api/entities/Doc/d1", ann).status()).isEqualTo(404);
  }

  // ---- keys ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // scopes | read notes | write notes | read users
        "            |200|201|200",
        "*           |200|201|200",
        "billing     |200|201|200",
        "read        |200|403|200",
        "write       |200|201|200",
        "read,billing|200|403|200",
        "read:Note   |200|403|403",
        "write:Note  |200|201|403",
        "read:User   |403|403|200",
        "fn:other    |403|403|403"
      })
  void aKeyReachesWhatItsScopesName(String scopes, int read, int write, int users) {
    String body =
        scopes == null
            ? "{\"name\": \"k\"}"
            : "{\"name\": \"k\", \"scopes\": \"%s\"}".formatted(scopes.strip());
    String key = bearer(text(server.post("/api/auth/api-keys", server.as("ann"), body), "key"));

    assertThat(server.get("/api/entities/Note", key).status()).isEqualTo(read);
    assertThat(server.get("/api/entities/Note/n1", key).status()).isEqualTo(read);
    assertThat(server.post("/api/query/Note", key, "{}").status()).isEqualTo(read);
    assertThat(server.post("/api/entities/Note", key, "{\"text\": \"x\"}").status())
        .isEqualTo(write);
    assertThat(server.request("PATCH", "/api/entities/Note/n1", key, "{\"text\": \"y\"}").status())
        .isEqualTo(write == 201 ? 200 : write);
    assertThat(server.get("/api/entities/User", key).status()).isEqualTo(users);
    assertThat(server.request("DELETE", "/api/entities/Note/n1", key, "").status())
        .isEqualTo(write == 201 ? 200 : write);
  }

  /** A key of Ann's with one scope, as the header that presents it. */
  private String key(String scope) {
    String body = "{\"scopes\": \"%s\"}".formatted(scope);
    return bearer(text(server.post("/api/auth/api-keys", server.as("ann"), body), "key"));
  }

  @Test
  void theOwnersRowIsShownToNoKeyThatMayNotReadUsers() {
    server.row("User", "ann", Map.of("email", "ann@desk.example"));

    assertThat(server.get("/api/auth/session", key("read:Note")).body()).contains("\"user\":null");
    assertThat(server.get("/api/auth/session", key("read:User")).body())
        .contains("ann@desk.example");
  }

  @Test
  void anActionIsClosedToAKeyThatMayNotCallItsFunction() {
    Reply refused = server.post("/api/actions/archive", key("fn:other"), "{}");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("INSUFFICIENT_SCOPE");
    assertThat(server.post("/api/actions/archive", key("fn:archive"), "{}").status())
        .isEqualTo(200);
  }

  @Test
  void aKeyDoesNotVerifyTheAddressOfItsOwner() {
    server.row("User", "ann", Map.of("email", "ann@desk.example"));

    for (String step : List.of("send-verification", "verify")) {
      Reply refused = server.post("/api/auth/email/" + step, key("*"), "{\"code\": \"1\"}");

      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("API_KEY_AUTH_FORBIDDEN");
    }
  }

  @Test
  void whatAKeyMayNotReadIsNotIncludedEither() {
    String key = key("read:Note");

    Reply graph = server.post("/api/query", key, "{\"Doc\": {\"include\": {\"folder\": {}}}}");

    assertThat(graph.status()).isEqualTo(403);
    assertThat(graph.body()).contains("INSUFFICIENT_SCOPE");
  }
}
