package dev.pylon.boot;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers as they are put together, with one Postgres database. */
@NeedsPostgres
class TwoNodesTest {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "notes", "version": "1", "routes": [], "entities": [
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": false, "unique": false}]}]}
      """;

  @TempDir private Path folder;
  private final String url = PostgresServer.shared().newDatabase();
  private final HttpClient http = HttpClient.newHttpClient();
  private Pylon here;
  private Pylon there;

  @BeforeEach
  void start() throws IOException {
    here = node();
    there = node();
  }

  @AfterEach
  void close() {
    there.close(Duration.ZERO);
    here.close(Duration.ZERO);
  }

  private Pylon node() throws IOException {
    Path manifest = Files.writeString(folder.resolve("pylon.manifest.json"), MANIFEST);
    var environment =
        new Environment(
            Map.of(
                "XDG_CACHE_HOME",
                folder.resolve("cache").toString(),
                "PYLON_CORS_ORIGIN",
                "https://notes.example",
                "PYLON_ADMIN_TOKEN",
                "a-secret-of-some-length",
                "PYLON_RATE_LIMIT_MAX",
                "0",
                "DATABASE_URL",
                url),
            Map.of(),
            folder);
    Config config =
        Config.forServe(environment, manifest, Map.of("--port", "0", "--host", "127.0.0.1"));
    Pylon node =
        Pylon.start(
            config,
            Toolchain.of(config),
            new Pylon.Start(true, null, "0"),
            RuntimeListener.SILENT,
            InstantSource.system());
    node.provide(Manifest.parse(MANIFEST.getBytes(StandardCharsets.UTF_8)), "start");
    return node;
  }

  private Map<String, Object> ask(Pylon node, String method, String path, String token) {
    var request =
        HttpRequest.newBuilder(URI.create(node.url() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(20))
            .build();
    try {
      byte[] body = http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
      return Json.parseObject(body);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A refusal says nothing about who they are. */
  private static boolean isNobody(Map<String, Object> me) {
    return me.containsKey("user_id") && me.get("user_id") == null;
  }

  @Test
  void whatOneForgetsTheOtherForgetsLongBeforeItWouldByItself() {
    var guest = ask(here, "POST", "/api/auth/guest", "");
    String token = String.valueOf(guest.get("token"));
    assertThat(ask(there, "GET", "/api/auth/me", token))
        .containsEntry("user_id", guest.get("user_id"));

    ask(here, "DELETE", "/api/auth/session", token);

    Eventually.within(
        SOON,
        () -> isNobody(ask(there, "GET", "/api/auth/me", token)),
        () -> "the other node remembers them");
  }
}
