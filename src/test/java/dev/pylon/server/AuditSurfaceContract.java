package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.factors.Base32;
import dev.pylon.auth.factors.Totp;
import dev.pylon.db.Sql;
import dev.pylon.server.RawClient.Reply;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever people do with their accounts is written down, and no secret with it. */
abstract class AuditSurfaceContract extends SignInDesk {
  private static final String ANN = "ann@example.com";
  private static final String CHANGED = "another horse";

  /** What must not be in the table. */
  private final Set<String> secrets = new HashSet<>(Set.of(PASSWORD, CHANGED, "a wrong password"));

  @Test
  void everythingThatPeopleDoIsWrittenDown() {
    String ann = annSignsUpAndIn();
    annChangesHerPassword(ann);
    ann = signIn(CHANGED);
    annUsesASecondFactor(ann);
    annWorksWithOthers(ann);
    annLeaves(ann);
    administratorsAct();

    Set<String> expected =
        Arrays.stream(Action.values())
            .filter(action -> action != Action.PROVIDER_LINKED) // OAuthSurfaceContract has it
            .map(action -> action.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    List<String> written = written();
    assertThat(actions()).containsAll(expected);
    assertThat(written).anyMatch(line -> line.contains("Todo.ownerId:1"));
    for (String secret : secrets) {
      assertThat(written).as(secret).noneMatch(line -> line.contains(secret));
    }
  }

  /** A token that nobody may read there. */
  private String token(Reply reply) {
    String token = text(reply, "token");
    secrets.add(token);
    return bearer(token);
  }

  private String annSignsUpAndIn() {
    Reply guest = server.post("/api/auth/guest", "", "");
    server.row("Todo", "t1", Map.of("ownerId", text(guest, "user_id")));
    String ann = token(post("password/register", token(guest), "email", ANN, "password", PASSWORD));
    login(ANN, "a wrong password");
    post("email/send-verification", ann);
    String code = code(server.letter());
    secrets.add(code);
    assertThat(post("email/verify", ann, "code", code).status()).isEqualTo(200);
    return ann;
  }

  private String signIn(String password) {
    return token(login(ANN, password));
  }

  private void annChangesHerPassword(String ann) {
    Reply changed =
        post("password/change", ann, "currentPassword", PASSWORD, "newPassword", "x".repeat(12));
    secrets.add(text(changed, "token"));
    post("password/reset/request", "", "email", ANN);
    String link = server.letter().text().replaceAll("(?s).*token=([\\w-]+).*", "$1");
    secrets.add(link);
    Reply reset = post("password/reset/complete", "", "token", link, "newPassword", CHANGED);
    assertThat(reset.status()).as(reset.body()).isEqualTo(200);
  }

  // ---- a second factor ----

  private void annUsesASecondFactor(String ann) {
    String secret = text(post("totp/enroll", ann), "secret");
    secrets.add(secret);
    post("totp/verify", ann, "code", next(secret));
    String challenge = challenge(login(ANN, CHANGED));
    post("totp/verify", "", "totp_token", challenge, "code", "000000");
    Reply second =
        post(
            "totp/verify", "", "totp_token", challenge, "code", next(secret), "trust_device", true);
    assertThat(second.status()).as(second.body()).isEqualTo(200);
    post("totp/backup-codes/regenerate", ann, "code", next(secret));
    server.ask("DELETE", "trusted-devices", ann);
    Reply ended = post("totp/disable", ann, "code", next(secret));
    assertThat(ended.status()).as(ended.body()).isEqualTo(200);
  }

  /** A code that was not used yet. */
  private String next(String secret) {
    server.pass(Duration.ofSeconds(30));
    return Totp.code(Base32.bytes(secret), server.seconds());
  }

  private String challenge(Reply refused) {
    if (object(refused).get("error") instanceof Map<?, ?> error
        && error.get("totp_token") instanceof String token) {
      secrets.add(token);
      return token;
    }
    throw new AssertionError("no second step: " + refused.body());
  }

  // ---- others ----

  private void annWorksWithOthers(String ann) {
    Reply key = post("api-keys", ann, "name", "CI");
    secrets.add(text(key, "key"));
    server.ask("DELETE", "api-keys/" + text(key, "id"), ann);

    String bob = token(register("bob@example.com"));
    String org = text(post("orgs", ann, "name", "Acme"), "id");
    post("select-org", ann, "orgId", org);
    assertThat(post("invites/" + invite(org, ann) + "/accept", bob).status()).isEqualTo(200);
    String bobsId = String.valueOf(server.userOf(bob));
    server.ask("PUT", "orgs/" + org + "/members/" + bobsId, ann, "role", "admin");
    server.ask("DELETE", "orgs/" + org + "/members/" + bobsId, ann);
    invite(org, ann);
    String waiting = server.ask("GET", "orgs/" + org + "/invites", ann).body();
    String invitation = waiting.replaceAll(".*\"id\":\"(inv_\\w+)\".*", "$1");
    server.ask("DELETE", "orgs/" + org + "/invites/" + invitation, ann);
    server.ask("DELETE", "orgs/" + org, ann);
  }

  private String invite(String org, String by) {
    post("orgs/" + org + "/invites", by, "email", "bob@example.com", "role", "member");
    String token = server.letter().text().replaceAll("(?s).*/invites/([\\w-]+)/accept.*", "$1");
    secrets.add(token);
    return token;
  }

  private void annLeaves(String ann) {
    server.ask("DELETE", "session", token(login(ANN, CHANGED)));
    post("email/change/request", ann, "newEmail", "ann@new.example", "currentPassword", CHANGED);
    String link = server.letter().text().replaceAll("(?s).*token=([\\w-]+).*", "$1");
    secrets.add(link);
    assertThat(post("email/change/confirm", "", "token", link).status()).isEqualTo(200);
    assertThat(server.letter().to()).as("who is told of it").isEqualTo(ANN);
    Reply gone = server.ask("DELETE", "account", ann, "currentPassword", CHANGED);
    assertThat(gone.status()).as(gone.body()).isEqualTo(200);
  }

  private void administratorsAct() {
    Reply guest = server.post("/api/auth/guest", "", "");
    String token = text(guest, "token");
    secrets.add(token);
    server.row("User", "eve", Map.of("email", "eve@example.com"));
    String eve = server.as("eve");
    server.post(
        "/api/auth/upgrade",
        ADMIN + "Cookie: app_session=" + token + "\n",
        "{\"user_id\": \"eve\"}");
    server.ask("DELETE", "sessions", eve);
    register("mallory@example.com");
    assertThat(magicSignIn("mallory@example.com").status()).isEqualTo(200);
  }

  // ---- what is there ----

  private Set<String> actions() {
    return Set.copyOf(
        server
            .database()
            .read(session ->
                session.list(
                    Sql.of("SELECT DISTINCT action FROM _pylon_audit_events"),
                    row -> row.requiredText(0))));
  }

  /** Every text of every event. */
  private List<String> written() {
    return server
        .database()
        .read(session ->
            session.list(
                Sql.of(
                    "SELECT id, action, user_id, actor_id, tenant_id, reason, metadata_json"
                        + " FROM _pylon_audit_events"),
                row -> {
                  var texts = new StringBuilder();
                  for (int column = 0; column < 7; column++) {
                    @Nullable String text = row.text(column);
                    texts.append(text).append(' ');
                  }
                  return texts.toString();
                }));
  }
}
