package dev.pylon.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlidingLogTest {
  @Test
  void soManyKeysThatNobodyRemembersThemPass() {
    var log = new SlidingLog(1, Duration.ofMinutes(1));
    for (int i = 0; i < 300_000; i++) {
      assertThat(log.tryAccept("k" + i, 0)).isZero();
    }

    assertThat(log.tryAccept("k0", 1)).as("one that is remembered").isPositive();
    assertThat(log.tryAccept("new", 1)).isZero();
    assertThat(log.tryAccept("new", 1)).as("one that is not").isZero();
  }

  private static final long SECOND = 1_000_000_000L;

  private final SlidingLog log = new SlidingLog(3, Duration.ofSeconds(60));

  @Test
  void theOneTooManyIsToldWhenToComeBack() {
    assertThat(log.tryAccept("k", 0)).isZero();
    assertThat(log.tryAccept("k", 10 * SECOND)).isZero();
    assertThat(log.tryAccept("k", 20 * SECOND)).isZero();

    assertThat(log.tryAccept("k", 25 * SECOND)).isEqualTo(35);
    assertThat(log.tryAccept("k", 60 * SECOND - 1)).isEqualTo(1);
    assertThat(log.tryAccept("k", 60 * SECOND)).isZero();
    assertThat(log.tryAccept("k", 60 * SECOND)).isEqualTo(10);
  }

  @Test
  void keysAreCountedByThemselves() {
    for (int i = 0; i < 3; i++) {
      log.tryAccept("one", 0);
    }

    assertThat(log.tryAccept("one", 1)).isPositive();
    assertThat(log.tryAccept("two", 1)).isZero();
  }

  @Test
  void zeroIsNoLimit() {
    var free = new SlidingLog(0, Duration.ofSeconds(60));

    for (int i = 0; i < 1_000; i++) {
      assertThat(free.tryAccept("k", 0)).isZero();
    }
  }

  /**
   * The law: in no window of a minute are more accepted than allowed, and whoever waits is let in.
   */
  @Test
  void noWindowHoldsMoreThanIsAllowed() {
    long seed = 5;
    var random = new Random(seed);
    var accepted = new ArrayDeque<Long>();
    long now = -1_000 * SECOND; // the line of nanoTime may well be negative
    for (int i = 0; i < 50_000; i++) {
      now += random.nextLong(15 * SECOND);
      long wait = log.tryAccept("k", now);
      while (!accepted.isEmpty() && accepted.peekFirst() <= now - 60 * SECOND) {
        accepted.removeFirst();
      }
      if (wait == 0) {
        accepted.addLast(now);
      } else {
        assertThat(accepted).as("seed %d, round %d", seed, i).hasSize(3);
        assertThat(wait).isBetween(1L, 60L);
        assertThat(accepted.peekFirst() + 60 * SECOND).isLessThanOrEqualTo(now + wait * SECOND);
      }
      assertThat(accepted.size()).as("seed %d, round %d", seed, i).isLessThanOrEqualTo(3);
    }
  }
}
