package dev.pylon.functions.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WeighingTest {
  private static final long MILLISECOND = 1_000_000;
  private static final long BEGUN = Long.MAX_VALUE - 1_000 * MILLISECOND; // clocks may pass the end

  /** How often in twenty seconds, looked at every 10 ms. */
  private static long turns(int callsInFlight) {
    var weighing = new Weighing(BEGUN);
    return LongStream.rangeClosed(1, 2_000)
        .filter(i -> weighing.next(BEGUN + i * 10 * MILLISECOND).isOf(callsInFlight))
        .count();
  }

  @Test
  void whoRunsCallsIsWeighedOften() {
    assertThat(turns(1)).isEqualTo(200);
  }

  @Test
  void whoRunsNoneIsWeighedSeldom() {
    assertThat(turns(0)).isEqualTo(10);
  }
}
