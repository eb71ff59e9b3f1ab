package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pylon.auth.OAuthSignIn;
import dev.pylon.auth.jwt.Bearers;
import dev.pylon.auth.oauth.Client;
import dev.pylon.auth.oauth.Provider;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.outbound.Remote;
import dev.pylon.server.AccountServer.Federated;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is sent to an endpoint of rows or of accounts, over a real database: JSON that is none,
 * forms, multipart bodies, tokens and cookies of every kind. It is answered in our shape, and never
 * by a failure of ours.
 */
class SurfaceFuzz {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true},
           {"name": "passwordHash", "type": "string", "optional": true, "unique": false}]},
         {"name": "Todo", "indexes": [], "fields": [
           {"name": "s", "type": "string", "optional": true, "unique": false},
           {"name": "i", "type": "int", "optional": true, "unique": false},
           {"name": "f", "type": "float", "optional": true, "unique": false},
           {"name": "b", "type": "bool", "optional": true, "unique": false},
           {"name": "d", "type": "datetime", "optional": true, "unique": false},
           {"name": "u", "type": "id(User)", "optional": true, "unique": false}],
          "search": {"text": ["s"], "facets": ["b", "i"], "sortable": ["f"]},
          "relations": [{"name": "user", "target": "User", "field": "u"}]}],
       "actions": [{"name": "act", "input": [
         {"name": "x", "type": "string", "optional": true, "unique": false}]}],
       "policies": [{"name": "own", "entity": "Todo", "allow": "auth.userId == data.u"}]}
      """;

  /** What is asked; {@code ~} stands for anything. */
  private static final String[] QUESTIONS = {
    "POST /api/query/Todo",
    "POST /api/query",
    "POST /api/aggregate/Todo",
    "POST /api/search/Todo",
    "POST /api/entities/Todo",
    "PATCH /api/entities/Todo/t1",
    "DELETE /api/entities/Todo/~",
    "GET /api/entities/Todo?~",
    "GET /api/entities/Todo/cursor?after=~",
    "GET /api/lookup/Todo/s/~",
    "POST /api/link",
    "POST /api/batch",
    "POST /api/transact",
    "POST /api/import",
    "POST /api/import?format=ndjson",
    "POST /api/actions/act",
    "POST /api/admin/policy/explain",
    "GET /api/auth/me",
    "POST /api/auth/session",
    "POST /api/auth/refresh",
    "POST /api/auth/select-org",
    "POST /api/auth/password/login",
    "POST /api/auth/magic/verify",
    "POST /api/auth/magic-link/verify",
    "POST /api/auth/totp/verify",
    "POST /api/auth/api-keys",
    "POST /api/auth/orgs",
    "POST /api/auth/invites/~/accept",
    "POST /api/auth/callback/github",
    "GET /api/auth/callback/github?state=~&code=~",
    "GET /api/auth/login/github?callback=~",
  };

  private static final String[] TYPES = {
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "application/x-ndjson",
    "",
  };

  /** Codes that may come with a status of 500 or more: of what is off, or too much at once. */
  private static final Set<String> OURS = Set.of("JWT_NOT_CONFIGURED", "AUTH_OVERLOADED");

  private static AccountServer server;
  private static List<String> headers = List.of();

  @BeforeAll
  static void start() throws IOException {
    URI site = URI.create("http://127.0.0.1:9");
    var client = new Client("desk", "known to nobody", "https://desk.example/back", List.of());
    var oauth =
        new OAuthSignIn.Settings(
            List.of(Provider.gitHub(client, site, site, new Remote(Duration.ofSeconds(1), false))),
            List.of("https://desk.example"));
    server =
        AccountServer.start(
            SqliteDatabase.temporary(),
            MANIFEST,
            false,
            new Federated(Bearers.Settings.NONE, oauth));
    server.row("User", "ann", Map.of("email", "ann@desk.example"));
    server.row("Todo", "t1", Map.of("s", "a", "u", "ann"));
    String ann = server.as("ann");
    String key = text(server.post("/api/auth/api-keys", ann, "{}"), "key");
    headers = List.of("", ann, ADMIN, bearer(key));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @FuzzTest(maxDuration = "20s")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void whateverIsSentIsAnswered(FuzzedDataProvider data) {
    BugDetectors.allowNetworkConnections();
    String[] question = data.pickValue(QUESTIONS).split(" ");
    String type = data.pickValue(TYPES);
    String sent = type.isEmpty() ? "" : "Content-Type: " + type + "\n";
    sent += data.consumeBoolean() ? data.pickValue(headers) : strange(data);
    String path = question[1].replace("~", plain(data.consumeAsciiString(30)));

    Reply reply =
        server.request(question[0], path, server.newcomer(sent), data.consumeRemainingAsString());

    assertThat(reply.status()).as(reply.body()).isBetween(200, 599);
    if (reply.status() >= 400) {
      assertThat(reply.body()).startsWith("{\"error\":{\"code\":\"");
      assertThat(reply.body()).doesNotContainIgnoringCase("exception", "sqlite", "dev.pylon");
    }
    if (reply.status() >= 500) {
      assertThat(OURS).as(reply.body()).anyMatch(code -> reply.body().contains(code));
    }
  }

  /** Tokens and cookies that nobody made. */
  private static String strange(FuzzedDataProvider data) {
    String token = plain(data.consumeAsciiString(90));
    return switch (data.consumeInt(0, 5)) {
      case 0 -> bearer("pk." + token);
      case 1 -> bearer("pk.key_" + token);
      case 2 -> bearer("pylon_" + token);
      case 3 -> bearer(token);
      case 4 -> "Cookie: app_session=" + token + "\n";
      default -> "Cookie: " + token + "\n";
    };
  }

  /** What may stand in a head as it is. */
  private static String plain(String text) {
    return text.replaceAll("[^!-~]", "%");
  }
}
