package dev.pylon.model;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A moment on the monotonic clock by which something must have happened.
 *
 * @param nanos on the line of {@link System#nanoTime}
 */
public record Deadline(long nanos) {

  public static Deadline after(Duration timeout) {
    return new Deadline(System.nanoTime() + timeout.toNanos());
  }

  /** What is left, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  /** What is left in nanoseconds, never negative. */
  public long remainingNanos() {
    return Math.max(0, nanos - System.nanoTime());
  }

  /** What is left in milliseconds, rounded up, never negative. */
  public long remainingMillis() {
    return TimeUnit.NANOSECONDS.toMillis(remainingNanos() + 999_999);
  }

  public boolean isPast() {
    return nanos - System.nanoTime() <= 0;
  }

  /** Whichever comes first. */
  public Deadline min(Deadline other) {
    return nanos - other.nanos <= 0 ? this : other;
  }
}
