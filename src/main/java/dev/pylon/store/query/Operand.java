package dev.pylon.store.query;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as a cell of its column would hold it, so that it can be compared. Input that means the
 * same in another form is accepted: the text {@code "5"} for a number, 0 and 1 or {@code "true"}
 * for a boolean, any instant for a datetime.
 */
public final class Operand {
  private Operand() {}

  /**
   * @param field null for {@code id}
   * @throws PylonException {@link QueryError#INVALID_QUERY} where nothing in the column could equal
   *     it
   */
  public static Object of(@Nullable Field field, String column, Object value) {
    FieldType.Kind kind = field == null ? FieldType.Kind.ID : field.type().kind();
    @Nullable Object operand =
        switch (kind) {
          case STRING, RICHTEXT, ID -> text(value);
          case INT, FLOAT -> number(value);
          case BOOL -> flag(value);
          case DATETIME -> value instanceof String text ? Instants.normal(text).orElse(null) : null;
        };
    if (operand == null) {
      throw new PylonException(
              QueryError.INVALID_QUERY,
              "\"%s\" cannot be compared with %s; it holds %s"
                  .formatted(column, shown(value), wanted(kind)))
          .with("field", column);
    }
    return operand;
  }

  private static @Nullable Object text(Object value) {
    return switch (value) {
      case String text -> text;
      case Number number -> Json.text(number);
      case List<?> list -> Json.text(list);
      default -> null;
    };
  }

  private static @Nullable Object number(Object value) {
    return switch (value) {
      case Long number -> number;
      case Integer number -> number.longValue();
      case Number number -> number.doubleValue();
      case String text -> numeral(text);
      default -> null;
    };
  }

  private static @Nullable Object numeral(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException _) {
      try {
        double number = Double.parseDouble(text);
        return Double.isFinite(number) ? number : null;
      } catch (NumberFormatException _) {
        return null;
      }
    }
  }

  private static @Nullable Object flag(Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Long number when number == 0 || number == 1 -> number == 1;
      case Integer number when number == 0 || number == 1 -> number == 1;
      case String text when text.equals("true") || text.equals("1") -> true;
      case String text when text.equals("false") || text.equals("0") -> false;
      default -> null;
    };
  }

  private static String wanted(FieldType.Kind kind) {
    return switch (kind) {
      case STRING, RICHTEXT, ID -> "text";
      case INT, FLOAT -> "numbers";
      case BOOL -> "true or false";
      case DATETIME -> "times such as 2026-01-31T12:00:00.000Z";
    };
  }

  private static String shown(Object value) {
    String text = value instanceof Map<?, ?> ? "an object" : Json.text(value);
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
