package dev.pylon.server;

import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.email.Letter;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Organisations, their members and invitations over HTTP. One server, new people for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OrgSurfaceContract {
  private AccountServer server;
  private int test;
  private String ann = "";
  private String bob = "";
  private String eve = "";

  abstract Database open(Path folder);

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    server = AccountServer.start(open(folder), AccountServer.PEOPLE, false);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void people() {
    test++;
    ann = person("ann");
    bob = person("bob");
    eve = person("eve");
  }

  private String id(String name) {
    return name + test;
  }

  private String email(String name) {
    return id(name) + "@example.com";
  }

  private String person(String name) {
    server.row("User", id(name), Map.of("email", email(name)));
    return server.as(id(name));
  }

  private Reply ask(String method, String path, String headers, Object... members) {
    return server.ask(method, path, headers, members);
  }

  private String org(String owner) {
    Reply made = ask("POST", "orgs", owner, "name", "Acme Corp");
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return text(made, "id");
  }

  /** Invites somebody, and returns the token of the letter. */
  private String invited(String org, String by, String email, String role) {
    Reply sent = ask("POST", "orgs/" + org + "/invites", by, "email", email, "role", role);
    assertThat(sent.status()).as(sent.body()).isEqualTo(200);
    return token(server.letter());
  }

  private static String token(Letter letter) {
    return letter.text().replaceAll("(?s).*/invites/([\\w-]+)/accept.*", "$1");
  }

  private void join(String org, String by, String name, String session, String role) {
    Reply accepted =
        ask("POST", "invites/" + invited(org, by, email(name), role) + "/accept", session);
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(200);
  }

  private Object roles(String session) {
    return String.valueOf(object(server.get("/api/auth/me", session)).get("roles"));
  }

  @Test
  void whoMakesAnOrganizationOwnsItAndSelectsIt() {
    Reply made = ask("POST", "orgs", ann, "name", "  Acme Corp ");
    String org = text(made, "id");

    Reply listed = ask("GET", "orgs", ann);
    Reply selected = ask("POST", "select-org", ann, "orgId", org);

    assertThat(object(made).keySet()).containsExactly("id", "name", "role", "created_at");
    assertThat(org).matches("org_[0-9a-f]{32}");
    assertThat(object(made)).containsEntry("name", "Acme Corp").containsEntry("role", "owner");
    assertThat(listed.body()).contains(org);
    assertThat(ask("GET", "orgs/" + org, ann).body()).contains("\"role\":\"owner\"");
    assertThat(selected.status()).isEqualTo(200);
    assertThat(roles(ann)).isEqualTo("[owner]");
    assertThat(ask("GET", "audit/tenant", ann).body()).contains("org_made");
    assertThat(ask("POST", "orgs", ann, "name", "x\ny").body()).contains("MISSING_NAME");
    assertThat(ask("POST", "orgs", ann, "name", "x".repeat(101)).status()).isEqualTo(400);
  }

  @Test
  void strangersAreNotToldThatItIsThere() {
    String org = org(ann);
    join(org, ann, "bob", bob, "member");

    for (String[] asked :
        new String[][] {
          {"GET", ""},
          {"DELETE", ""},
          {"GET", "/members"},
          {"GET", "/invites"},
          {"DELETE", "/members/" + id("ann")},
          {"DELETE", "/invites/x"}
        }) {
      Reply reply = ask(asked[0], "orgs/" + org + asked[1], eve);
      Reply nowhere = ask(asked[0], "orgs/org_nowhere" + asked[1], eve);
      assertThat(reply.status()).as(asked[0] + asked[1]).isEqualTo(404);
      assertThat(reply.body()).contains("ORG_NOT_FOUND").isEqualTo(nowhere.body());
    }
    Reply put = ask("PUT", "orgs/" + org + "/members/" + id("eve"), eve, "role", "owner");
    assertThat(put.body()).contains("ORG_NOT_FOUND");
    Reply invite = ask("POST", "orgs/" + org + "/invites", eve, "email", email("eve"));
    assertThat(invite.body()).contains("ORG_NOT_FOUND");
    assertThat(ask("POST", "select-org", eve, "orgId", org).status()).isEqualTo(403);
  }

  @Test
  void anInvitationIsForOneAddressAndGoodOnce() {
    String org = org(ann);
    Reply sent =
        ask("POST", "orgs/" + org + "/invites", ann, "email", email("bob"), "role", "admin");
    Letter letter = server.letter();
    String path = "invites/" + token(letter) + "/accept";

    Reply byEve = ask("POST", path, eve);
    Reply byNobody = ask("POST", path, "");
    Reply byBob = ask("POST", path, bob);
    Reply again = ask("POST", path, bob);

    assertThat(object(sent).keySet()).containsExactly("id", "email", "role", "expires_at");
    assertThat(sent.body()).doesNotContain(token(letter));
    assertThat(letter.to()).isEqualTo(email("bob"));
    assertThat(letter.subject()).isEqualTo("You've been invited to Acme Corp");
    assertThat(letter.text()).contains("https://example.com/api/auth/invites/");
    assertThat(byEve.body()).contains("WRONG_EMAIL");
    assertThat(byNobody.status()).isEqualTo(401);
    assertThat(byBob.body()).isEqualTo("{\"org_id\":\"%s\",\"role\":\"admin\"}".formatted(org));
    assertThat(again.body()).contains("ALREADY_ACCEPTED");
    assertThat(ask("POST", "invites/forged/accept", bob).body()).contains("INVITE_NOT_FOUND");
    ask("POST", "select-org", bob, "orgId", org);
    assertThat(roles(bob)).isEqualTo("[admin]");
    assertThat(ask("POST", "orgs/" + org + "/invites", ann, "email", email("bob")).body())
        .contains("ALREADY_MEMBER");
    assertThat(ask("GET", "orgs/" + org + "/members", bob).body())
        .contains(id("ann"), id("bob"), "\"joined_at\":");
  }

  @Test
  void aLinkInALetterLeadsToTheApplication() {
    String org = org(ann);
    String token = invited(org, ann, email("bob"), "member");

    Reply opened = server.get("/api/auth/invites/" + token + "/accept", "");

    assertThat(opened.status()).isEqualTo(302);
    assertThat(opened.header("Location")).contains("/app?invite=" + token);
    assertThat(ask("POST", "invites/" + token + "/accept", bob).status()).isEqualTo(200);
  }

  @Test
  void anInvitationEndsAfterSevenDaysAndWhenItIsRevokedOrSentAnew() {
    String org = org(ann);
    String first = invited(org, ann, email("bob"), "member");
    String second = invited(org, ann, email("bob"), "member");
    Reply waiting = ask("GET", "orgs/" + org + "/invites", ann);
    String id = waiting.body().replaceAll(".*\"id\":\"(inv_\\w+)\".*", "$1");

    Reply byAnother = ask("DELETE", "orgs/" + org(eve) + "/invites/" + id, eve);
    Reply revoked = ask("DELETE", "orgs/" + org + "/invites/" + id, ann);
    String third = invited(org, ann, email("eve"), "member");
    server.pass(Duration.ofDays(7));

    assertThat(waiting.body()).doesNotContain(second).contains("\"invited_by\":\"" + id("ann"));
    assertThat(ask("POST", "invites/" + first + "/accept", bob).body())
        .contains("INVITE_NOT_FOUND");
    assertThat(byAnother.status()).isEqualTo(404);
    assertThat(revoked.body()).isEqualTo("{\"revoked\":true}");
    assertThat(ask("POST", "invites/" + second + "/accept", bob).body())
        .contains("INVITE_NOT_FOUND");
    assertThat(ask("POST", "invites/" + third + "/accept", eve).body()).contains("INVITE_EXPIRED");
  }

  @Test
  void adminsLookAfterMembersAndOwnersAfterOwners() {
    String org = org(ann);
    join(org, ann, "bob", bob, "admin");
    join(org, bob, "eve", eve, "member");
    String members = "orgs/" + org + "/members/";

    assertThat(ask("PUT", members + id("eve"), eve, "role", "admin").status()).isEqualTo(403);
    assertThat(ask("GET", "orgs/" + org + "/invites", eve).status()).isEqualTo(403);
    assertThat(ask("POST", "orgs/" + org + "/invites", eve, "email", "x@y.z").status())
        .isEqualTo(403);
    assertThat(ask("DELETE", members + id("bob"), eve).status()).isEqualTo(403);
    assertThat(ask("PUT", members + id("bob"), bob, "role", "owner").status()).isEqualTo(403);
    assertThat(ask("PUT", members + id("ann"), bob, "role", "member").status()).isEqualTo(403);
    assertThat(ask("DELETE", members + id("ann"), bob).status()).isEqualTo(403);
    assertThat(
            ask("POST", "orgs/" + org + "/invites", bob, "email", "x@y.z", "role", "owner")
                .status())
        .isEqualTo(403);
    assertThat(ask("DELETE", "orgs/" + org, bob).status()).isEqualTo(403);
    assertThat(ask("PUT", members + id("eve"), bob, "role", "king").body()).contains("BAD_ROLE");
    assertThat(ask("PUT", members + "nobody", ann, "role", "admin").body())
        .contains("MEMBER_NOT_FOUND");
    assertThat(ask("PUT", members + id("eve"), bob, "role", "admin").status()).isEqualTo(200);
  }

  @Test
  void theLastOwnerStays() {
    String org = org(ann);
    join(org, ann, "bob", bob, "member");
    String members = "orgs/" + org + "/members/";

    assertThat(ask("DELETE", members + id("ann"), ann).body()).contains("LAST_OWNER");
    assertThat(ask("PUT", members + id("ann"), ann, "role", "admin").body()).contains("LAST_OWNER");
    assertThat(ask("DELETE", "account", ann).body()).contains("LAST_OWNER", "Acme Corp");
    assertThat(ask("PUT", members + id("bob"), ann, "role", "owner").status()).isEqualTo(200);
    assertThat(ask("DELETE", members + id("ann"), ann).status()).isEqualTo(200);
    assertThat(ask("GET", "orgs/" + org, ann).status()).isEqualTo(404);
  }

  @Test
  void twoOwnersWhoUnmakeEachOtherLeaveOne() throws Exception {
    for (int i = 0; i < 5; i++) {
      String org = org(ann);
      join(org, ann, "bob", bob, "owner");
      String members = "/api/auth/orgs/" + org + "/members/";
      var begin = new CountDownLatch(1);
      try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
        Stream.of(new String[] {ann, id("bob")}, new String[] {bob, id("ann")})
            .forEach(pair ->
                tasks.submit(() -> {
                  begin.await();
                  return server.request("DELETE", members + pair[1], pair[0], "");
                }));
        begin.countDown();
      }

      assertThat(Stream.of(ann, bob).filter(who -> ask("GET", "orgs/" + org, who).status() == 200))
          .hasSize(1);
    }
  }

  @Test
  void whoIsTakenOutIsOutAtOnceAndSoAreTheirInvitations() {
    String org = org(ann);
    join(org, ann, "bob", bob, "admin");
    ask("POST", "select-org", bob, "orgId", org);
    assertThat(roles(bob)).isEqualTo("[admin]");
    String invitation = invited(org, bob, email("eve"), "admin");

    ask("DELETE", "orgs/" + org + "/members/" + id("bob"), ann);

    assertThat(roles(bob)).isEqualTo("[]");
    assertThat(object(server.get("/api/auth/me", bob))).doesNotContainKey("tenant_id");
    assertThat(ask("POST", "invites/" + invitation + "/accept", eve).body())
        .contains("INVITE_NOT_FOUND");
  }

  @Test
  void anOrganizationEndsWithEverythingThatIsItsOwn() {
    String org = org(ann);
    join(org, ann, "bob", bob, "member");
    ask("POST", "select-org", bob, "orgId", org);
    String invitation = invited(org, ann, email("eve"), "member");

    Reply deleted = ask("DELETE", "orgs/" + org, ann);

    assertThat(deleted.body()).isEqualTo("{\"deleted\":true}");
    assertThat(ask("GET", "orgs", bob).body()).isEqualTo("[]");
    assertThat(object(server.get("/api/auth/me", bob))).doesNotContainKey("tenant_id");
    assertThat(ask("POST", "invites/" + invitation + "/accept", eve).status()).isEqualTo(400);
  }

  @Test
  void guestsAndKeysHaveNoOrganizations() {
    String guest = bearer(text(server.post("/api/auth/guest", "", ""), "token"));
    String key = bearer(text(ask("POST", "api-keys", ann, "name", "CI"), "key"));

    assertThat(ask("POST", "orgs", guest, "name", "x").status()).isEqualTo(403);
    assertThat(ask("POST", "orgs", key, "name", "x").body()).contains("API_KEY_AUTH_FORBIDDEN");
    assertThat(ask("GET", "orgs", key).body()).contains("API_KEY_AUTH_FORBIDDEN");
    assertThat(ask("GET", "orgs", "").status()).isEqualTo(401);
  }
}
