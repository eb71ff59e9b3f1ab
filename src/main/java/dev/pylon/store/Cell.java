package dev.pylon.store;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.store.query.Instants;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one field of a row is stored as, or why the value is refused. Pure. */
final class Cell {
  /** Characters in one text: what a request body can hold anyway. */
  private static final int TEXT_CHARS_MAX = 10 * 1024 * 1024;

  private Cell() {}

  /**
   * {@code value} as it is stored: text, a 64-bit number, a double, a boolean or null. Objects and
   * arrays in a text field are stored as their JSON; 0 and 1 are booleans where the field is one;
   * instants are brought to one form.
   *
   * @throws PylonException {@link StoreError#INVALID_DATA}, naming the field and what would be
   *     right
   */
  static @Nullable Object of(Entity entity, Field field, @Nullable Object value) {
    if (value == null) {
      if (field.optional()) {
        return null;
      }
      throw refusal(field, "\"%s\" of \"%s\" is required".formatted(field.name(), entity.name()));
    }
    @Nullable Object stored = stored(field, value);
    if (stored == null) {
      throw refusal(
          field,
          "\"%s\" of \"%s\" takes %s, not %s"
              .formatted(field.name(), entity.name(), wanted(field), shown(value)));
    }
    if (stored instanceof String text) {
      requireStorable(entity, field, text);
    }
    return stored;
  }

  /** What {@code value} is stored as; empty where it is none of the field's kind. */
  static Optional<Object> ifStorable(Field field, Object value) {
    return Optional.ofNullable(stored(field, value));
  }

  private static @Nullable Object stored(Field field, Object value) {
    return switch (field.type().kind()) {
      case STRING, RICHTEXT -> text(value);
      case ID -> value instanceof String ? value : null;
      case INT -> whole(value);
      case FLOAT -> value instanceof Number number ? finite(number.doubleValue()) : null;
      case BOOL -> flag(value);
      case DATETIME -> value instanceof String text ? Instants.normal(text).orElse(null) : null;
    };
  }

  /** What one of the databases could not give back as it was is refused for both. */
  private static void requireStorable(Entity entity, Field field, String text) {
    if (text.length() > TEXT_CHARS_MAX) {
      throw refusal(
          field,
          "\"%s\" of \"%s\" takes up to %d characters, not %d"
              .formatted(field.name(), entity.name(), TEXT_CHARS_MAX, text.length()));
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (c == 0 || (Character.isSurrogate(c) && !pair)) {
        throw refusal(
            field,
            "\"%s\" of \"%s\" takes text without the character U+%04X"
                .formatted(field.name(), entity.name(), (int) c));
      }
      i += pair ? 1 : 0;
    }
  }

  private static PylonException refusal(Field field, String message) {
    return new PylonException(StoreError.INVALID_DATA, message).with("field", field.name());
  }

  private static @Nullable Object text(Object value) {
    return switch (value) {
      case String text -> text;
      case Map<?, ?> object -> Json.text(object);
      case List<?> array -> Json.text(array);
      default -> null;
    };
  }

  private static @Nullable Object whole(Object value) {
    return switch (value) {
      case Long number -> number;
      case Integer number -> number.longValue();
      case BigInteger number when number.bitLength() < 64 -> number.longValue();
      case BigDecimal number -> whole(number.doubleValue());
      // From 2^63 on a double is no long any more.
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p63 ->
          number.longValue();
      default -> null;
    };
  }

  private static @Nullable Object finite(double number) {
    // Not every database keeps a zero below zero.
    return Double.isFinite(number) ? number + 0.0 : null;
  }

  private static @Nullable Object flag(Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Long number when number == 0 || number == 1 -> number == 1;
      case Integer number when number == 0 || number == 1 -> number == 1;
      default -> null;
    };
  }

  private static String wanted(Field field) {
    return switch (field.type().kind()) {
      case STRING, RICHTEXT -> "text";
      case ID -> "the id of a row of \"%s\"".formatted(field.type().target());
      case INT -> "a whole number of 64 bits";
      case FLOAT -> "a number";
      case BOOL -> "true or false";
      case DATETIME -> "a time such as 2026-01-31T12:00:00.000Z";
    };
  }

  private static String shown(Object value) {
    String text = value instanceof Map<?, ?> ? "an object" : Json.text(value);
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
