package dev.pylon.functions.protocol;

import dev.pylon.json.JsonException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads the times that authors hand to the scheduler, however they wrote them. */
final class Moments {
  private Moments() {}

  /**
   * Whole milliseconds; fractions are rounded up so that nothing is early, negative delays are
   * none.
   *
   * @throws JsonException where it is no number, which NaN and Infinity are not either
   */
  static long delayMillis(@Nullable Object delay) {
    return Math.max(0, millis(delay, "delay"));
  }

  /** Milliseconds since 1970, from a number or an ISO date. */
  static long epochMillis(@Nullable Object moment) {
    return moment instanceof String text && Double.isNaN(parsed(text))
        ? isoMillis(text)
        : millis(moment, "runAt");
  }

  private static long isoMillis(String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new JsonException("runAt: \"%s\" is not a date".formatted(text), e);
    }
  }

  private static long millis(@Nullable Object value, String what) {
    double number =
        switch (value) {
          case null -> Double.NaN;
          case Number given -> given.doubleValue();
          case String text -> parsed(text);
          default -> Double.NaN;
        };
    if (!Double.isFinite(number) || number > Instant.MAX.getEpochSecond()) {
      throw new JsonException(what + ": expected a number of milliseconds, got " + value);
    }
    return (long) Math.ceil(number);
  }

  private static double parsed(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
