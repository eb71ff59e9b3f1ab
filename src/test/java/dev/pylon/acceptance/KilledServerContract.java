package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.PylonProcess;
import dev.pylon.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that go on where {@code kill -9} cut the whole server off, on either database. */
@NeedsBun
@Timeout(180)
abstract class KilledServerContract {
  private static final int JOBS = 600;

  /** The pauses after three attempts that crashes cost, and a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir private Path folder;

  /** What names the database, the same at each start; words of the command line. */
  abstract List<String> database();

  @Test
  void everyEffectHappensOnceAndNoneEarlyThroughThreeKills() throws Exception {
    Path project = PylonProcess.copy(Path.of("src/test/resources/jobs-app"), folder);
    try (var first = start(project)) {
      call(
          first.awaitReady(),
          "plan",
          Map.of("batch", "b", "count", JOBS, "afterMs", 200, "spreadMs", 4_000));
      killAfter(first, JOBS / 5);
    }
    for (int kill = 2; kill <= 3; kill++) {
      try (var next = start(project)) {
        killAfter(next, kill * JOBS / 5);
      }
    }
    try (var last = start(project)) {
      String url = last.awaitReady();

      Eventually.within(
          PATIENCE, () -> Long.valueOf(0).equals(report(url).get("lost")), () -> report(url));

      assertThat(report(url)).containsEntry("double", 0L).containsEntry("early", 0L);
    }
  }

  private PylonProcess start(Path project) throws IOException {
    var words = new ArrayList<>(List.of("dev", "--port", "0"));
    words.addAll(database());
    return PylonProcess.start(project, words.toArray(String[]::new));
  }

  /** Kills it while jobs run: when so many have, and more are due. */
  private void killAfter(PylonProcess pylon, int ran) throws Exception {
    String url = pylon.awaitReady();
    Eventually.within(PATIENCE, () -> (Long) report(url).get("ran") >= ran, () -> report(url));
    pylon.signal("KILL");
    assertThat(pylon.awaitExit(Eventually.SOON)).isNotZero();
  }

  private Map<String, @Nullable Object> report(String url) {
    return Json.asObject((Map<?, ?>) call(url, "report", Map.of("batch", "b", "count", JOBS)));
  }

  private Object call(String url, String function, Map<String, Object> args) {
    try {
      HttpResponse<byte[]> response =
          http.send(
              HttpRequest.newBuilder(URI.create(url + "/api/fn/" + function))
                  .timeout(PATIENCE)
                  .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(args)))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      Object value = Json.parse(response.body());
      assertThat(response.statusCode()).as("%s", value).isEqualTo(200);
      assertThat(value).isNotNull();
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
