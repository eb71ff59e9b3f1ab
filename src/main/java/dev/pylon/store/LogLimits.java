package dev.pylon.store;

import java.time.Duration;

/**
 * How long the log keeps what newer entries have replaced.
 *
 * @param entries the newest so many stay as they are
 * @param age so do those that are not older than this
 * @param deletions how long a deletion is remembered
 */
record LogLimits(int entries, Duration age, Duration deletions) {
  static final LogLimits STANDARD = new LogLimits(10_000, Duration.ofDays(7), Duration.ofDays(90));
}
