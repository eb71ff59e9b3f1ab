package dev.pylon.store.differential;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType.Kind;
import dev.pylon.store.StoreError;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a cell may hold, and how two of them compare (data contract, 2.2). */
final class ModelCells {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Null first; text by its characters' numbers; numbers by their value; false before true. */
  static final Comparator<@Nullable Object> ORDER =
      Comparator.nullsFirst(ModelCells::compareValues);

  private ModelCells() {}

  /** What is stored of {@code value}. */
  static @Nullable Object stored(Field field, @Nullable Object value) {
    if (value == null && field.optional()) {
      return null;
    }
    Object stored = value == null ? null : stored(field.type().kind(), value);
    if (stored == null || (stored instanceof String text && !isStorable(text))) {
      throw new PylonException(StoreError.INVALID_DATA, "not for this field")
          .with("field", field.name());
    }
    return stored;
  }

  private static @Nullable Object stored(Kind kind, Object value) {
    return switch (kind) {
      case STRING, RICHTEXT ->
          value instanceof Map || value instanceof List
              ? Json.text(value)
              : value instanceof String ? value : null;
      case ID -> value instanceof String ? value : null;
      case INT -> value instanceof Number number ? whole(number) : null;
      case FLOAT -> value instanceof Number number ? fraction(number) : null;
      case BOOL -> flag(value);
      case DATETIME -> value instanceof String text ? timeText(text) : null;
    };
  }

  /** Neither U+0000 nor half of a pair of surrogates. */
  private static boolean isStorable(String text) {
    return text.codePoints()
        .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  private static @Nullable Object whole(Number value) {
    try {
      return decimal(value).longValueExact();
    } catch (ArithmeticException _) {
      return null;
    }
  }

  private static @Nullable Object fraction(Number value) {
    double number = value.doubleValue();
    return Double.isInfinite(number) ? null : number == 0 ? (Object) 0.0 : (Object) number;
  }

  static @Nullable Boolean flag(Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Long number when number == 0 || number == 1 -> number == 1;
      default -> null;
    };
  }

  static BigDecimal decimal(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger whole -> new BigDecimal(whole);
      case Double fraction -> new BigDecimal(fraction);
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  /** The moment {@code text} means, as it is stored; null where it means none. */
  static @Nullable String timeText(String text) {
    Instant time = time(text);
    return time == null ? null : TIME.format(time);
  }

  private static @Nullable Instant time(String text) {
    String iso = text.replace(' ', 'T');
    try {
      Instant time =
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
              : iso.matches("(?i).*(Z|[+-]\\d\\d(:?\\d\\d)?)")
                  ? OffsetDateTime.parse(iso).toInstant()
                  : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
      int year = time.atOffset(ZoneOffset.UTC).getYear();
      return year >= 1 && year <= 9_999 ? time : null;
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static int compareValues(Object left, Object right) {
    return switch (left) {
      case String text -> compareTexts(text, (String) right);
      case Boolean flag -> flag.compareTo((Boolean) right);
      case Number number -> decimal(number).compareTo(decimal((Number) right));
      default -> throw new IllegalArgumentException("no cell: " + left);
    };
  }

  private static int compareTexts(String left, String right) {
    int[] ours = left.codePoints().toArray();
    int[] theirs = right.codePoints().toArray();
    return Arrays.compare(ours, theirs);
  }
}
