package dev.pylon.boot;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
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
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of rows without functions, before it has something to serve and after. */
class PylonTest {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "notes", "version": "1", "routes": [], "entities": [
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": false, "unique": false}]%s}]}
      """;

  private static final String PLAIN = MANIFEST.formatted("");
  private static final String SEARCHED = MANIFEST.formatted(", \"search\": {\"text\": [\"text\"]}");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private Pylon pylon;

  @BeforeEach
  void start() throws IOException {
    Path manifest = Files.writeString(folder.resolve("pylon.manifest.json"), PLAIN);
    var environment =
        new Environment(
            Map.of(
                "XDG_CACHE_HOME",
                folder.resolve("cache").toString(),
                "PYLON_CORS_ORIGIN",
                "https://notes.example",
                "PYLON_ADMIN_TOKEN",
                "a-secret-of-some-length"),
            Map.of(),
            folder);
    Config config =
        Config.forServe(environment, manifest, Map.of("--port", "0", "--host", "127.0.0.1"));
    pylon =
        Pylon.start(
            config,
            Toolchain.of(config),
            new Pylon.Start(true, null, "0"),
            RuntimeListener.SILENT,
            InstantSource.system());
  }

  @AfterEach
  void close() {
    pylon.close(Duration.ZERO);
  }

  private void provide(String manifest) {
    pylon.provide(Manifest.parse(manifest.getBytes(StandardCharsets.UTF_8)), "start");
  }

  private HttpResponse<String> ask(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(pylon.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer a-secret-of-some-length")
            .timeout(Duration.ofSeconds(20))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void whoAsksBeforeThereIsSomethingToServeIsToldToComeBack() {
    HttpResponse<String> early = ask("GET", "/api/entities/Note", "");
    provide(PLAIN);

    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body())
        .isEqualTo(
            "{\"error\":{\"code\":\"NOT_AVAILABLE\",\"message\":\"The server is starting\"}}");
    assertThat(early.headers().firstValue("Retry-After")).isPresent();
    assertThat(ask("GET", "/api/entities/Note", "").statusCode()).isEqualTo(200);
  }

  @Test
  void whatNeedsFunctionsSaysThatThereAreNone() {
    provide(PLAIN);

    for (String method : List.of("POST", "PUT", "GET", "BREW")) {
      HttpResponse<String> reply = ask(method, "/api/webhooks/stripe", "{}");

      assertThat(reply.statusCode()).isEqualTo(503);
      assertThat(reply.body()).contains("FUNCTIONS_NOT_AVAILABLE");
    }
    assertThat(ask("POST", "/api/fn/anything", "{}").statusCode()).isEqualTo(503);
  }

  @Test
  void rowsThatAreToStayAreNotReset() {
    provide(PLAIN);
    ask("POST", "/api/entities/Note", "{\"text\":\"here\"}");

    HttpResponse<String> reply = ask("POST", "/api/__test__/reset", "");

    assertThat(reply.statusCode()).isEqualTo(403);
    assertThat(reply.body()).contains("RESET_REFUSED");
    assertThat(ask("GET", "/api/entities/Note", "").body()).contains("here");
  }

  @Test
  void aSearchOverRowsThatWereThereIsMadeReadyWhileTheyAreServed() {
    provide(PLAIN);
    var rows =
        IntStream.range(0, 2_000).mapToObj(i -> Map.of("text", "note number n" + i)).toList();
    String dump = Json.text(Map.of("entities", Map.of("Note", rows)));
    assertThat(ask("POST", "/api/import", dump).statusCode()).isEqualTo(200);

    provide(SEARCHED);

    assertThat(ask("POST", "/api/search/Note", "{\"query\":\"number\"}").statusCode())
        .isEqualTo(200);
    Eventually.within(SOON, () -> !found("number").contains("partial"), () -> found("number"));
    assertThat(found("number")).contains("\"total\":2000");
    assertThat(found("n1999")).contains("\"total\":1");
  }

  private String found(String words) {
    return ask("POST", "/api/search/Note", Json.text(Map.of("query", words))).body();
  }
}
