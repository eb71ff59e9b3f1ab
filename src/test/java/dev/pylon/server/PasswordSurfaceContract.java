package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.PAGE;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.email.Letter;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Passwords over HTTP, and whose an account is. */
abstract class PasswordSurfaceContract extends SignInDesk {
  // ---- who has an account whose address is somebody else's ----

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
