package dev.pylon.cli.dev;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.PylonProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pylon serve} in production, from the packaged launcher. */
@NeedsBun
@Timeout(180)
class ServeIT {
  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  private String call(String url, String function) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url + "/api/fn/" + function))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .timeout(Duration.ofSeconds(20))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static void version(Path app, int number) throws IOException {
    Files.writeString(
        app.resolve("functions/version.ts"),
        """
        import { query } from "@pylonsync/functions";
        export default query({ handler: async () => %d });
        """
            .formatted(number));
  }

  private PylonProcess serve(Path app, String... more) throws IOException {
    var words = new ArrayList<>(List.of("serve", "--port", "0", "--json"));
    words.addAll(List.of(more));
    return PylonProcess.start(
        app, List.of("PYLON_CORS_ORIGIN=https://example.com"), words.toArray(String[]::new));
  }

  private static String url(PylonProcess pylon) {
    return pylon
        .awaitLine(line -> line.contains("START_OK"))
        .replaceFirst(".*\"url\":\"([^\"]+)\".*", "$1");
  }

  @Test
  void functionsAreLoadedAnewOnHangupAndCallsFinishOnTerm() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    version(todo, 1);
    try (var pylon = serve(todo)) {
      String url = url(pylon);
      assertThat(call(url, "version")).isEqualTo("1");

      version(todo, 2);
      pylon.signal("HUP");
      Eventually.within(SOON, () -> answers(url, "version", "2"), () -> pylon.err());

      List<ProcessHandle> children = pylon.children();
      pylon.signal("TERM");
      assertThat(pylon.awaitExit(SOON)).isEqualTo(143);
      Eventually.within(
          SOON, () -> children.stream().noneMatch(ProcessHandle::isAlive), () -> children);
    }
  }

  private boolean answers(String url, String function, String value) {
    try {
      return call(url, function).equals(value);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void aReadyManifestIsServedAndNothingIsWrittenBesideIt() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    try (var once = PylonProcess.start(todo, List.of(), "dev", "--once")) {
      assertThat(once.awaitExit(PylonProcess.PATIENCE)).isZero();
    }
    Files.delete(todo.resolve("app.ts"));
    Files.delete(todo.resolve("pylon.client.ts"));

    try (var pylon = serve(todo, "pylon.manifest.json")) {
      assertThat(call(url(pylon), "listTodos")).isEqualTo("[]");
      assertThat(todo.resolve("pylon.client.ts")).doesNotExist();
      assertThat(Files.readString(todo.resolve(".pylon/dev.json"), StandardCharsets.UTF_8))
          .contains("\"mode\":\"serve\"", "\"adminToken\":null");
    }
  }

  @Test
  void aBrokenManifestIsToldWithItsPlace() throws Exception {
    Path app = Files.createDirectory(folder.resolve("app"));
    Files.writeString(app.resolve("pylon.manifest.json"), "{\"manifest_version\": 1,\n");

    try (var pylon = serve(app, "pylon.manifest.json")) {
      assertThat(pylon.awaitExit(PylonProcess.PATIENCE)).isEqualTo(1);
      assertThat(pylon.out().getFirst()).contains("pylon.manifest.json:2:1: MANIFEST_PARSE_ERROR");
    }
  }

  @Test
  void aSchemaThatCannotBeHadStopsTheStart() throws Exception {
    Path app = Files.createDirectory(folder.resolve("app"));
    String manifest =
        """
        {"manifest_version": 1, "name": "app", "version": "1", "routes": [], "entities": [
           {"name": "Todo", "indexes": [], "fields": [
             {"name": "title", "type": "%s", "optional": false, "unique": false}]}]}
        """;
    Files.writeString(app.resolve("pylon.manifest.json"), manifest.formatted("string"));
    try (var pylon = serve(app, "pylon.manifest.json")) {
      url(pylon);
    }
    Files.writeString(app.resolve("pylon.manifest.json"), manifest.formatted("int"));

    try (var pylon = serve(app, "pylon.manifest.json")) {
      assertThat(pylon.awaitExit(PylonProcess.PATIENCE)).isEqualTo(1);
      assertThat(pylon.out()).hasSize(1);
      assertThat(pylon.out().getFirst()).contains("PUSH_BLOCKED", "Todo", "title");
    }
  }
}
