package dev.pylon.store.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How moments are written: as JavaScript's {@code toISOString} writes them, so that the order of
 * text is the order of time. Years have four digits.
 */
public final class Instants {
  private static final DateTimeFormatter STORED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final int YEAR_MAX = 9_999;

  private Instants() {}

  /**
   * What is stored for {@code text}: a full instant in UTC with milliseconds; a date, or a time
   * without an offset, as it is; empty for anything else.
   */
  public static Optional<String> normal(String text) {
    return read(text).map(instant -> hasOffset(text) ? STORED.format(instant) : text);
  }

  /** The instant that {@code text}, which {@link #normal} gave, means, written in full. */
  public static String full(String text) {
    return read(text).map(STORED::format).orElse(text);
  }

  /** The moment that {@code text} means; a date, or a time without an offset, is one in UTC. */
  public static Optional<Moment> moment(String text) {
    return read(text).map(instant -> Moment.of(STORED.format(instant)));
  }

  private static Optional<Instant> read(String text) {
    try {
      OffsetDateTime time;
      if (text.length() == 10) {
        time = LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC);
      } else if (hasOffset(text)) {
        time = OffsetDateTime.parse(text.replace(' ', 'T'));
      } else {
        time = LocalDateTime.parse(text.replace(' ', 'T')).atOffset(ZoneOffset.UTC);
      }
      int year = time.withOffsetSameInstant(ZoneOffset.UTC).getYear();
      return year > 0 && year <= YEAR_MAX ? Optional.of(time.toInstant()) : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static boolean hasOffset(String text) {
    if (text.length() <= 10) {
      return false;
    }
    char last = text.charAt(text.length() - 1);
    return last == 'Z' || last == 'z' || text.indexOf('+', 10) > 0 || text.indexOf('-', 10) > 0;
  }

  /**
   * A stored text as it is shown: {@code 1767225600Z}, which an older server wrote, becomes an
   * instant.
   */
  public static @Nullable String shown(@Nullable String text) {
    if (text == null || text.length() > 13 || text.length() < 2 || !isSeconds(text)) {
      return text;
    }
    return STORED.format(
        Instant.ofEpochSecond(Long.parseLong(text.substring(0, text.length() - 1))));
  }

  private static boolean isSeconds(String text) {
    int last = text.length() - 1;
    if (text.charAt(last) != 'Z') {
      return false;
    }
    for (int i = 0; i < last; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
