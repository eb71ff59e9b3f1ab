package dev.pylon.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private final Signals signals = new Signals(Duration.ZERO);

  @Test
  void whoReadsHearsTheLastWords() throws InterruptedException {
    var heard = new ArrayList<String>();

    assertThat(signals.say(() -> heard.add("stopping"))).isTrue();

    assertThat(heard).containsExactly("stopping");
  }

  /** As a suspended terminal does not: it takes no more letters, and no write to it returns. */
  @Test
  void whoDoesNotReadIsNotWaitedFor() throws InterruptedException {
    var readsAgain = new CountDownLatch(1);

    assertThat(signals.say(() -> await(readsAgain))).isFalse();

    readsAgain.countDown();
  }

  private static void await(CountDownLatch readsAgain) {
    try {
      assertThat(readsAgain.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
