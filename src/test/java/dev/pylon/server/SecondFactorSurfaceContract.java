package dev.pylon.server;

import static dev.pylon.server.AccountServer.PAGE;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.auth.factors.Base32;
import dev.pylon.auth.factors.Totp;
import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Second factors and trusted devices over HTTP. One server for all: each test has people of its
 * own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SecondFactorSurfaceContract {
  private AccountServer server;

  abstract Database open(Path folder);

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    server = AccountServer.start(open(folder), AccountServer.PEOPLE, false);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** Somebody with an authenticator app. */
  private final class Person {
    final String id;
    final String session;
    byte[] secret = {};
    List<?> backupCodes = List.of();

    Person(String id) {
      this.id = id;
      server.row("User", id, Map.of("email", id + "@example.com"));
      this.session = server.as(id);
    }

    Person enrolled() {
      return enrolled(session);
    }

    Person enrolled(String by) {
      secret = Base32.bytes(text(post("totp/enroll", by), "secret"));
      Reply verified = post("totp/verify", by, "code", code());
      assertThat(object(verified)).containsEntry("enrolled", true);
      backupCodes = (List<?>) object(verified).get("backup_codes");
      return this;
    }

    /** The next code that was not used yet. */
    String code() {
      server.pass(Duration.ofSeconds(30));
      return Totp.code(secret, server.seconds());
    }

    /** The first step of signing in. */
    Reply knocks(String headers) {
      server.pass(Duration.ofSeconds(60));
      post("magic/send", "", "email", id + "@example.com");
      String code = server.letter().text().replaceAll("(?s).*: (\\d{6}).*", "$1");
      return post("magic/verify", headers, "email", id + "@example.com", "code", code);
    }

    String waits() {
      return String.valueOf(error(knocks("")).get("totp_token"));
    }
  }

  private Reply post(String path, String headers, Object... members) {
    return server.post(
        "/api/auth/" + path, server.newcomer(headers), Json.text(Json.object(members)));
  }

  private static Map<String, @Nullable Object> error(Reply reply) {
    if (object(reply).get("error") instanceof Map<?, ?> error) {
      return Json.asObject(error);
    }
    throw new AssertionError("no error in " + reply.status() + " " + reply.body());
  }

  private static String cookie(Reply reply, String name) {
    return reply.headers("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name + "="))
        .findFirst()
        .map(cookie -> "Cookie: " + cookie.substring(0, cookie.indexOf(';')) + "\n")
        .orElseThrow(() -> new AssertionError("no " + name + " in " + reply.headers("Set-Cookie")));
  }

  // ---- enrolling ----

  @Test
  void anEnrolmentCountsWhenItsFirstCodeIsRight() {
    var ann = new Person("ann");

    Reply begun = post("totp/enroll", ann.session);
    ann.secret = Base32.bytes(text(begun, "secret"));
    Reply unproved = ann.knocks("");
    Reply wrong = post("totp/verify", ann.session, "code", "000000");
    Reply right = post("totp/verify", ann.session, "code", ann.code());

    assertThat(object(begun).keySet()).containsExactly("secret", "url", "issuer", "account");
    assertThat(object(begun)).containsEntry("issuer", "desk");
    assertThat(object(begun)).containsEntry("account", "ann@example.com");
    assertThat(begun.header("Cache-Control")).contains("no-store");
    assertThat(unproved.status()).isEqualTo(200);
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.body()).contains("INVALID_TOTP_CODE");
    assertThat(object(right))
        .containsEntry("verified", true)
        .containsEntry("enrolled", true)
        .containsEntry("trust_device", false);
    assertThat(ann.knocks("").body()).contains("TOTP_REQUIRED");
  }

  @Test
  void theSecretIsKeptSealed() {
    var bob = new Person("bob").enrolled();

    String kept =
        server
            .database()
            .read(session ->
                session.one(
                    Sql.of("SELECT secret FROM _pylon_totp WHERE user_id = ?", "bob"),
                    row -> row.requiredText(0)))
            .orElseThrow();

    assertThat(kept).startsWith("sealed:").doesNotContain(Base32.text(bob.secret));
  }

  @Test
  void anotherAppTakesACodeOfTheFirstAndCountsWhenItIsProved() {
    var cid = new Person("cid").enrolled();
    byte[] first = cid.secret;

    Reply unproved = post("totp/enroll", cid.session);
    Reply begun = post("totp/enroll", cid.session, "code", cid.code());
    String token = cid.waits();
    Reply byTheFirst = post("totp/verify", "", "totp_token", token, "code", cid.code());
    cid.secret = Base32.bytes(text(begun, "secret"));
    Reply ended = post("totp/verify", cid.session, "code", cid.code());
    cid.secret = first;

    assertThat(unproved.body()).contains("INVALID_TOTP_CODE");
    assertThat(byTheFirst.status()).isEqualTo(200);
    assertThat(object(ended)).containsEntry("enrolled", true);
    assertThat(post("totp/verify", "", "totp_token", cid.waits(), "code", cid.code()).status())
        .isEqualTo(401);
  }

  @Test
  void guestsAndKeysAndStrangersEnrolNothing() {
    var dan = new Person("dan");
    String guest = bearer(text(server.post("/api/auth/guest", "", ""), "token"));
    String key = bearer(text(post("api-keys", dan.session, "name", "CI"), "key"));

    assertThat(post("totp/enroll", "").status()).isEqualTo(401);
    assertThat(post("totp/enroll", guest).status()).isEqualTo(403);
    assertThat(post("totp/enroll", AccountServer.ADMIN).status()).isEqualTo(403);
    assertThat(post("totp/enroll", key).body()).contains("API_KEY_AUTH_FORBIDDEN");
    assertThat(post("totp/disable", key, "code", "1").body()).contains("API_KEY_AUTH_FORBIDDEN");
    assertThat(post("totp/verify", dan.session, "code", "123456").body())
        .contains("TOTP_NOT_ENROLLED");
    assertThat(post("totp/verify", dan.session).body()).contains("MISSING_CODE");
    assertThat(post("totp/backup-codes/regenerate", dan.session, "code", "1").body())
        .contains("TOTP_NOT_ENROLLED");
  }

  // ---- signing in ----

  @Test
  void aCodeByLetterOpensNothingWithoutTheSecondStep() {
    var eve = new Person("eve").enrolled();

    Reply first = eve.knocks(PAGE);
    Reply second =
        post(
            "totp/verify",
            PAGE,
            "totp_token",
            String.valueOf(error(first).get("totp_token")),
            "code",
            eve.code());

    assertThat(first.status()).isEqualTo(401);
    assertThat(error(first)).containsEntry("code", "TOTP_REQUIRED").containsKey("expires_at");
    assertThat(first.header("Set-Cookie")).isEmpty();
    assertThat(first.body()).doesNotContain("pylon_");
    assertThat(object(second).keySet())
        .containsExactly("verified", "enrolled", "expires_at", "token", "user_id", "trust_device");
    assertThat(server.userOf(bearer(text(second, "token")))).isEqualTo("eve");
    assertThat(server.userOf(cookie(second, "app_session"))).isEqualTo("eve");
    Reply audit = server.get("/api/auth/audit", eve.session);
    assertThat(audit.body())
        .contains("second_factor_asked", "\"second_factor\":\"totp\"", "totp_enrolled")
        .doesNotContain(text(second, "token"));
  }

  @Test
  void aPasswordOpensNothingEither() {
    Reply signedUp =
        post("password/register", "", "email", "fay@example.com", "password", "correct horse");
    String session = bearer(text(signedUp, "token"));
    byte[] secret = Base32.bytes(text(post("totp/enroll", session), "secret"));
    post("totp/verify", session, "code", Totp.code(secret, server.seconds()));

    Reply wrong =
        post("password/login", "", "email", "fay@example.com", "password", "wrong password");
    Reply right =
        post("password/login", "", "email", "fay@example.com", "password", "correct horse");
    Reply swift = post("password", "", "email", "fay@example.com", "password", "correct horse");

    assertThat(wrong.body()).contains("INVALID_CREDENTIALS");
    assertThat(right.body()).contains("TOTP_REQUIRED");
    assertThat(swift.body()).contains("TOTP_REQUIRED");
    // The password also ends it.
    assertThat(post("totp/disable", session, "password", "wrong password").body())
        .contains("WRONG_PASSWORD");
    assertThat(post("totp/disable", session, "password", "correct horse").status()).isEqualTo(200);
    assertThat(
            post("password/login", "", "email", "fay@example.com", "password", "correct horse")
                .status())
        .isEqualTo(200);
  }

  /** Nobody has proved the address of this account when somebody reads its letters. */
  @Test
  void whoReadsTheLettersOfAnAccountDoesNotEndItsSecondFactor() {
    Reply signedUp =
        post("password/register", "", "email", "una@example.com", "password", "correct horse");
    String session = bearer(text(signedUp, "token"));
    byte[] secret = Base32.bytes(text(post("totp/enroll", session), "secret"));
    post("totp/verify", session, "code", Totp.code(secret, server.seconds()));

    post("magic/send", "", "email", "una@example.com");
    String code = server.letter().text().replaceAll("(?s).*: (\\d{6}).*", "$1");
    Reply byCode = post("magic/verify", "", "email", "una@example.com", "code", code);
    post("magic-link/send", "", "email", "una@example.com");
    String link = server.letter().text().replaceAll("(?s).*token=([\\w-]+).*", "$1");
    Reply byLink = post("magic-link/verify", "", "token", link);
    Reply byBrowser = opened("una@example.com");
    post("password/reset/request", "", "email", "una@example.com");
    String reset = server.letter().text().replaceAll("(?s).*token=([\\w-]+).*", "$1");
    post("password/reset/complete", "", "token", reset, "newPassword", "another horse");
    Reply byPassword =
        post("password/login", "", "email", "una@example.com", "password", "another horse");
    server.pass(Duration.ofSeconds(30));
    String cookie = cookie(byBrowser, "pylon_second_step");
    Reply second = post("totp/verify", cookie, "code", Totp.code(secret, server.seconds()));

    assertThat(List.of(byCode.body(), byLink.body(), byPassword.body()))
        .allSatisfy(body -> assertThat(body).contains("TOTP_REQUIRED"));
    assertThat(byBrowser.header("Location")).contains("/app?auth_error=TOTP_REQUIRED");
    assertThat(byBrowser.headers("Set-Cookie")).hasSize(1);
    assertThat(text(second, "user_id")).isEqualTo(text(signedUp, "user_id"));
  }

  private Reply opened(String email) {
    post("magic-link/send", "", "email", email);
    String link = server.letter().text().replaceAll("(?s).*token=([\\w-]+).*", "$1");
    return server.get(
        "/api/auth/magic-link/verify?token=" + link, "X-Forwarded-For: 203.0.113.200\n");
  }

  @Test
  void aCodeIsGoodOnce() {
    var gil = new Person("gil").enrolled();
    String one = gil.waits();
    String other = gil.waits();
    String code = gil.code();

    Reply first = post("totp/verify", "", "totp_token", one, "code", code);
    Reply again = post("totp/verify", "", "totp_token", other, "code", code);
    Reply next = post("totp/verify", "", "totp_token", other, "code", gil.code());

    assertThat(first.status()).isEqualTo(200);
    assertThat(again.body()).contains("INVALID_TOTP_CODE");
    assertThat(next.status()).isEqualTo(200);
  }

  @Test
  void aBackupCodeIsGoodOnceHoweverItIsTyped() {
    var hal = new Person("hal").enrolled();
    String code = String.valueOf(hal.backupCodes.getFirst());

    Reply right =
        post("totp/verify", "", "totp_token", hal.waits(), "code", code.toUpperCase() + " ");
    Reply again = post("totp/verify", "", "totp_token", hal.waits(), "code", code);
    Reply renewed = post("totp/backup-codes/regenerate", hal.session, "code", hal.code());
    Reply old =
        post("totp/verify", "", "totp_token", hal.waits(), "code", hal.backupCodes.getLast());

    assertThat(hal.backupCodes).hasSize(10).doesNotHaveDuplicates();
    assertThat(code).matches("([a-z2-7]{4}-){3}[a-z2-7]{4}");
    assertThat(server.userOf(bearer(text(right, "token")))).isEqualTo("hal");
    assertThat(again.body()).contains("INVALID_TOTP_CODE");
    assertThat((List<?>) object(renewed).get("codes")).hasSize(10);
    assertThat(old.body()).contains("INVALID_TOTP_CODE");
  }

  @Test
  void aSignInWaitsFiveMinutesAndFiveAttempts() {
    var ida = new Person("ida").enrolled();
    String late = ida.waits();
    server.pass(Duration.ofMinutes(5));
    Reply tooLate = post("totp/verify", "", "totp_token", late, "code", ida.code());
    String token = ida.waits();
    for (int i = 0; i < 5; i++) {
      assertThat(post("totp/verify", "", "totp_token", token, "code", "000000").body())
          .contains("INVALID_TOTP_CODE");
    }

    Reply sixth = post("totp/verify", "", "totp_token", token, "code", ida.code());

    assertThat(tooLate.status()).isEqualTo(400);
    assertThat(tooLate.body()).contains("INVALID_TOKEN");
    assertThat(sixth.body()).contains("INVALID_TOKEN");
    assertThat(post("totp/verify", "", "totp_token", "forged", "code", "1").body())
        .contains("INVALID_TOKEN");
  }

  @Test
  void aTokenOpensOneSessionAndNobodyElses() {
    var jan = new Person("jan").enrolled();
    var kim = new Person("kim").enrolled();
    String token = jan.waits();

    Reply byAnother = post("totp/verify", "", "totp_token", token, "code", kim.code());
    Reply right = post("totp/verify", "", "totp_token", token, "code", jan.code());
    Reply again = post("totp/verify", "", "totp_token", token, "code", jan.code());

    assertThat(byAnother.status()).isEqualTo(401);
    assertThat(text(right, "user_id")).isEqualTo("jan");
    assertThat(again.body()).contains("INVALID_TOKEN");
  }

  @Test
  void oneAddressTriesFiveCodesAMinute() {
    var lea = new Person("lea").enrolled();
    String body = Json.text(Map.of("totp_token", lea.waits(), "code", "000000"));
    String here = "X-Forwarded-For: 192.0.2.77\n";
    for (int i = 0; i < 5; i++) {
      server.post("/api/auth/totp/verify", here, body);
    }

    Reply refused = server.post("/api/auth/totp/verify", here, body);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isPresent();
  }

  // ---- trusted devices ----

  @Test
  void aTrustedDeviceIsSparedTheSecondStepUntilItIsRevoked() {
    var mia = new Person("mia").enrolled();
    String browser = "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/130\n";
    Reply second =
        post(
            "totp/verify",
            PAGE + browser,
            "totp_token",
            mia.waits(),
            "code",
            mia.code(),
            "trust_device",
            true);
    String device = cookie(second, "pylon_trusted_device");

    Reply spared = mia.knocks(device);
    Reply listed = server.get("/api/auth/trusted-devices", mia.session);

    assertThat(object(second)).containsEntry("trust_device", true);
    assertThat(second.headers("Set-Cookie"))
        .hasSize(2)
        .allSatisfy(c -> assertThat(c).contains("HttpOnly; SameSite=Lax"));
    assertThat(spared.status()).isEqualTo(200);
    assertThat(object(server.get("/api/auth/me", mia.session + device)))
        .containsEntry("is_trusted_device", true);
    assertThat(server.get("/api/auth/me", mia.session).body()).doesNotContain("is_trusted");
    assertThat(listed.body())
        .contains("\"label\":\"Chrome on macOS\"")
        .doesNotContain(device.replaceAll(".*=", "").strip());
    String id = listed.body().replaceAll(".*\"id\":\"(td_[^\"]+)\".*", "$1");
    var nat = new Person("nat").enrolled();
    assertThat(delete("trusted-devices/" + id, nat.session).status()).isEqualTo(404);
    assertThat(nat.knocks(device).body()).contains("TOTP_REQUIRED");
    assertThat(server.get("/api/auth/me", nat.session + device).body())
        .doesNotContain("is_trusted");
    assertThat(delete("trusted-devices/" + id, mia.session).body()).isEqualTo("{\"revoked\":1}");
    assertThat(mia.knocks(device).body()).contains("TOTP_REQUIRED");
  }

  @Test
  void trustEndsAfterThirtyDaysAndWithTheSecondFactor() {
    var ole = new Person("ole").enrolled();
    String device = trusted(ole);
    assertThat(ole.knocks(device).status()).isEqualTo(200);
    server.pass(Duration.ofDays(30));
    Reply old = ole.knocks(device);
    String session = server.as("ole");
    String another = trusted(ole);

    Reply ended = post("totp/disable", session, "code", ole.code());
    ole.enrolled(session);

    assertThat(old.body()).contains("TOTP_REQUIRED");
    assertThat(object(ended)).containsEntry("disabled", true);
    assertThat(ole.knocks(another).body()).contains("TOTP_REQUIRED");
  }

  @Test
  void allDevicesAreRevokedAtOnce() {
    var pia = new Person("pia").enrolled();
    String device = trusted(pia);

    Reply reply = delete("trusted-devices", pia.session);

    assertThat(reply.body()).isEqualTo("{\"revoked\":1}");
    assertThat(reply.header("Set-Cookie").orElseThrow()).contains("pylon_trusted_device=;");
    assertThat(pia.knocks(device).body()).contains("TOTP_REQUIRED");
    assertThat(server.get("/api/auth/trusted-devices", "").status()).isEqualTo(401);
  }

  private String trusted(Person person) {
    return cookie(
        post(
            "totp/verify",
            "",
            "totp_token",
            person.waits(),
            "code",
            person.code(),
            "trust_device",
            true),
        "pylon_trusted_device");
  }

  private Reply delete(String path, String headers) {
    return server.request("DELETE", "/api/auth/" + path, headers, "");
  }
}
