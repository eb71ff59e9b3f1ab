package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.PAGE;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.email.Letter;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Codes in letters, and keys, over HTTP. */
abstract class CodeSurfaceContract extends SignInDesk {
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

  /** The application wants a field that a code does not bring: nobody is let in without a row. */
  @Test
  void whoCanHaveNoRowHasNoSessionEither() throws IOException {
    server.close();
    server =
        AccountServer.start(
            SqliteDatabase.temporary(),
            """
            {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
             "auth": {"user": {"entity": "Person"}},
             "entities": [{"name": "Person", "indexes": [], "fields": [
               {"name": "email", "type": "string", "optional": false, "unique": true},
               {"name": "nick", "type": "string", "optional": false, "unique": false}]}]}
            """,
            false);

    Reply reply = magicSignIn("ann@example.com");

    assertThat(reply.status()).isBetween(400, 499);
    assertThat(object(reply)).containsOnlyKeys("error");
    assertThat(server.store().list("Person")).isEmpty();
    assertThat(server.get("/api/admin/auth/sessions", ADMIN).body()).doesNotContain("user_id");
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
    startInDevMode();

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

    Reply refused = server.get("/api/auth/me", bearer(forged) + PAGE);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("Access-Control-Allow-Origin")).as("its page reads why").isPresent();
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
}
