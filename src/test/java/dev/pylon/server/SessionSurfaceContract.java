package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.ELSEWHERE;
import static dev.pylon.server.AccountServer.PAGE;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.model.Deadline;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions over HTTP: how they begin, what they show, and that they end. */
abstract class SessionSurfaceContract {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true},
           {"name": "passwordHash", "type": "string", "optional": true, "unique": false}]},
         {"name": "Cart", "indexes": [], "fields": [
           {"name": "userId", "type": "id(User)", "optional": true, "unique": false},
           {"name": "projectId", "type": "id(Project)", "optional": true, "unique": false}]},
         {"name": "Order", "indexes": [], "fields": [
           {"name": "buyerId", "type": "id(User)", "optional": true, "unique": false}]},
         {"name": "Project", "indexes": [], "fields": [
           {"name": "name", "type": "string", "optional": true, "unique": false}]},
         {"name": "Letter", "indexes": [], "fields": [
           {"name": "to", "type": "string", "optional": false, "unique": false}]},
         {"name": "OrgMember", "indexes": [], "fields": [
           {"name": "userId", "type": "string", "optional": false, "unique": false},
           {"name": "orgId", "type": "string", "optional": false, "unique": false}]}],
       "policies": [
         {"name": "letters", "entity": "Letter", "allow": "auth.email == data.to"}]}
      """;

  @TempDir Path folder;
  private AccountServer server;

  /** Opens the database in {@code folder}: the same one each time. */
  abstract Database open(Path folder);

  @BeforeEach
  void start() throws IOException {
    server = AccountServer.start(open(folder), MANIFEST, false);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Reply me(String headers) {
    return server.get("/api/auth/me", headers);
  }

  private @Nullable Object userOf(String headers) {
    return object(me(headers)).get("user_id");
  }

  // ---- who am I ----

  @Test
  void whoeverPresentsNothingIsNobody() {
    Reply reply = me("");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"user_id\":null,\"is_admin\":false,\"roles\":[]}");
  }

  @Test
  void anUnknownTokenIsNobodyAndNoError() {
    assertThat(me(bearer("pylon_" + "0".repeat(64))).body()).contains("\"user_id\":null");
    assertThat(me(bearer("rubbish")).body()).contains("\"user_id\":null");
  }

  @Test
  void whoIsRememberedWithoutARowIsLookedUpAgainWhenTheyHaveOne() {
    server.row("Letter", "l1", Map.of("to", "cat@example.com"));
    String cat = server.as("cat");
    assertThat(server.get("/api/entities/Letter", cat).body()).doesNotContain("l1");

    server.row("User", "cat", Map.of("email", "cat@example.com"));

    assertThat(server.get("/api/entities/Letter", cat).body()).contains("l1");
  }

  @Test
  void theAdministratorIsShownAsOne() {
    assertThat(me(ADMIN).body())
        .isEqualTo("{\"user_id\":\"__admin__\",\"is_admin\":true,\"roles\":[\"admin\"]}");
  }

  @Test
  void aSessionShowsItsUserWithoutWhatIsHidden() {
    server.row("User", "ann", Map.of("email", "ann@example.com", "passwordHash", "secret"));

    Reply reply = server.get("/api/auth/session", server.as("ann"));

    assertThat(reply.body())
        .isEqualTo(
            "{\"session\":{\"user_id\":\"ann\",\"is_admin\":false,\"roles\":[]},"
                + "\"user\":{\"id\":\"ann\",\"email\":\"ann@example.com\"}}");
  }

  @Test
  void nobodyAndGuestsAndUsersWhoAreGoneHaveNoRow() {
    assertThat(server.get("/api/auth/session", "").body()).contains("\"user\":null");
    assertThat(server.get("/api/auth/session", server.as("gone")).body())
        .contains("\"user_id\":\"gone\"", "\"user\":null");
  }

  // ---- beginnings ----

  @Test
  void sessionsOfAnybodyAreMintedForAdministratorsOnly() {
    String body = "{\"user_id\": \"ann\"}";

    assertThat(server.post("/api/auth/session", "", body).status()).isEqualTo(403);
    assertThat(server.post("/api/auth/session", server.as("bob"), body).status()).isEqualTo(403);
    assertThat(server.post("/api/auth/session", ADMIN, "{}").body()).contains("MISSING_USER_ID");
    assertThat(server.post("/api/auth/session", ADMIN, "[").body()).contains("INVALID_JSON");
    Reply minted = server.post("/api/auth/session", ADMIN, body);
    assertThat(minted.status()).isEqualTo(201);
    assertThat(object(minted).keySet()).containsExactly("token", "user_id");
    assertThat(text(minted, "token")).matches("pylon_[0-9a-f]{64}");
    assertThat(userOf(bearer(text(minted, "token")))).isEqualTo("ann");
  }

  @Test
  void inDevModeWhoeverIsOnThisMachineMintsThem() throws IOException {
    server.close();
    server = AccountServer.start(open(folder), MANIFEST, true);
    String body = "{\"user_id\": \"ann\"}";

    assertThat(server.post("/api/auth/session", "", body).status()).isEqualTo(201);
    assertThat(server.post("/api/auth/session", ELSEWHERE, body).status()).isEqualTo(403);
    assertThat(server.post("/api/auth/upgrade", ELSEWHERE, body).status()).isEqualTo(403);
  }

  @Test
  void guestsAreKnownAsGuests() {
    Reply guest = server.post("/api/auth/guest", "", "");
    Reply anonymous = server.post("/api/auth/anonymous", "", "");

    assertThat(guest.status()).isEqualTo(201);
    assertThat(object(guest)).containsEntry("guest", true);
    assertThat(anonymous.status()).isEqualTo(200);
    assertThat(object(anonymous).keySet())
        .containsExactly("expires_at", "is_guest", "token", "user_id");
    assertThat(text(guest, "user_id")).matches("guest_[0-9a-f]{32}");
    assertThat(me(bearer(text(guest, "token"))).body()).contains("\"is_guest\":true");
  }

  @Test
  void oneAddressBeginsSoManyGuestsAndNoMore() {
    int accepted = 0;
    Reply reply = server.post("/api/auth/guest", "", "");
    while (reply.status() == 201 && accepted < 1_000) {
      accepted++;
      reply = server.post("/api/auth/guest", "", "");
    }

    assertThat(accepted).isEqualTo(30);
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.body()).contains("RATE_LIMITED", "retry_after_secs");
    assertThat(server.post("/api/auth/guest", ELSEWHERE, "").status()).isEqualTo(201);
  }

  // ---- cookies ----

  @Test
  void pagesGetTheTokenInACookieThatScriptsCannotRead() {
    Reply plain = server.post("/api/auth/guest", "", "");
    Reply page = server.post("/api/auth/guest", PAGE, "");

    assertThat(plain.header("Set-Cookie")).isEmpty();
    assertThat(page.header("Set-Cookie"))
        .hasValue(
            "app_session="
                + text(page, "token")
                + "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    assertThat(userOf("Cookie: a=b; app_session=" + text(page, "token") + "\n"))
        .isEqualTo(text(page, "user_id"));
  }

  @Test
  void aBearerTokenIsHeardBeforeTheCookie() {
    Reply guest = server.post("/api/auth/guest", "", "");
    String cookie = "Cookie: app_session=" + text(guest, "token") + "\n";

    assertThat(userOf(server.as("ann") + cookie)).isEqualTo("ann");
    assertThat(userOf(bearer("rubbish") + cookie)).isNull();
  }

  @Test
  void leavingTakesTheCookieAndTheSessionAway() {
    String ann = server.as("ann");
    assertThat(userOf(ann)).isEqualTo("ann");

    Reply left = server.request("DELETE", "/api/auth/session", ann, "");

    assertThat(left.body()).isEqualTo("{\"revoked\":true}");
    assertThat(left.header("Set-Cookie").orElse("")).startsWith("app_session=; Path=/; Max-Age=0");
    assertThat(userOf(ann)).isNull();
  }

  // ---- the life of a session ----

  @Test
  void aSessionOutlivesTheServer() throws IOException {
    String ann = server.as("ann");

    server.close();
    server = AccountServer.start(open(folder), MANIFEST, false);

    assertThat(userOf(ann)).isEqualTo("ann");
  }

  @Test
  void theApplicationSaysHowLongSessionsLastAndWhatTheyShow() throws IOException {
    server.close();
    String auth =
        "\"routes\": [], \"auth\": {\"session\": {\"expires_in\": 60},"
            + " \"user\": {\"entity\": \"User\", \"expose\": [\"passwordHash\"]}},";
    server = AccountServer.start(open(folder), MANIFEST.replace("\"routes\": [],", auth), false);
    server.row("User", "ann", Map.of("email", "ann@example.com", "passwordHash", "secret"));

    Reply page = server.post("/api/auth/anonymous", PAGE, "");
    String ann = server.as("ann");

    assertThat(page.header("Set-Cookie").orElse("")).contains("; Max-Age=60;");
    assertThat(object(page)).containsEntry("expires_at", server.seconds() + 60);
    assertThat(server.get("/api/auth/session", ann).body()).endsWith(",\"user\":{\"id\":\"ann\"}}");
    assertThat(server.get("/api/entities/User/ann", ann).body()).isEqualTo("{\"id\":\"ann\"}");
    server.pass(Duration.ofSeconds(59));
    assertThat(userOf(ann)).isEqualTo("ann");
    server.pass(Duration.ofSeconds(1));
    assertThat(userOf(ann)).isNull();
  }

  @Test
  void aSessionEndsInItsTimeAlsoWhereItIsRemembered() {
    String ann = server.as("ann");
    server.pass(Duration.ofDays(30).minusSeconds(1));
    assertThat(userOf(ann)).isEqualTo("ann");

    server.pass(Duration.ofSeconds(1));

    assertThat(userOf(ann)).isNull();
    assertThat(server.post("/api/auth/refresh", ann, "").body()).contains("SESSION_EXPIRED");
  }

  @Test
  void aRefreshedSessionHasAnotherTokenAndTheSameTenant() {
    server.row("OrgMember", "m1", Map.of("userId", "ann", "orgId", "acme"));
    String ann = server.as("ann");
    server.post("/api/auth/select-org", ann, "{\"orgId\": \"acme\"}");
    server.pass(Duration.ofDays(20));

    Reply refreshed = server.post("/api/auth/refresh", ann + PAGE, "");

    assertThat(object(refreshed).keySet()).containsExactly("expires_at", "token", "user_id");
    assertThat(refreshed.header("Set-Cookie")).isPresent();
    String renewed = bearer(text(refreshed, "token"));
    assertThat(me(renewed).body()).contains("\"tenant_id\":\"acme\"");
    assertThat(userOf(ann)).isNull();
    assertThat(server.post("/api/auth/refresh", ann, "").body()).contains("SESSION_EXPIRED");
    server.pass(Duration.ofDays(20));
    assertThat(userOf(renewed)).isEqualTo("ann");
  }

  @Test
  void withoutASessionThereIsNothingToRefresh() {
    Reply reply = server.post("/api/auth/refresh", "", "");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.body()).contains("AUTH_REQUIRED");
  }

  @Test
  void usersSeeTheirOwnSessionsAndEndThemAll() {
    String first = server.as("ann");
    String second = server.as("ann");
    String other = server.as("bob");

    Reply list = server.get("/api/auth/sessions", first + "User-Agent: test\n");

    assertThat(list.status()).isEqualTo(200);
    assertThat(list.body())
        .contains("\"user_id\":\"ann\"", "\"token_prefix\":\"pylon_")
        .doesNotContain("bob", first.substring(22, 60));
    assertThat(server.get("/api/auth/sessions", "").status()).isEqualTo(401);
    assertThat(userOf(second)).isEqualTo("ann");
    assertThat(server.request("DELETE", "/api/auth/sessions", first, "").body())
        .isEqualTo("{\"revoked_count\":2}");
    assertThat(userOf(first)).isNull();
    assertThat(userOf(second)).isNull();
    assertThat(userOf(other)).isEqualTo("bob");
  }

  @Test
  void oneUserHasAHundredSessionsAtMost() {
    String first = server.as("ann");
    for (int i = 0; i < 100; i++) {
      server.pass(Duration.ofSeconds(1));
      server.as("ann");
    }

    assertThat(userOf(first)).isNull();
  }

  // ---- what is kept ----

  @Test
  void tokensAreKeptAsHashesOnly() throws Exception {
    String token = server.as("ann").substring("Authorization: Bearer ".length()).strip();
    String hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8)));

    assertThat(kept()).containsExactly(hash);
  }

  @Test
  void tokensOfAnEarlierServerAreHiddenAndStillGood() throws IOException {
    server.as("somebody");
    String token = "pylon_" + "ab".repeat(32);
    boolean unused =
        server
            .database()
            .writeOwn(
                Deadline.after(Duration.ofSeconds(5)),
                transaction ->
                    transaction.run(session -> {
                      session.execute(Sql.of("DELETE FROM _pylon_sessions"));
                      session.execute(
                          Sql.of("ALTER TABLE _pylon_sessions DROP COLUMN token_prefix"));
                      session.execute(
                          Sql.of(
                              "INSERT INTO _pylon_sessions (token, user_id, expires_at, created_at)"
                                  + " VALUES (?, 'ann', 4000000000, 1)",
                              token));
                      return true;
                    }));
    server.close();

    server = AccountServer.start(open(folder), MANIFEST, false);

    assertThat(userOf(bearer(token))).isEqualTo("ann");
    assertThat(kept()).hasSize(1).noneMatch(text -> text.contains("pylon"));
    assertThat(server.get("/api/auth/sessions", bearer(token)).body())
        .contains("\"token_prefix\":\"pylon_ab\"");
  }

  private List<String> kept() {
    return server
        .database()
        .read(session ->
            session.list(Sql.of("SELECT token FROM _pylon_sessions"), row -> row.requiredText(0)));
  }

  // ---- guests become users ----

  @Test
  void anUpgradedGuestKeepsTheTokenAndTheRows() {
    Reply guest = server.post("/api/auth/guest", "", "");
    String guestId = text(guest, "user_id");
    String token = text(guest, "token");
    server.row("Cart", "c1", Map.of("userId", guestId, "projectId", guestId));
    server.row("Cart", "c2", Map.of("userId", guestId));
    server.row("Order", "o1", Map.of("buyerId", guestId));
    assertThat(userOf(bearer(token))).isEqualTo(guestId);

    Reply upgraded =
        server.post(
            "/api/auth/upgrade",
            ADMIN + "Cookie: app_session=" + token + "\n",
            "{\"user_id\": \"ann\"}");

    assertThat(upgraded.body()).isEqualTo("{\"upgraded\":true,\"user_id\":\"ann\"}");
    assertThat(userOf(bearer(token))).isEqualTo("ann");
    assertThat(row("Cart", "c1"))
        .containsEntry("userId", "ann")
        .containsEntry("projectId", guestId);
    assertThat(row("Cart", "c2")).containsEntry("userId", "ann");
    assertThat(row("Order", "o1")).containsEntry("buyerId", "ann");
    assertThat(server.announced()).hasSize(6);
  }

  private Map<String, @Nullable Object> row(String entity, String id) {
    return server.store().get(entity, id).orElseThrow();
  }

  /** Another table that a guest's id happens to stand in is not of users. */
  @Test
  void whoSignsUpTakesAlongWhatWasTheirsAsAGuest() {
    Reply guest = server.post("/api/auth/guest", "", "");
    String guestId = text(guest, "user_id");
    server.row("Cart", "c1", Map.of("userId", guestId, "projectId", guestId));
    server.row("Cart", "c2", Map.of("userId", guestId));
    server.row("Order", "o1", Map.of("buyerId", guestId));

    Reply signedUp =
        server.post(
            "/api/auth/password/register",
            bearer(text(guest, "token")),
            "{\"email\": \"ann@example.com\", \"password\": \"correct horse\"}");

    String ann = text(signedUp, "user_id");
    assertThat(row("Cart", "c1")).containsEntry("userId", ann).containsEntry("projectId", guestId);
    assertThat(row("Cart", "c2")).containsEntry("userId", ann);
    assertThat(row("Order", "o1")).containsEntry("buyerId", ann);
    assertThat(server.get("/api/auth/audit", bearer(text(signedUp, "token"))).body())
        .contains("Cart.userId:2,Order.buyerId:1");
  }

  @Test
  void onlyAdministratorsUpgradeAndOnlyWhatThereIs() {
    String guest = bearer(text(server.post("/api/auth/guest", "", ""), "token"));

    assertThat(server.post("/api/auth/upgrade", guest, "{\"user_id\": \"ann\"}").status())
        .isEqualTo(403);
    assertThat(server.post("/api/auth/upgrade", ADMIN, "{\"user_id\": \"ann\"}").body())
        .contains("UPGRADE_FAILED");
    assertThat(server.post("/api/auth/upgrade", ADMIN, "{}").body()).contains("MISSING_USER_ID");
  }

  // ---- tenants ----

  @Test
  void membersSelectTheirTenantAndLeaveIt() {
    server.row("OrgMember", "m1", Map.of("userId", "ann", "orgId", "acme"));
    String ann = server.as("ann");

    assertThat(server.post("/api/auth/select-org", ann, "{\"orgId\": \"acme\"}").body())
        .isEqualTo("{\"tenantId\":\"acme\"}");
    assertThat(me(ann).body()).contains("\"tenant_id\":\"acme\"");
    assertThat(server.post("/api/auth/select-org", ann, "{\"orgId\": \"\"}").body())
        .isEqualTo("{\"tenantId\":null}");
    assertThat(me(ann).body()).doesNotContain("tenant_id");
  }

  @Test
  void strangersSelectNoTenant() {
    server.row("OrgMember", "m1", Map.of("userId", "ann", "orgId", "acme"));
    String bob = server.as("bob");

    Reply refused = server.post("/api/auth/select-org", bob, "{\"orgId\": \"acme\"}");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("NOT_A_MEMBER");
    assertThat(server.post("/api/auth/select-org", bob, "{}").body()).contains("MISSING_ORG_ID");
    assertThat(server.post("/api/auth/select-org", bob, "{\"orgId\": 1}").body())
        .contains("MISSING_ORG_ID");
    assertThat(server.post("/api/auth/select-org", "", "{\"orgId\": \"acme\"}").body())
        .contains("UNAUTHENTICATED");
  }

  @Test
  void rolesComeFromOurOwnTables() {
    String ann = server.as("ann");
    boolean unused =
        server
            .database()
            .writeOwn(
                Deadline.after(Duration.ofSeconds(5)),
                transaction ->
                    transaction.run(session ->
                        session.execute(
                                Sql.of(
                                    "INSERT INTO _pylon_org_members VALUES"
                                        + " ('acme', 'ann', 'owner', 1)"))
                            > 0));

    server.post("/api/auth/select-org", ann, "{\"orgId\": \"acme\"}");

    assertThat(me(ann).body()).contains("\"roles\":[\"owner\"]", "\"tenant_id\":\"acme\"");
    assertThat(server.get("/api/auth/audit/tenant", ann).body())
        .contains("\"action\":\"tenant_selected\"");
    assertThat(server.get("/api/auth/audit/tenant", server.as("bob")).status()).isEqualTo(403);
  }

  // ---- policies know who it is ----

  @Test
  void policiesKnowTheAddressAndHearOfANewOne() {
    server.row("User", "ann", Map.of("email", "ann@example.com"));
    server.row("Letter", "l1", Map.of("to", "ann@example.com"));
    server.row("Letter", "l2", Map.of("to", "ann@example.org"));
    String ann = server.as("ann");
    assertThat(server.get("/api/entities/Letter", ann).body())
        .contains("\"l1\"")
        .doesNotContain("\"l2\"");

    server.request("PATCH", "/api/entities/User/ann", ADMIN, "{\"email\": \"ann@example.org\"}");

    assertThat(server.get("/api/entities/Letter", ann).body())
        .contains("\"l2\"")
        .doesNotContain("\"l1\"");
    assertThat(server.get("/api/entities/Letter", "").body()).doesNotContain("\"l1\"", "\"l2\"");
  }

  /** Whoever is spoken for, or asked about, is judged as they are when they come themselves. */
  @Test
  void anAdministratorSpeaksForAndAsksAboutPeopleAsTheyAre() {
    server.row("User", "ann", Map.of("email", "ann@example.com"));
    server.row("Letter", "l1", Map.of("to", "ann@example.com"));
    server.row("Letter", "l2", Map.of("to", "bob@example.com"));
    String org = text(server.post("/api/auth/orgs", server.as("ann"), "{\"name\": \"A\"}"), "id");
    String question = "{\"entity\": \"Letter\", \"id\": \"%s\", \"as\": {\"user_id\": \"ann\"}}";
    String inTenant =
        "{\"entity\": \"Letter\", \"as\": {\"user_id\": \"ann\", \"tenant_id\": \"%s\"}}";

    assertThat(server.get("/api/entities/Letter", ADMIN + "X-Pylon-As: ann\n").body())
        .contains("\"l1\"")
        .doesNotContain("\"l2\"");
    assertThat(explained(question.formatted("l1"))).containsEntry("result", "allow");
    assertThat(explained(question.formatted("l2"))).containsEntry("result", "deny");
    assertThat(String.valueOf(explained(inTenant.formatted(org)).get("caller")))
        .contains("roles=[owner]");
  }

  private Map<String, @Nullable Object> explained(String question) {
    return object(server.post("/api/admin/policy/explain", ADMIN, question));
  }
}
