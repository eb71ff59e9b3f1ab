package dev.pylon.model;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets each key through so many times in any window: a log of what was accepted, not a bucket,
 * because "30 in any 60 seconds" and the time to wait are promised exactly (functions contract,
 * 9.4). What is refused does not count. Thread-safe.
 */
public final class SlidingLog {
  /** Acceptances between two looks for keys that nobody uses any more. */
  private static final int SWEEP_EVERY = 10_000;

  /**
   * Keys that are remembered, at some 200 bytes each. Where more come within a window they pass:
   * against so many callers a limit of each is no help, and their number at once is bounded
   * elsewhere.
   */
  private static final int KEYS_MAX = 300_000;

  private final int max;
  private final long windowNanos;
  private final Map<String, Accepted> byKey = new ConcurrentHashMap<>();
  private final AtomicInteger sinceSweep = new AtomicInteger();

  /**
   * @param max accepted in any window; 0 means no limit
   */
  public SlidingLog(int max, Duration window) {
    this.max = max;
    this.windowNanos = window.toNanos();
  }

  /**
   * Asks for one more at {@code nowNanos}, on the line of {@link System#nanoTime}.
   *
   * @return 0 where it is accepted, else the seconds after which the next one is, at least 1
   */
  public long tryAccept(String key, long nowNanos) {
    if (max == 0) {
      return 0;
    }
    if (sinceSweep.incrementAndGet() >= SWEEP_EVERY) {
      sweep(nowNanos);
    }
    if (byKey.size() >= KEYS_MAX && !byKey.containsKey(key)) {
      return 0;
    }
    long[] waitNanos = {0};
    byKey.compute(
        key,
        (_, known) -> {
          Accepted accepted = known == null ? new Accepted() : known;
          accepted.forget(nowNanos - windowNanos);
          if (accepted.size() < max) {
            accepted.add(nowNanos);
          } else {
            waitNanos[0] = windowNanos - (nowNanos - accepted.oldest());
          }
          return accepted;
        });
    return waitNanos[0] == 0 ? 0 : Math.max(1, Math.ceilDiv(waitNanos[0], 1_000_000_000L));
  }

  private void sweep(long nowNanos) {
    sinceSweep.set(0);
    for (String key : byKey.keySet()) {
      byKey.computeIfPresent(
          key,
          (_, accepted) -> {
            accepted.forget(nowNanos - windowNanos);
            return accepted.size() == 0 ? null : accepted;
          });
    }
  }

  /** Moments in the order they came, in a ring that grows. Guarded by the map's entry. */
  private static final class Accepted {
    private long[] ring = new long[8];
    private int first;
    private int size;

    int size() {
      return size;
    }

    long oldest() {
      return ring[first];
    }

    void add(long moment) {
      if (size == ring.length) {
        var larger = new long[2 * size];
        for (int i = 0; i < size; i++) {
          larger[i] = ring[(first + i) % size];
        }
        ring = larger;
        first = 0;
      }
      ring[(first + size++) % ring.length] = moment;
    }

    /** Drops what was accepted at {@code moment} or before. */
    void forget(long moment) {
      while (size > 0 && ring[first] - moment <= 0) {
        first = (first + 1) % ring.length;
        size--;
      }
    }
  }
}
