package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.PAGE;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.email.Letter;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, codes and API keys over HTTP. */
abstract class PasswordSurfaceContract {
  /** One application keeps the hash in its rows, the other has no column for it. */
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true},
           {"name": "displayName", "type": "string", "optional": true, "unique": false},
           %s
           {"name": "emailVerified", "type": "datetime", "optional": true, "unique": false},
           {"name": "avatarColor", "type": "string", "optional": true, "unique": false}]},
         {"name": "Todo", "indexes": [], "fields": [
           {"name": "title", "type": "string", "optional": true, "unique": false},
           {"name": "ownerId", "type": "id(User)", "optional": true, "unique": false}]}],
       "policies": [
         {"name": "own", "entity": "Todo", "allow": "auth.userId == data.ownerId"}]}
      """;

  private static final String HASH_COLUMN =
      """
      {"name": "passwordHash", "type": "string", "optional": true, "unique": false},
      """;

  private static final String PASSWORD = "correct horse";

  @TempDir Path folder;
  private AccountServer server;

  abstract Database open(Path folder);

  @BeforeEach
  void start() throws IOException {
    server = AccountServer.start(open(folder), MANIFEST.formatted(HASH_COLUMN), false);
  }

  private void startWithoutColumn() throws IOException {
    server.close();
    server = AccountServer.start(open(folder), MANIFEST.formatted(""), false);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Reply post(String path, String headers, Object... members) {
    return server.post(
        "/api/auth/" + path, server.newcomer(headers), Json.text(Json.object(members)));
  }

  private Reply register(String email) {
    return post("password/register", "", "email", email, "password", PASSWORD);
  }

  private Reply login(String email, String password) {
    return post("password/login", "", "email", email, "password", password);
  }

  private static String session(Reply reply) {
    return bearer(text(reply, "token"));
  }

  private static String code(Letter letter) {
    return letter.text().replaceAll("(?s).*: (\\d{6}).*", "$1");
  }

  // ---- who has an account whose address is somebody else's ----

  private String magicCode(String email) {
    assertThat(post("magic/send", "", "email", email).status()).isEqualTo(200);
    return code(server.letter());
  }

  private Reply magicSignIn(String email) {
    return post("magic/verify", "", "email", email, "code", magicCode(email));
  }

  @Test
  void whoProvesAnAddressEndsWhatAnotherLeftInItsAccount() {
    assertReclaimed("ann@example.com");
  }

  @Test
  void soDoTheyWhereTheHashLiesInOurTable() throws IOException {
    startWithoutColumn();

    assertReclaimed("ann@example.com");
  }

  private void assertReclaimed(String email) {
    String thief = session(register(email));
    String key = bearer(text(post("api-keys", thief, "name", "k"), "key"));

    String owner = session(magicSignIn(email));

    assertThat(server.userOf(thief)).isNull();
    assertThat(server.get("/api/auth/me", key).status()).isEqualTo(401);
    assertThat(login(email, PASSWORD).status()).isEqualTo(401);
    assertThat(server.userOf(owner)).isNotNull();
    assertThat(server.get("/api/auth/audit", owner).body()).contains("account_reclaimed");
  }

  @Test
  void whoHasProvedItBeforeKeepsPasswordAndSessions() {
    String ann = session(register("ann@example.com"));
    post("email/send-verification", ann);
    assertThat(post("email/verify", ann, "code", code(server.letter())).status()).isEqualTo(200);

    String again = session(magicSignIn("ann@example.com"));

    assertThat(server.userOf(ann)).isNotNull().isEqualTo(server.userOf(again));
    assertThat(login("ann@example.com", PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void aStampInTheRowIsNoProof() {
    String thief = session(register("ann@example.com"));
    String id = String.valueOf(server.userOf(thief));
    assertThat(
            server
                .request(
                    "PATCH",
                    "/api/entities/User/" + id,
                    thief,
                    "{\"emailVerified\": \"2026-01-01T00:00:00.000Z\"}")
                .status())
        .isEqualTo(200);

    magicSignIn("ann@example.com");

    assertThat(server.userOf(thief)).isNull();
  }

  @Test
  void anAddressThatWasWrittenIntoAnothersRowIsNotTheirs() {
    String thief = session(magicSignIn("eve@example.com"));
    String id = String.valueOf(server.userOf(thief));
    server.request("PATCH", "/api/entities/User/" + id, thief, "{\"email\": \"ann@example.com\"}");

    String ann = session(magicSignIn("ann@example.com"));

    assertThat(server.userOf(ann)).isEqualTo(id);
    assertThat(server.userOf(thief)).isNull();
  }

  @Test
  void aResetEndsKeysThatAnotherMade() {
    String thief = session(register("ann@example.com"));
    String key = bearer(text(post("api-keys", thief, "name", "k"), "key"));
    post("password/reset/request", "", "email", "ann@example.com");
    String token = server.letter().text().replaceAll("(?s).*token=([\\w-]+).*", "$1");

    Reply reply =
        post("password/reset/complete", "", "token", token, "newPassword", "another horse");

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(server.get("/api/auth/me", key).status()).isEqualTo(401);
    assertThat(login("ann@example.com", "another horse").status()).isEqualTo(200);
  }

  // ---- signing up and in ----

  @Test
  void whoeverSignsUpIsSignedInAndHasARow() {
    Reply reply =
        post(
            "password/register",
            PAGE,
            "email",
            "  Ann@Example.com ",
            "password",
            PASSWORD,
            "displayName",
            "Ann");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(object(reply).keySet()).containsExactly("expires_at", "token", "user_id");
    assertThat(reply.header("Set-Cookie")).isPresent();
    Map<String, @Nullable Object> row =
        server.store().get("User", text(reply, "user_id")).orElseThrow();
    assertThat(row)
        .containsEntry("email", "ann@example.com")
        .containsEntry("displayName", "Ann")
        .containsEntry("avatarColor", "#8b5cf6");
    assertThat(String.valueOf(row.get("passwordHash")))
        .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(server.announced()).hasSize(1);
    assertThat(server.userOf(session(login("ANN@example.com", PASSWORD)))).isEqualTo(row.get("id"));
  }

  @Test
  void theHashNeverLeavesTheServer() {
    String ann = session(register("ann@example.com"));

    for (String path : List.of("/api/auth/session", "/api/entities/User", "/api/export/User")) {
      Reply reply = server.get(path, path.contains("export") ? ADMIN : ann);
      assertThat(reply.body()).as(path).doesNotContain("argon2", "passwordHash");
    }
  }

  @Test
  void anApplicationWithoutAColumnForItHasPasswordsToo() throws IOException {
    startWithoutColumn();

    String ann = session(register("ann@example.com"));

    assertThat(server.userOf(ann)).isNotNull();
    assertThat(login("ann@example.com", PASSWORD).status()).isEqualTo(200);
    assertThat(login("ann@example.com", PASSWORD + "!").status()).isEqualTo(401);
    Reply changed =
        post(
            "password/change", ann, "currentPassword", PASSWORD, "newPassword", "another password");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(login("ann@example.com", "another password").status()).isEqualTo(200);
  }

  @Test
  void whatIsMissingOrBadIsNamed() {
    assertThat(post("password/register", "", "password", PASSWORD).body())
        .contains("MISSING_EMAIL");
    assertThat(post("password/register", "", "email", "a@b.c").body()).contains("MISSING_PASSWORD");
    assertThat(post("password/register", "", "email", "ann", "password", PASSWORD).body())
        .contains("INVALID_EMAIL");
    assertThat(post("password/register", "", "email", "a b@c.d", "password", PASSWORD).body())
        .contains("INVALID_EMAIL");
    assertThat(post("password/register", "", "email", "a@b.c", "password", "ninechars").body())
        .contains("WEAK_PASSWORD");
    assertThat(post("password/register", "", "email", "a@b.c", "password", "lost-password").body())
        .contains("PWNED_PASSWORD");
    assertThat(post("password/login", "", "email", "a@b.c").body()).contains("MISSING_PASSWORD");
    assertThat(server.post("/api/auth/password/login", "", "{").body()).contains("INVALID_JSON");
  }

  @Test
  void anAddressHasOneAccount() {
    register("ann@example.com");

    Reply again = register("Ann@Example.com");

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.body()).contains("EMAIL_TAKEN");
  }

  @Test
  void nobodyCanTellAWrongPasswordFromAnUnknownAddress() {
    register("ann@example.com");

    Reply wrong = login("ann@example.com", "wrong password");
    Reply unknown = login("bob@example.com", "wrong password");

    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.body()).contains("INVALID_CREDENTIALS").isEqualTo(unknown.body());
    assertThat(login("no address", "wrong password").body()).isEqualTo(unknown.body());
  }

  @Test
  void anUnknownAddressTakesAsLongAsAWrongPassword() {
    register("ann@example.com");
    login("ann@example.com", "wrong password");
    long known = Long.MAX_VALUE;
    long unknown = Long.MAX_VALUE;

    for (int i = 0; i < 10; i++) {
      long started = System.nanoTime();
      login("ann@example.com", "wrong password");
      long between = System.nanoTime();
      login("bob@example.com", "wrong password");
      known = Math.min(known, between - started);
      unknown = Math.min(unknown, System.nanoTime() - between);
    }

    // A hash takes tens of milliseconds, a look at a table less than one.
    assertThat(unknown).isGreaterThan(known / 2);
  }

  @Test
  void passwordsOfEarlierSystemsAreGoodAndKeptAnewAtTheNextSignIn() {
    server.row(
        "User",
        "ann",
        Map.of(
            "email",
            "ann@example.com",
            "passwordHash",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
    String rubbish = "$2a$10$tooShort";
    server.row("User", "bob", Map.of("email", "bob@example.com", "passwordHash", rubbish));

    assertThat(login("ann@example.com", "wrong password").status()).isEqualTo(401);
    assertThat(login("ann@example.com", "U*U").status()).isEqualTo(200);

    assertThat(String.valueOf(server.store().get("User", "ann").orElseThrow().get("passwordHash")))
        .startsWith("$argon2id$");
    assertThat(login("ann@example.com", "U*U").status()).isEqualTo(200);
    assertThat(login("bob@example.com", rubbish).status()).isEqualTo(401);
  }

  @Test
  void oneAddressTriesFivePasswordsAMinute() {
    String here = "X-Forwarded-For: 192.0.2.1\n";
    String body = "{\"email\": \"ann@example.com\", \"password\": \"wrong password\"}";
    for (int i = 0; i < 5; i++) {
      assertThat(server.post("/api/auth/password/login", here, body).status()).isEqualTo(401);
    }

    Reply refused = server.post("/api/auth/password/login", here, body);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.body()).contains("RATE_LIMITED", "Try again in");
    assertThat(refused.header("Retry-After")).isPresent();
    assertThat(login("ann@example.com", "wrong password").status()).isEqualTo(401);
  }

  @Test
  void everybodyTogetherTriesThirtyPasswordsOfOneAccountAnHour() {
    Reply reply = login("ann@example.com", "wrong password");
    int tried = 0;
    while (reply.status() == 401 && tried < 100) {
      tried++;
      reply = login("ann@example.com", "wrong password");
    }

    assertThat(tried).isEqualTo(30);
    assertThat(reply.status()).isEqualTo(429);
  }

  @Test
  void aGuestWhoSignsUpKeepsTheRows() {
    Reply guest = server.post("/api/auth/guest", "", "");
    server.row("Todo", "t1", Map.of("ownerId", text(guest, "user_id")));

    Reply signedUp =
        post("password/register", session(guest), "email", "ann@example.com", "password", PASSWORD);

    assertThat(server.store().get("Todo", "t1").orElseThrow())
        .containsEntry("ownerId", text(signedUp, "user_id"));
    assertThat(server.get("/api/entities/Todo", session(signedUp)).body()).contains("\"t1\"");
    assertThat(server.get("/api/entities/Todo", session(guest)).body()).doesNotContain("\"t1\"");
  }

  // ---- another password ----

  @Test
  void aChangedPasswordEndsAllOtherSessions() {
    String ann = session(register("ann@example.com"));
    String phone = session(login("ann@example.com", PASSWORD));
    assertThat(server.userOf(phone)).isNotNull();

    Reply wrong =
        post(
            "password/change",
            ann,
            "currentPassword",
            "guessed one",
            "newPassword",
            "x".repeat(12));
    Reply weak = post("password/change", ann, "currentPassword", PASSWORD, "newPassword", "short");
    Reply changed =
        post(
            "password/change", ann, "currentPassword", PASSWORD, "newPassword", "another password");

    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.body()).contains("WRONG_PASSWORD");
    assertThat(weak.body()).contains("WEAK_PASSWORD");
    assertThat(object(changed).keySet())
        .containsExactly("changed", "revoked_sessions", "token", "expires_at");
    assertThat(object(changed)).containsEntry("revoked_sessions", 2L);
    assertThat(server.userOf(ann)).isNull();
    assertThat(server.userOf(phone)).isNull();
    assertThat(server.userOf(session(changed))).isNotNull();
    assertThat(login("ann@example.com", PASSWORD).status()).isEqualTo(401);
    assertThat(login("ann@example.com", "another password").status()).isEqualTo(200);
    assertThat(post("password/change", "", "newPassword", "another password").status())
        .isEqualTo(401);
  }

  @Test
  void whoHasNoPasswordHasNoneToChange() {
    server.row("User", "ann", Map.of("email", "ann@example.com"));

    Reply reply =
        post(
            "password/change",
            server.as("ann"),
            "currentPassword",
            PASSWORD,
            "newPassword",
            "another password");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("NO_PASSWORD_SET");
  }

  @Test
  void aForgottenPasswordIsReplacedByALinkThatIsGoodOnce() {
    String ann = session(register("ann@example.com"));

    Reply asked = post("password/reset/request", "", "email", "Ann@example.com");
    Letter letter = server.letter();
    String token = letter.text().replaceAll("(?s).*token=([A-Za-z0-9_-]+).*", "$1");
    Reply weak = post("password/reset/complete", "", "token", token, "newPassword", "short");
    Reply done =
        post("password/reset/complete", "", "token", token, "newPassword", "another password");

    assertThat(asked.body()).isEqualTo("{\"sent\":true}");
    assertThat(letter.to()).isEqualTo("ann@example.com");
    assertThat(letter.text()).contains("https://example.com/reset-password?token=");
    assertThat(weak.body()).contains("WEAK_PASSWORD");
    assertThat(done.body()).isEqualTo("{\"reset\":true,\"revoked_sessions\":1}");
    assertThat(server.userOf(ann)).isNull();
    assertThat(login("ann@example.com", "another password").status()).isEqualTo(200);
    assertThat(
            post("password/reset/complete", "", "token", token, "newPassword", "a third password")
                .body())
        .contains("INVALID_TOKEN");
  }

  @Test
  void aLinkToResetIsGoodForHalfAnHour() {
    register("ann@example.com");
    post("password/reset/request", "", "email", "ann@example.com");
    String token = server.letter().text().replaceAll("(?s).*token=([A-Za-z0-9_-]+).*", "$1");
    server.pass(Duration.ofMinutes(30));

    Reply late =
        post("password/reset/complete", "", "token", token, "newPassword", "another password");

    assertThat(late.status()).isEqualTo(400);
    assertThat(late.body()).contains("INVALID_TOKEN");
  }

  @Test
  void strangersAreToldTheSameAndGetNoLetter() {
    register("ann@example.com");

    Reply stranger = post("password/reset/request", "", "email", "bob@example.com");
    Reply ann = post("password/reset/request", "", "email", "ann@example.com");

    assertThat(stranger.status()).isEqualTo(200);
    assertThat(stranger.body()).isEqualTo(ann.body());
    assertThat(server.letter().to()).isEqualTo("ann@example.com");
    assertThat(server.hasLetter()).isFalse();
  }

  // ---- codes ----

  @Test
  void aCodeSignsInAndMakesTheAccount() {
    Reply sent = post("magic/send", "", "email", "Ann@Example.com");
    Letter letter = server.letter();
    Reply wrong = post("magic/verify", "", "email", "ann@example.com", "code", "nonsense");
    Reply right = post("magic/verify", "", "email", "ANN@example.com", "code", code(letter));

    assertThat(sent.body()).isEqualTo("{\"email\":\"ann@example.com\",\"sent\":true}");
    assertThat(letter.subject()).isEqualTo("Your sign-in code");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.body()).contains("INVALID_CODE");
    assertThat(right.status()).isEqualTo(200);
    assertThat(server.store().get("User", text(right, "user_id")).orElseThrow())
        .containsEntry("email", "ann@example.com")
        .containsEntry("displayName", "ann@example.com")
        .containsEntry("emailVerified", "2026-03-01T12:00:00.000Z");
    assertThat(post("magic/verify", "", "email", "ann@example.com", "code", code(letter)).status())
        .isEqualTo(401);
  }

  @Test
  void aCodeStampsTheAddressOfWhoHasAnAccount() {
    String id = text(register("ann@example.com"), "user_id");
    post("magic/send", "", "email", "ann@example.com");

    Reply reply =
        post("magic/verify", "", "email", "ann@example.com", "code", code(server.letter()));

    assertThat(text(reply, "user_id")).isEqualTo(id);
    assertThat(server.store().get("User", id).orElseThrow().get("emailVerified")).isNotNull();
  }

  @Test
  void fiveWrongAttemptsEndACode() {
    post("magic/send", "", "email", "ann@example.com");
    String code = code(server.letter());
    for (int i = 0; i < 5; i++) {
      assertThat(post("magic/verify", "", "email", "ann@example.com", "code", "x").status())
          .isEqualTo(401);
    }

    Reply reply = post("magic/verify", "", "email", "ann@example.com", "code", code);

    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.body()).contains("RATE_LIMITED");
  }

  @Test
  void aCodeIsGoodForTenMinutesAndTheNextComesAfterOne() {
    post("magic/send", "", "email", "ann@example.com");
    String first = code(server.letter());
    server.pass(Duration.ofSeconds(59));
    Reply early = post("magic/send", "", "email", "ann@example.com");
    server.pass(Duration.ofSeconds(1));
    Reply later = post("magic/send", "", "email", "ann@example.com");
    String second = code(server.letter());
    server.pass(Duration.ofMinutes(10));

    assertThat(early.status()).isEqualTo(429);
    assertThat(early.body()).contains("\"retry_after_secs\":1");
    assertThat(later.status()).isEqualTo(200);
    assertThat(post("magic/verify", "", "email", "ann@example.com", "code", first).status())
        .isEqualTo(401);
    assertThat(post("magic/verify", "", "email", "ann@example.com", "code", second).status())
        .isEqualTo(401);
  }

  @Test
  void whereNoLetterLeavesThatIsSaidAndTheCodeIsNot() {
    server.loseMail();

    Reply reply = post("magic/send", "", "email", "ann@example.com");

    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.body()).contains("EMAIL_SEND_FAILED").doesNotContain("code\":\"0");
  }

  @Test
  void onlyOnThisMachineInDevModeTheCodeIsInTheAnswer() throws IOException {
    server.close();
    server = AccountServer.start(open(folder), MANIFEST.formatted(HASH_COLUMN), true);

    Reply here = server.post("/api/auth/magic/send", "", "{\"email\": \"ann@example.com\"}");
    Reply elsewhere = post("magic/send", "", "email", "bob@example.com");

    assertThat(text(here, "dev_code")).isEqualTo(code(server.letter()));
    assertThat(elsewhere.status()).isEqualTo(200);
    assertThat(elsewhere.body()).doesNotContain("dev_code");
  }

  @Test
  void oneIsVerifiedByACodeThatWasSentToOnesOwnAddress() {
    Reply signedUp = register("ann@example.com");
    String ann = session(signedUp);

    Reply sent = post("email/send-verification", ann, "email", "somebody@example.com");
    Letter letter = server.letter();
    Reply wrong = post("email/verify", ann, "code", "000 000");
    Reply asSignIn = post("magic/verify", "", "email", "ann@example.com", "code", code(letter));
    Reply right = post("email/verify", ann, "code", code(letter));

    assertThat(sent.body()).contains("ann@example.com");
    assertThat(letter.to()).isEqualTo("ann@example.com");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(asSignIn.status()).isEqualTo(401);
    assertThat(right.body())
        .isEqualTo("{\"emailVerified\":\"2026-03-01T12:00:00.000Z\",\"verified\":true}");
    assertThat(server.store().get("User", text(signedUp, "user_id")).orElseThrow())
        .containsEntry("emailVerified", "2026-03-01T12:00:00.000Z");
    assertThat(post("email/send-verification", "").body()).contains("UNAUTHORIZED");
    assertThat(post("email/verify", "", "code", "1").body()).contains("UNAUTHORIZED");
    assertThat(post("email/send-verification", server.as("gone")).body())
        .contains("USER_NOT_FOUND");
    assertThat(post("email/verify", ann).body()).contains("MISSING_CODE");
  }

  @Test
  void theSwiftClientSignsInByItsOwnNames() {
    register("ann@example.com");

    Reply password = post("password", "", "email", "ann@example.com", "password", PASSWORD);
    Reply asked = post("session", "", "email", "ann@example.com");
    Reply code = post("verify", "", "email", "ann@example.com", "code", code(server.letter()));
    Reply left = post("logout", bearer(text(password, "session_token")));

    assertThat(asked.status()).isEqualTo(200);
    assertThat(server.userOf(bearer(text(code, "session_token")))).isNotNull();
    assertThat(left.status()).isEqualTo(200);
    assertThat(server.userOf(bearer(text(password, "session_token")))).isNull();
  }

  // ---- keys ----

  @Test
  void aKeySpeaksForItsOwnerUntilItIsRevoked() {
    String ann = session(register("ann@example.com"));

    Reply made = post("api-keys", ann, "name", "CI", "scopes", "read");
    String key = bearer(text(made, "key"));
    Reply me = server.get("/api/auth/me", key);
    Reply listed = server.get("/api/auth/api-keys", ann);

    assertThat(text(made, "key")).matches("pk\\.key_[\\w-]{32}\\.[\\w-]{43}");
    assertThat(object(made).keySet())
        .containsExactly("key", "id", "prefix", "name", "scopes", "expires_at", "created_at");
    assertThat(object(me))
        .containsEntry("user_id", server.userOf(ann))
        .containsEntry("api_key_id", text(made, "id"))
        .containsEntry("api_key_scopes", "read");
    assertThat(listed.body())
        .contains(text(made, "id"), "\"last_used_at\":")
        .doesNotContain(text(made, "key"));
    String path = "/api/auth/api-keys/" + text(made, "id");
    String bob = session(register("bob@example.com"));
    assertThat(server.request("DELETE", path, bob, "").status()).isEqualTo(404);
    assertThat(server.request("DELETE", path, ann, "").body()).isEqualTo("{\"revoked\":true}");
    Reply late = server.get("/api/auth/me", key);
    assertThat(late.status()).isEqualTo(401);
    assertThat(late.body()).contains("INVALID_API_KEY");
  }

  @Test
  void aKeyThatIsForgedOrTooOldIsRefused() {
    String ann = session(register("ann@example.com"));
    Reply made = post("api-keys", ann, "name", "CI", "expires_at", 1772366460L);
    String key = text(made, "key");
    assertThat(server.get("/api/auth/me", bearer(key)).status()).isEqualTo(200);

    String forged = key.substring(0, key.length() - 1) + (key.endsWith("A") ? "B" : "A");

    assertThat(server.get("/api/auth/me", bearer(forged)).status()).isEqualTo(401);
    assertThat(server.get("/api/entities/Todo", bearer("pk.rubbish")).status()).isEqualTo(401);
    server.pass(Duration.ofSeconds(60));
    assertThat(server.get("/api/auth/me", bearer(key)).body()).contains("INVALID_API_KEY");
  }

  @Test
  void aKeyCannotChangeTheAccountOfItsOwner() {
    String ann = session(register("ann@example.com"));
    String key = bearer(text(post("api-keys", ann, "name", "CI"), "key"));

    assertThat(post("api-keys", key, "name", "more").body()).contains("API_KEY_AUTH_FORBIDDEN");
    assertThat(post("password/change", key, "newPassword", "another password").status())
        .isEqualTo(403);
    assertThat(server.request("DELETE", "/api/auth/sessions", key, "").status()).isEqualTo(403);
  }

  // ---- what is written down ----

  @Test
  void whatUsersDidCanBeReadLater() {
    Reply signedUp = register("ann@example.com");
    login("ann@example.com", "wrong password");
    String ann = session(signedUp);
    post("api-keys", ann, "name", "CI");

    Reply audit = server.get("/api/auth/audit", ann);

    assertThat(audit.body())
        .contains("\"action\":\"sign_up\"", "\"action\":\"sign_in\"")
        .contains("\"action\":\"sign_in_failed\"", "\"reason\":\"INVALID_CREDENTIALS\"")
        .contains("\"action\":\"key_made\"", "\"ip\":\"198.51.")
        .doesNotContain(PASSWORD, "wrong password", text(signedUp, "token"));
    assertThat(server.get("/api/auth/audit", "").status()).isEqualTo(401);
    assertThat(server.get("/api/auth/audit/tenant", ann).status()).isEqualTo(403);
  }

  @Test
  void whatIsNotBuiltSaysSo() {
    assertThat(server.post("/api/auth/passkey/login/begin", "", "{}").status()).isEqualTo(501);
    assertThat(server.get("/scim/v2/Users", "").body()).contains("NOT_IMPLEMENTED");
  }
}
