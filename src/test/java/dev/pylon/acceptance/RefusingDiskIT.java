package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.PylonProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose disk takes no more bytes for a while, as one does that has become read-only under
 * it: the kernel refuses every write to its files, and the files stay open. Rights on them would
 * not do, for whoever runs the tests may be allowed everything.
 */
@Timeout(120)
class RefusingDiskIT {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "t", "version": "1", "routes": [], "entities": [
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": false, "unique": false}]}]}
      """;

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> notes(String url, String method, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url + "/api/entities/Note"))
            .method(method, BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private int write(String url, String text) throws IOException, InterruptedException {
    return notes(url, "POST", "{\"text\":\"" + text + "\"}").statusCode();
  }

  /** What the files of the server may grow to, in bytes. */
  private static void filesMax(PylonProcess pylon, String bytes)
      throws IOException, InterruptedException {
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", "" + pylon.pid(), "--fsize=" + bytes + ":unlimited")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(prlimit.exitValue()).isZero();
  }

  @Test
  void whatCannotBeWrittenIsRefusedAndWhenItCanBeAgainNobodyHasToStartAnything() throws Exception {
    Files.writeString(folder.resolve("pylon.manifest.json"), MANIFEST);
    try (var pylon =
        PylonProcess.start(
            folder,
            List.of("PYLON_CORS_ORIGIN=https://example.com"),
            "serve",
            "pylon.manifest.json",
            "--port",
            "0",
            "--json")) {
      String url =
          pylon
              .awaitLine(line -> line.contains("START_OK"))
              .replaceFirst(".*\"url\":\"([^\"]+)\".*", "$1");
      assertThat(write(url, "before")).isEqualTo(201);

      filesMax(pylon, "0");
      HttpResponse<String> refused = notes(url, "POST", "{\"text\":\"refused\"}");
      assertThat(refused.statusCode()).isEqualTo(500);
      assertThat(refused.body()).contains("COMMIT_FAILED", "not saved").doesNotContain("SQLITE");
      assertThat(write(url, "refused too")).isEqualTo(500);
      assertThat(notes(url, "GET", "").body()).contains("\"count\":1", "before");

      filesMax(pylon, "unlimited");
      assertThat(write(url, "after")).isEqualTo(201);
      assertThat(notes(url, "GET", "").body()).contains("\"count\":2").doesNotContain("refused");
    }
  }
}
