package dev.pylon.store.query;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.FieldType;
import dev.pylon.store.query.Condition.Comparison;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as its column is compared with it. Input that means the same in another form is accepted:
 * the text {@code "5"} for a number, 0 and 1 or {@code "true"} for a boolean, any instant for a
 * datetime.
 */
public final class Operand {
  /** Digits before or after the point of a number written as text; no cell comes near it. */
  private static final int SCALE_MAX = 1_100;

  private Operand() {}

  /**
   * What a cell must fulfil to stand in {@code comparison} to {@code value}.
   *
   * @throws PylonException {@link QueryError#INVALID_QUERY} where the column holds nothing that
   *     {@code value} could be compared with
   */
  public static Condition compare(Column column, Comparison comparison, Object value) {
    return switch (required(column, value)) {
      case BigDecimal number -> NumberLine.compare(column, comparison, number);
      case Object other -> new Condition.Compare(column, comparison, other);
    };
  }

  /**
   * The value a cell has that equals {@code value}; null where no cell can.
   *
   * @throws PylonException as {@link #compare}
   */
  static @Nullable Object cell(Column column, Object value) {
    return switch (required(column, value)) {
      case BigDecimal number -> NumberLine.cell(column, number);
      case Object other -> other;
    };
  }

  private static Object required(Column column, Object value) {
    @Nullable Object operand =
        switch (column.kind()) {
          case STRING, RICHTEXT, ID -> text(value);
          case INT, FLOAT -> number(value);
          case BOOL -> flag(value);
          case DATETIME -> value instanceof String text ? Instants.moment(text).orElse(null) : null;
        };
    if (operand == null) {
      throw new PylonException(
              QueryError.INVALID_QUERY,
              "\"%s\" cannot be compared with %s; it holds %s"
                  .formatted(column.name(), shown(value), wanted(column.kind())))
          .with("field", column.name());
    }
    return operand;
  }

  private static @Nullable Object text(Object value) {
    return switch (value) {
      case String text -> text.indexOf('\0') < 0 ? text : null;
      case Number number -> Json.text(number);
      case List<?> list -> Json.text(list);
      default -> null;
    };
  }

  private static @Nullable BigDecimal number(Object value) {
    return switch (value) {
      case Long number -> BigDecimal.valueOf(number);
      case Integer number -> BigDecimal.valueOf(number);
      case BigInteger number -> new BigDecimal(number);
      case BigDecimal number -> bounded(number);
      case Double number when Double.isFinite(number) -> new BigDecimal(number);
      case String text -> numeral(text);
      default -> null;
    };
  }

  private static @Nullable BigDecimal numeral(String text) {
    try {
      return text.length() > SCALE_MAX ? null : bounded(new BigDecimal(text));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static @Nullable BigDecimal bounded(BigDecimal number) {
    return Math.abs((long) number.scale()) > SCALE_MAX ? null : number;
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
      case STRING, RICHTEXT, ID -> "text without U+0000";
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
