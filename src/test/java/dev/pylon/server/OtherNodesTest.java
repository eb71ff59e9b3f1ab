package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What one node does to an identity, another that has the same database and remembers it hears of:
 * long before it would forget by itself.
 */
@NeedsPostgres
class OtherNodesTest {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "policies": [{"name": "letters", "entity": "Letter", "allow": "auth.email == data.to"}],
       "entities": [
         {"name": "Letter", "indexes": [], "fields": [
           {"name": "to", "type": "string", "optional": false, "unique": false}]},
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true}]},
         {"name": "OrgMember", "indexes": [], "fields": [
           {"name": "userId", "type": "string", "optional": false, "unique": false},
           {"name": "orgId", "type": "string", "optional": false, "unique": false}]}]}
      """;

  private final String url = PostgresServer.shared().newDatabase();
  private AccountServer here;
  private AccountServer there;

  @BeforeEach
  void start() throws IOException {
    here = AccountServer.start(PostgresDatabase.open(url), MANIFEST, false);
    there = AccountServer.start(PostgresDatabase.open(url), MANIFEST, false);
    here.row("User", "ann", Map.of("email", "ann@example.com"));
    there.hearOtherNodes();
  }

  @AfterEach
  void stop() {
    there.close();
    here.close();
  }

  private void awaitThere(String headers, String member, @Nullable Object value) {
    Eventually.within(
        SOON,
        () -> Objects.equals(me(headers).get(member), value),
        () -> "there they still are " + me(headers));
  }

  private Map<String, @Nullable Object> me(String headers) {
    var reply = there.get("/api/auth/me", headers);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return object(reply);
  }

  @Test
  void aSessionThatEndsHereEndsThere() {
    String ann = here.as("ann");
    assertThat(there.userOf(ann)).isEqualTo("ann");

    assertThat(here.request("DELETE", "/api/auth/session", ann, "").status()).isLessThan(300);

    awaitThere(ann, "user_id", null);
  }

  @Test
  void allSessionsOfSomebodyEndThere() {
    String one = here.as("ann");
    String other = here.as("ann");
    assertThat(List.of(there.userOf(one), there.userOf(other))).containsOnly("ann");

    assertThat(here.request("DELETE", "/api/auth/sessions", one, "").status()).isLessThan(300);

    awaitThere(one, "user_id", null);
    awaitThere(other, "user_id", null);
  }

  @Test
  void aKeyThatIsRevokedHereIsRefusedThere() {
    var made = object(here.post("/api/auth/api-keys", here.as("ann"), "{\"name\":\"robot\"}"));
    String key = AccountServer.bearer(String.valueOf(made.get("key")));
    assertThat(there.userOf(key)).as("%s", made).isEqualTo("ann");

    String path = "/api/auth/api-keys/" + made.get("id");
    assertThat(here.request("DELETE", path, here.as("ann"), "").status()).isLessThan(300);

    Eventually.within(
        SOON, () -> there.get("/api/auth/me", key).status() == 401, () -> "the key still holds");
  }

  @Test
  void aTenantThatIsSelectedHereIsSelectedThere() {
    here.row("OrgMember", "m1", Map.of("userId", "ann", "orgId", "acme"));
    String ann = here.as("ann");
    assertThat(me(ann)).doesNotContainKey("tenant_id");

    String acme = Json.text(Map.of("orgId", "acme"));
    assertThat(here.post("/api/auth/select-org", ann, acme).status()).isEqualTo(200);

    awaitThere(ann, "tenant_id", "acme");
  }

  @Test
  void anAddressThatChangesHereChangesThere() {
    here.row("Letter", "l1", Map.of("to", "ann@example.org"));
    String ann = here.as("ann");
    assertThat(there.get("/api/entities/Letter", ann).body()).doesNotContain("l1");

    String path = "/api/entities/User/ann";
    var changed = here.request("PATCH", path, ADMIN, "{\"email\":\"ann@example.org\"}");
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);

    Eventually.within(
        SOON,
        () -> there.get("/api/entities/Letter", ann).body().contains("l1"),
        () -> "there they still have the address they had");
  }

  @Test
  void whoWasUnheardWhileTheConnectionWasGoneIsLookedUpAnew() {
    String ann = here.as("ann");
    assertThat(there.userOf(ann)).isEqualTo("ann");

    here.loseListeners();
    assertThat(here.request("DELETE", "/api/auth/session", ann, "").status()).isLessThan(300);

    awaitThere(ann, "user_id", null);
  }
}
