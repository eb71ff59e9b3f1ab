package dev.pylon.cli.traces;

import dev.pylon.cli.command.Failure;
import dev.pylon.cli.text.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads moments as people type them: {@code 15m} ago, {@code 14:30} today, an ISO time, {@code
 * boot}.
 *
 * @param boot when the server started, if that is known; asked only where it is meant
 */
record TimeWords(InstantSource clock, ZoneId zone, Supplier<Optional<Instant>> boot) {

  /**
   * The moment {@code text} names.
   *
   * @throws Failure where it names none; mentions {@code option}
   */
  Instant instant(String option, String text) {
    if (text.equals("boot")) {
      return boot.get()
          .orElseThrow(
              () -> Failure.usage(option + "=boot: the server does not say when it started", null));
    }
    return Durations.parse(text)
        .filter(_ -> !text.chars().allMatch(Character::isDigit))
        .map(ago -> clock.instant().minus(ago))
        .or(() -> timeOfDay(text))
        .or(() -> isoTime(text))
        .orElseThrow(() ->
            Failure.usage(
                "%s takes a time, not \"%s\"".formatted(option, text),
                "For example: 15m, 14:30, 2026-01-31T14:30:00Z, boot"));
  }

  /** The last time the clock on the wall showed {@code text}. */
  private Optional<Instant> timeOfDay(String text) {
    try {
      ZonedDateTime now = clock.instant().atZone(zone);
      ZonedDateTime today = now.with(LocalTime.parse(text));
      return Optional.of((today.isAfter(now) ? today.minusDays(1) : today).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private Optional<Instant> isoTime(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      try {
        return Optional.of(LocalDateTime.parse(text).atZone(zone).toInstant());
      } catch (DateTimeException notEvenLocal) {
        return Optional.empty();
      }
    }
  }
}
