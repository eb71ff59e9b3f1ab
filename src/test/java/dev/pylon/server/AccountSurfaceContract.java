package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.PAGE;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.email.Letter;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Links in letters, another address, the end of an account, and what admins see of sign-ins. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AccountSurfaceContract {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true},
           {"name": "emailVerified", "type": "datetime", "optional": true, "unique": false}]},
         {"name": "Todo", "indexes": [], "fields": [
           {"name": "ownerId", "type": "id(User)", "optional": true, "unique": false}]}]}
      """;

  private static final String PASSWORD = "correct horse";

  private AccountServer server;

  abstract Database open(Path folder);

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    server = AccountServer.start(open(folder), MANIFEST, false);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Reply ask(String method, String path, String headers, Object... members) {
    return server.ask(method, path, headers, members);
  }

  private Reply post(String path, String headers, Object... members) {
    return ask("POST", path, headers, members);
  }

  private Reply register(String email) {
    return post("password/register", "", "email", email, "password", PASSWORD);
  }

  private static String token(Letter letter) {
    return letter.text().replaceAll("(?s).*token=([\\w-]+).*", "$1");
  }

  // ---- links that sign in ----

  @Test
  void aLinkSignsInOnceAndMakesTheAccount() {
    Reply sent = post("magic-link/send", "", "email", "Ann@Example.com");
    Letter letter = server.letter();

    Reply right = post("magic-link/verify", PAGE, "token", token(letter));
    Reply again = post("magic-link/verify", "", "token", token(letter));

    assertThat(sent.body()).isEqualTo("{\"email\":\"ann@example.com\",\"sent\":true}");
    assertThat(letter.subject()).isEqualTo("Sign in to your account");
    assertThat(letter.text()).contains("https://example.com/api/auth/magic-link/verify?token=");
    assertThat(object(right).keySet()).containsExactly("expires_at", "token", "user_id");
    assertThat(right.header("Set-Cookie")).isPresent();
    assertThat(server.store().get("User", text(right, "user_id")).orElseThrow())
        .containsEntry("email", "ann@example.com")
        .doesNotContainEntry("emailVerified", null);
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.body()).contains("INVALID_TOKEN");
    assertThat(post("magic-link/verify", "").status()).isEqualTo(400);
  }

  @Test
  void aBrowserThatOpensTheLinkIsLetInAndSentToTheApplication() {
    post("magic-link/send", "", "email", "bob@example.com");
    String path = "magic-link/verify?token=" + token(server.letter());

    Reply looked = ask("HEAD", path, "");
    Reply opened = ask("GET", path + "&redirect=https://evil.example&callback=//evil", "");
    Reply again = ask("GET", path, "");

    assertThat(looked.status()).isEqualTo(200);
    assertThat(looked.header("Set-Cookie")).isEmpty();
    assertThat(opened.status()).isEqualTo(302);
    assertThat(opened.header("Location")).contains("/app");
    assertThat(opened.header("Cache-Control")).contains("no-store");
    String cookie = opened.header("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly");
    assertThat(server.userOf("Cookie: " + cookie.replaceAll(";.*", "") + "\n")).isNotNull();
    assertThat(again.header("Location")).contains("/app?auth_error=INVALID_TOKEN");
    assertThat(again.header("Set-Cookie")).isEmpty();
  }

  @Test
  void aLinkIsGoodForAQuarterOfAnHour() {
    post("magic-link/send", "", "email", "cid@example.com");
    String token = token(server.letter());
    server.pass(Duration.ofMinutes(15));

    assertThat(post("magic-link/verify", "", "token", token).body()).contains("INVALID_TOKEN");
  }

  @Test
  void aLinkOfOneKindOpensNothingElse() {
    String ann = bearer(text(register("dan@example.com"), "token"));
    post("magic-link/send", "", "email", "dan@example.com");
    String magic = token(server.letter());
    post("password/reset/request", "", "email", "dan@example.com");
    String reset = token(server.letter());

    assertThat(post("magic-link/verify", "", "token", reset).body()).contains("INVALID_TOKEN");
    assertThat(post("email/change/confirm", "", "token", magic).body()).contains("INVALID_TOKEN");
    assertThat(
            post("password/reset/complete", "", "token", magic, "newPassword", "another one!")
                .body())
        .contains("INVALID_TOKEN");
    assertThat(server.userOf(ann)).isNotNull();
  }

  // ---- another address ----

  @Test
  void anotherAddressCountsWhenItsLetterWasRead() {
    Reply signedUp = register("eva@example.com");
    String eva = bearer(text(signedUp, "token"));

    Reply wrong =
        post(
            "email/change/request",
            eva,
            "newEmail",
            "eva@new.example",
            "currentPassword",
            "guessed one");
    Reply asked =
        post(
            "email/change/request",
            eva,
            "newEmail",
            "Eva@New.example",
            "currentPassword",
            PASSWORD);
    Letter letter = server.letter();
    Reply changed = post("email/change/confirm", "", "token", token(letter));
    Letter told = server.letter();

    assertThat(wrong.body()).contains("WRONG_PASSWORD");
    assertThat(asked.body()).isEqualTo("{\"sent\":true}");
    assertThat(letter.to()).isEqualTo("eva@new.example");
    assertThat(letter.text()).contains("https://example.com/email-change/confirm?token=");
    assertThat(changed.body()).isEqualTo("{\"changed\":true,\"email\":\"eva@new.example\"}");
    assertThat(told.to()).isEqualTo("eva@example.com");
    assertThat(told.text()).contains("eva@new.example");
    assertThat(server.store().get("User", text(signedUp, "user_id")).orElseThrow())
        .containsEntry("email", "eva@new.example");
    assertThat(
            post("password/login", "", "email", "eva@new.example", "password", PASSWORD).status())
        .isEqualTo(200);
    assertThat(post("email/change/confirm", "", "token", token(letter)).status()).isEqualTo(400);
  }

  @Test
  void whatTheOldAddressWasSentIsGoodNoMore() {
    server.row("User", "fay", Map.of("email", "fay@example.com"));
    String fay = server.as("fay");
    post("password/reset/request", "", "email", "fay@example.com");
    String reset = token(server.letter());
    post("email/change/request", fay, "newEmail", "fay@new.example");
    String change = token(server.letter());

    Reply changed = post("email/change/confirm", "", "token", change);
    server.letter();

    assertThat(changed.status()).isEqualTo(200);
    assertThat(
            post("password/reset/complete", "", "token", reset, "newPassword", "another one!")
                .body())
        .contains("INVALID_TOKEN");
  }

  @Test
  void anAddressThatSomebodyHasIsNotToldAndNotGivenAway() {
    server.row("User", "gil", Map.of("email", "gil@example.com"));
    server.row("User", "hal", Map.of("email", "hal@example.com"));

    Reply taken = post("email/change/request", server.as("gil"), "newEmail", "hal@example.com");
    post("email/change/request", server.as("gil"), "newEmail", "gil@new.example");
    Letter letter = server.letter();
    server.row("User", "ida", Map.of("email", "gil@new.example"));
    Reply late = post("email/change/confirm", "", "token", token(letter));

    assertThat(taken.body()).isEqualTo("{\"sent\":true}");
    assertThat(letter.to()).isEqualTo("gil@new.example");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.body()).contains("EMAIL_TAKEN");
    assertThat(post("email/change/request", "", "newEmail", "a@b.c").status()).isEqualTo(401);
    assertThat(post("email/change/request", server.as("gil"), "newEmail", "a,b@c.d").body())
        .contains("INVALID_EMAIL");
  }

  // ---- the end ----

  @Test
  void anAccountEndsWithEveryWayIn() {
    Reply signedUp = register("jan@example.com");
    String id = text(signedUp, "user_id");
    String jan = bearer(text(signedUp, "token"));
    String phone = server.as(id);
    String key = bearer(text(post("api-keys", jan, "name", "CI"), "key"));
    server.row("Todo", "t1", Map.of("ownerId", id));
    post("password/reset/request", "", "email", "jan@example.com");
    String reset = token(server.letter());
    String org = text(post("orgs", jan, "name", "Mine"), "id");
    assertThat(server.userOf(key)).isEqualTo(id);

    Reply byKey = ask("DELETE", "account", key);
    Reply ended = ask("DELETE", "account", jan + PAGE);

    assertThat(byKey.body()).contains("API_KEY_AUTH_FORBIDDEN");
    assertThat(ended.body())
        .isEqualTo(
            "{\"deleted\":true,\"revoked_sessions\":2,\"revoked_api_keys\":1,"
                + "\"unlinked_accounts\":1}");
    assertThat(ended.headers("Set-Cookie"))
        .hasSize(2)
        .allSatisfy(cookie -> assertThat(cookie).contains("=;", "Max-Age=0"));
    assertThat(server.store().get("User", id)).isEmpty();
    assertThat(server.store().get("Todo", "t1")).isPresent();
    assertThat(List.of(String.valueOf(server.userOf(jan)), String.valueOf(server.userOf(phone))))
        .containsOnly("null");
    assertThat(server.get("/api/auth/me", key).status()).isEqualTo(401);
    assertThat(
            post("password/login", "", "email", "jan@example.com", "password", PASSWORD).status())
        .isEqualTo(401);
    assertThat(
            post("password/reset/complete", "", "token", reset, "newPassword", "another one!")
                .status())
        .isEqualTo(400);
    server.row("User", id, Map.of("email", "jan@example.com"));
    assertThat(ask("GET", "orgs", server.as(id)).body()).doesNotContain(org);
    assertThat(ask("GET", "audit", server.as(id)).body()).contains("account_deleted");
    assertThat(ask("DELETE", "account", "").status()).isEqualTo(401);
  }

  // ---- what admins see ----

  @Test
  void adminsSeeSessionsWithoutTheirTokensAndEndThem() {
    String kim = server.as("kim");
    Reply listed = server.get("/api/admin/auth/sessions?user_id=kim", ADMIN);
    String id = listed.body().replaceAll(".*\"id\":\"([0-9a-f]{64})\".*", "$1");

    Reply ended = server.request("DELETE", "/api/admin/auth/sessions/" + id, ADMIN, "");

    assertThat(listed.body())
        .contains("\"user_id\":\"kim\"", "\"token_preview\":\"pylon_")
        .doesNotContain(kim.replaceAll(".* ", "").strip());
    assertThat(server.userOf(bearer(id))).isNull();
    assertThat(ended.body()).isEqualTo("{\"revoked\":true}");
    assertThat(server.userOf(kim)).isNull();
    assertThat(server.get("/api/admin/auth/sessions", server.as("kim")).status()).isEqualTo(403);
    assertThat(server.post("/api/admin/auth/sessions", "", "").status()).isEqualTo(405);
    assertThat(server.get("/api/admin/auth/passwords", ADMIN).body())
        .contains("UNKNOWN_AUTH_TABLE");
  }

  @Test
  void adminsEndTheSessionsOfSomebodyOrEverybody() {
    String lea = server.as("lea");
    String max = server.as("max");

    Reply unsaid = server.post("/api/admin/sessions/purge", ADMIN, "{}");
    Reply one = server.post("/api/admin/sessions/purge", ADMIN, "{\"user_id\": \"lea\"}");
    Object stays = server.userOf(max);
    Reply all = server.post("/api/admin/sessions/purge", ADMIN, "{\"all\": true}");

    assertThat(unsaid.body()).contains("MISSING_USER_ID");
    assertThat(one.body()).isEqualTo("{\"revoked_count\":1}");
    assertThat(server.userOf(lea)).isNull();
    assertThat(stays).isEqualTo("max");
    assertThat(all.status()).isEqualTo(200);
    assertThat(server.userOf(max)).isNull();
    assertThat(server.post("/api/admin/sessions/purge", "", "{}").status()).isEqualTo(403);
  }

  @Test
  void adminsSeeThatThereArePasswordsAndCodesAndNeither() {
    register("nat@example.com");
    post("magic/send", "", "email", "ole@example.com");
    String code = server.letter().text().replaceAll("(?s).*: (\\d{6}).*", "$1");

    Reply accounts = server.get("/api/admin/auth/accounts", ADMIN);
    Reply codes = server.get("/api/admin/auth/magic_codes", ADMIN);

    assertThat(accounts.body())
        .contains("\"provider_id\":\"credential\"", "\"has_password\":true")
        .contains("\"has_access_token\":false")
        .doesNotContain("argon2");
    assertThat(codes.body())
        .contains("\"email\":\"ole@example.com\"", "\"attempts\":0")
        .doesNotContain(code);
    assertThat(server.get("/api/admin/auth/oauth_state", ADMIN).body()).isEqualTo("[]");
  }

  @Test
  void whereNobodyCanSignUpOneIsToldWhatToAdd() throws IOException {
    try (var bare =
        AccountServer.start(
            SqliteDatabase.temporary(),
            """
            {"manifest_version": 1, "name": "bare", "version": "1", "routes": [],
             "entities": [{"name": "Todo", "indexes": [], "fields": [
               {"name": "title", "type": "string", "optional": true, "unique": false}]}]}
            """,
            false)) {
      Reply reply =
          bare.post(
              "/api/auth/password/register",
              "",
              "{\"email\": \"ann@example.com\", \"password\": \"correct horse\"}");

      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.body())
          .contains("ENTITY_NOT_FOUND", "entity(\\\"User\\\", { email: field.string().unique()");
    }
  }
}
