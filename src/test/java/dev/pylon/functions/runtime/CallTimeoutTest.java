package dev.pylon.functions.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long calls may take, by the runtime they run on. */
class CallTimeoutTest {
  private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    ticker.shutdownNow();
  }

  @Test
  void ourRuntimeTakesAsLongAsItIsGiven() {
    try (RuntimePool pool = pool(true)) {
      assertThat(pool.callTimeout(Duration.ofMinutes(5))).isEqualTo(Duration.ofMinutes(5));
    }
  }

  /** Its own timer ends an answer after 60 s, and with it the call in a way nobody understands. */
  @Test
  void aForeignRuntimeIsGivenLessThanItsOwnPatience() {
    try (RuntimePool pool = pool(false)) {
      assertThat(pool.callTimeout(Duration.ofMinutes(5))).isLessThan(Duration.ofSeconds(60));
      assertThat(pool.callTimeout(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
    }
  }

  private RuntimePool pool(boolean builtIn) {
    var spec =
        new RuntimeSpec(
            Path.of("bun"),
            Path.of("runtime.ts"),
            builtIn,
            Path.of("."),
            Path.of("functions"),
            Map.of(),
            true,
            1,
            1,
            1,
            Duration.ofSeconds(1),
            Duration.ZERO,
            Long.MAX_VALUE);
    return new RuntimePool(spec, RuntimeListener.SILENT, ticker);
  }
}
