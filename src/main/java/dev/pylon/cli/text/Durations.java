package dev.pylon.cli.text;

import java.time.Duration;
import java.util.Optional;

/** Lengths of time as people type and read them. */
public final class Durations {
  private Durations() {}

  /** {@code 250ms}, {@code 5s}, {@code 15m}, {@code 2h}, {@code 1d}; a bare number is seconds. */
  public static Optional<Duration> parse(String text) {
    int digits = 0;
    while (digits < text.length() && isNumberPart(text.charAt(digits))) {
      digits++;
    }
    double unitMillis =
        switch (text.substring(digits)) {
          case "ms" -> 1;
          case "", "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          case "d" -> 86_400_000;
          default -> -1;
        };
    if (digits == 0 || unitMillis < 0) {
      return Optional.empty();
    }
    try {
      double millis = Double.parseDouble(text.substring(0, digits)) * unitMillis;
      return Optional.of(Duration.ofNanos((long) (millis * 1_000_000)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean isNumberPart(char c) {
    return c >= '0' && c <= '9' || c == '.';
  }

  /** A wait as people type it: {@code 5s}, {@code 250ms}. */
  public static String typed(double millis) {
    long whole = Math.round(millis);
    return whole % 1_000 == 0 ? whole / 1_000 + "s" : whole + "ms";
  }

  /**
   * {@code µs} below 1 ms, one decimal below 10 ms, whole ms above, {@code s} above 10 s (command
   * line contract, 16.3).
   */
  public static String text(double millis, boolean ascii) {
    if (millis < 0.9995) {
      return Math.round(millis * 1_000) + (ascii ? " us" : " µs");
    }
    if (millis < 9.95) {
      return oneDecimal(millis) + " ms";
    }
    if (millis < 9_999.5) {
      return Math.round(millis) + " ms";
    }
    return oneDecimal(millis / 1_000) + " s";
  }

  /**
   * By hand: the JDK's formatter takes longer to load than all the rest of a short command's
   * output.
   */
  public static String oneDecimal(double number) {
    long tenths = Math.round(number * 10);
    return tenths / 10 + "." + Math.floorMod(tenths, 10);
  }
}
