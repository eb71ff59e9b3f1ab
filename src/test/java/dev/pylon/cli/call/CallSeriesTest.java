package dev.pylon.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.remote.CannedServer;
import dev.pylon.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pylon call --repeat} and {@code --parallel}. */
class CallSeriesTest {
  @TempDir private Path folder;
  private CannedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new CannedServer().announcedIn(folder).answers("POST /api/fn/f", 200, "1");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void everyCallIsMadeOnce() {
    Cli.Result result =
        Cli.in(folder).run("call", "f", "--repeat", "50", "--parallel", "4", "--json");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(server.questions()).hasSize(50).containsOnly("POST /api/fn/f");
    Map<String, ?> summary = Json.parseObject(result.out().getBytes(StandardCharsets.UTF_8));
    assertThat(summary.get("calls")).isEqualTo(50L);
    assertThat(summary.get("errors")).isEqualTo(0L);
    assertThat(summary.get("ms")).asString().matches("\\{min=.*, p50=.*, p95=.*, p99=.*, max=.*}");
  }

  @Test
  void failuresAreCountedByTheirCode() {
    server.answers("POST /api/fn/f", 400, "{\"error\":{\"code\":\"TOO_LOW\",\"message\":\"x\"}}");

    Cli.Result result = Cli.in(folder).run("call", "f", "--repeat", "3");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out())
        .contains("3 calls, 1 at once")
        .contains("3 failed")
        .contains("3  TOO_LOW");
  }

  @Test
  void aCountThatIsNoneIsRefused() {
    assertThat(Cli.in(folder).run("call", "f", "--repeat", "0").status())
        .isEqualTo(ExitStatus.USAGE);
    assertThat(server.questions()).isEmpty();
  }

  @Test
  void percentilesAreValuesThatOccurred() {
    double[] millis = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    assertThat(CallSeries.at(millis, 0.5)).isEqualTo(5);
    assertThat(CallSeries.at(millis, 0.99)).isEqualTo(10);
  }
}
