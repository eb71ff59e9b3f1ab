package dev.pylon.db;

/**
 * A length of time that moments are counted by, in UTC, and the text that names one.
 *
 * <p>Weeks begin on Monday; the days of a year before its first Monday are its week 00.
 */
public enum TimeBucket {
  /** {@code 2026-01-31 22:00:00}. */
  HOUR,
  /** {@code 2026-01-31}. */
  DAY,
  /** {@code 2026-W04}. */
  WEEK,
  /** {@code 2026-01}. */
  MONTH,
  /** {@code 2026}. */
  YEAR
}
