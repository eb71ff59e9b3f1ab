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
 * text is the order of time.
 */
public final class Instants {
  private static final DateTimeFormatter STORED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Instants() {}

  /**
   * What is stored for {@code text}: a full instant in UTC with milliseconds; a date, or a time
   * without an offset, as it is; empty for anything else.
   */
  public static Optional<String> normal(String text) {
    try {
      if (text.length() == 10) {
        LocalDate.parse(text);
        return Optional.of(text);
      }
      if (text.length() > 10 && hasOffset(text)) {
        Instant instant = OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
        return Optional.of(STORED.format(instant));
      }
      LocalDateTime.parse(text.replace(' ', 'T'));
      return Optional.of(text);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static boolean hasOffset(String text) {
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
