package dev.pylon.functions.runtime;

import java.time.Duration;

/**
 * When the memory of runtimes is looked at, which takes a file of the system each: often where
 * calls run, seldom where none does. Confined to the ticker.
 */
final class Weighing {
  /** Some handlers take a gigabyte a second. */
  private static final Duration OFTEN = Duration.ofMillis(100);

  /** What a call has left behind, such as a timer, may grow as well. */
  private static final Duration SELDOM = Duration.ofSeconds(2);

  private long oftenNanos;
  private long seldomNanos;

  Weighing(long nowNanos) {
    this.oftenNanos = nowNanos;
    this.seldomNanos = nowNanos;
  }

  /** Whose turn it is. */
  enum Turn {
    NOBODY,
    BUSY,
    ALL;

    boolean isOf(int callsInFlight) {
      return this == ALL || (this == BUSY && callsInFlight > 0);
    }
  }

  /** Whose turn it is by now; nobody's again until some time has gone by. */
  Turn next(long nowNanos) {
    if (nowNanos - oftenNanos < OFTEN.toNanos()) {
      return Turn.NOBODY;
    }
    oftenNanos = nowNanos;
    if (nowNanos - seldomNanos < SELDOM.toNanos()) {
      return Turn.BUSY;
    }
    seldomNanos = nowNanos;
    return Turn.ALL;
  }
}
