package dev.pylon;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread or process is about to do, with a deadline. */
public final class Eventually {
  /**
   * Far above what anything in a test takes, on a machine five times slower and busy too, and below
   * the time a test has: what does not happen is told, not waited for.
   */
  public static final Duration SOON = Duration.ofSeconds(30);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private Eventually() {}

  /**
   * Waits until {@code condition} holds; where it does not in time, says what was {@code stuck}.
   */
  public static void within(Duration patience, BooleanSupplier condition, Supplier<?> stuck) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + patience + ": " + stuck.get());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
