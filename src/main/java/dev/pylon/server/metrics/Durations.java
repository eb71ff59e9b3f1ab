package dev.pylon.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long many things took, as counts of ranges. Thread-safe; adding never waits. */
final class Durations {
  /**
   * Upper ends of the ranges but for the last, which has none: from a millisecond to ten seconds.
   */
  private static final long[] ENDS_NANOS = {
    1_000_000L,
    2_500_000L,
    5_000_000L,
    10_000_000L,
    25_000_000L,
    50_000_000L,
    100_000_000L,
    250_000_000L,
    500_000_000L,
    1_000_000_000L,
    2_500_000_000L,
    5_000_000_000L,
    10_000_000_000L
  };

  private static final double NANOS_IN_SECOND = 1e9;

  /** The counts, and behind them the sum. */
  private final AtomicLongArray counts = new AtomicLongArray(ENDS_NANOS.length + 2);

  void add(long nanos) {
    int range = 0;
    while (range < ENDS_NANOS.length && nanos > ENDS_NANOS[range]) {
      range++;
    }
    counts.getAndIncrement(range);
    counts.getAndAdd(ENDS_NANOS.length + 1, nanos);
  }

  boolean isEmpty() {
    for (long count : counts()) {
      if (count > 0) {
        return false;
      }
    }
    return true;
  }

  /** How many fell in each range, each counted once. */
  long[] counts() {
    var copy = new long[ENDS_NANOS.length + 1];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.get(i);
    }
    return copy;
  }

  double sumSeconds() {
    return counts.get(ENDS_NANOS.length + 1) / NANOS_IN_SECOND;
  }

  /** The upper ends of the ranges in seconds; the last one is infinite. */
  static double[] endsSeconds() {
    var ends = new double[ENDS_NANOS.length + 1];
    for (int i = 0; i < ENDS_NANOS.length; i++) {
      ends[i] = ENDS_NANOS[i] / NANOS_IN_SECOND;
    }
    ends[ENDS_NANOS.length] = Double.POSITIVE_INFINITY;
    return ends;
  }
}
