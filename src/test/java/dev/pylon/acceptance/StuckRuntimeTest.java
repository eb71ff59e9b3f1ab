package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.acceptance.Server.Runtime;
import dev.pylon.trace.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A function that blocks the event loop takes its runtime down: what becomes of the others. */
@NeedsBun
class StuckRuntimeTest {
  /** From the end of a runtime to the next answer: 200 ms on a quiet machine. */
  private static final Duration RECOVERY = Duration.ofSeconds(1);

  @TempDir private Path folder;
  private Server server;

  @BeforeEach
  void start() {
    server = Server.start(folder, "acceptance/hostile", Runtime.BUILT_IN, Map.of());
    server.write(
        "shortLoop",
        """
        import { action } from "@pylonsync/functions";
        export default action({ timeoutMs: 400, handler: () => { for (;;); } });
        """);
    server.reload();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aQueryOfAnotherFunctionIsAnsweredElsewhere() {
    CompletableFuture<Reply> query = server.begin("wait", Map.of("ms", 2_000));

    assertThat(server.call("shortLoop").code()).isEqualTo("FN_TIMEOUT");

    assertThat(query.join().body()).isEqualTo("\"waited\"");
    List<Trace> attempts = server.traces("wait");
    assertThat(attempts).extracting(Trace::attempt).containsExactly(2, 1);
    assertThat(Server.code(attempts.getLast())).isEqualTo("RUNNER_EXITED");
  }

  @Test
  void anActionInFlightIsToldForItMayHaveActed() {
    CompletableFuture<Reply> action = server.begin("waitAction", Map.of("ms", 20_000));

    server.call("shortLoop");

    assertThat(action.join().error())
        .isEqualTo("503 RUNNER_EXITED TypeScript function runner process exited unexpectedly");
    assertThat(server.traces("waitAction")).hasSize(1);
  }

  /** What a busy machine adds to one round it does not add to all of them. */
  @Test
  void theNextCallIsAnsweredSoonAfterTheRuntimeEnded() {
    Duration took = Duration.ofDays(1);

    for (int round = 0; round < 5 && took.compareTo(RECOVERY) >= 0; round++) {
      CompletableFuture<Reply> action = server.begin("waitAction", Map.of("ms", 20_000));
      server.call("shortLoop");
      action.join();
      long ended = System.nanoTime();
      assertThat(server.value("quick")).isEqualTo("quick");
      took = Duration.ofNanos(System.nanoTime() - ended);
    }

    assertThat(took).isLessThan(RECOVERY);
  }
}
