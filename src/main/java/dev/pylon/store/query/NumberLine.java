package dev.pylon.store.query;

import static dev.pylon.store.query.Condition.Comparison.GREATER;
import static dev.pylon.store.query.Condition.Comparison.GREATER_OR_EQUAL;
import static dev.pylon.store.query.Condition.Comparison.LESS;
import static dev.pylon.store.query.Condition.Comparison.LESS_OR_EQUAL;

import dev.pylon.schema.FieldType;
import dev.pylon.store.query.Condition.Comparison;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of number columns without loss. A whole-number column holds 64-bit numbers and a
 * fraction column doubles; most numbers a caller may write are neither. So a comparison with such a
 * number becomes one with its neighbour on the column's own line, which says the same of every
 * cell: {@code > 9.5} is {@code > 9}, {@code = 9.5} holds for none. Databases are never asked to
 * compare two kinds of numbers, which each does in its own way.
 */
final class NumberLine {
  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal DOUBLE_MAX = BigDecimal.valueOf(Double.MAX_VALUE);

  private NumberLine() {}

  /** The cell that is {@code number}; null where none can be. */
  static @Nullable Object cell(Column column, BigDecimal number) {
    if (number.abs().compareTo(DOUBLE_MAX) > 0) {
      return null;
    }
    return switch (column.kind()) {
      case INT -> {
        BigDecimal whole = number.setScale(0, RoundingMode.FLOOR);
        yield whole.compareTo(number) == 0 && isLong(whole) ? (Object) whole.longValue() : null;
      }
      case FLOAT -> {
        double nearest = number.doubleValue();
        yield new BigDecimal(nearest).compareTo(number) == 0 ? (Object) nearest : null;
      }
      case STRING, RICHTEXT, ID, BOOL, DATETIME -> throw notNumbers(column);
    };
  }

  static Condition compare(Column column, Comparison comparison, BigDecimal number) {
    return switch (comparison) {
      case EQUAL -> {
        @Nullable Object cell = cell(column, number);
        yield cell == null
            ? Condition.NOTHING
            : new Condition.Compare(column, Comparison.EQUAL, cell);
      }
      case NOT_EQUAL -> {
        @Nullable Object cell = cell(column, number);
        yield cell == null
            ? new Condition.IsNotNull(column)
            : new Condition.Compare(column, Comparison.NOT_EQUAL, cell);
      }
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> beside(column, comparison, number);
    };
  }

  private static Condition beside(Column column, Comparison comparison, BigDecimal number) {
    boolean upwards = comparison == GREATER || comparison == GREATER_OR_EQUAL;
    boolean whole = column.kind() == FieldType.Kind.INT;
    if (number.compareTo(whole ? LONG_MAX : DOUBLE_MAX) > 0) {
      return upwards ? Condition.NOTHING : new Condition.IsNotNull(column);
    }
    if (number.compareTo(whole ? LONG_MIN : DOUBLE_MAX.negate()) < 0) {
      return upwards ? new Condition.IsNotNull(column) : Condition.NOTHING;
    }
    return switch (column.kind()) {
      case INT -> besideWhole(column, comparison, number);
      case FLOAT -> besideDouble(column, comparison, number, upwards);
      case STRING, RICHTEXT, ID, BOOL, DATETIME -> throw notNumbers(column);
    };
  }

  private static Condition besideWhole(Column column, Comparison comparison, BigDecimal number) {
    // c > 9.5 and c > 9 are the same for whole c; so are c >= 9.5 and c >= 10.
    RoundingMode towards =
        comparison == GREATER || comparison == LESS_OR_EQUAL
            ? RoundingMode.FLOOR
            : RoundingMode.CEILING;
    return new Condition.Compare(column, comparison, number.setScale(0, towards).longValue());
  }

  private static Condition besideDouble(
      Column column, Comparison comparison, BigDecimal number, boolean upwards) {
    double nearest = number.doubleValue();
    int side = new BigDecimal(nearest).compareTo(number);
    if (side == 0) {
      return new Condition.Compare(column, comparison, nearest);
    }
    // The neighbour itself is included where it lies on the side that is asked for.
    boolean included = side > 0 == upwards;
    Comparison same =
        upwards ? (included ? GREATER_OR_EQUAL : GREATER) : (included ? LESS_OR_EQUAL : LESS);
    return new Condition.Compare(column, same, nearest);
  }

  private static boolean isLong(BigDecimal whole) {
    return whole.compareTo(LONG_MIN) >= 0 && whole.compareTo(LONG_MAX) <= 0;
  }

  private static IllegalArgumentException notNumbers(Column column) {
    return new IllegalArgumentException(column + " holds no numbers");
  }
}
