package dev.pylon.policy;

import dev.pylon.json.Json;
import dev.pylon.policy.Expression.Operator;
import dev.pylon.store.query.Condition.Comparison;
import dev.pylon.store.query.Instants;
import dev.pylon.store.query.Moment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What values mean to a rule. A value is null, a {@code Boolean}, a {@code String}, a {@code
 * Number}, or a {@link Timed}; on the right of {@code in} also a {@code List}. Pure.
 *
 * <p>Values of two sorts are unequal, with two exceptions that both forget the sort: a number
 * equals the text it is written as, and a moment equals every text that means it.
 */
final class Values {
  private Values() {}

  /** What a datetime field holds: a text that means a moment. */
  record Timed(String text, Moment moment) {}

  /** The value of a cell, which is as rows show it. */
  static @Nullable Object ofCell(@Nullable Object cell, boolean datetime) {
    return datetime && cell instanceof String text
        ? Instants.moment(text).<Object>map(moment -> new Timed(text, moment)).orElse(text)
        : scalar(cell);
  }

  /** Objects and arrays are no values. */
  static @Nullable Object scalar(@Nullable Object value) {
    return value instanceof Map<?, ?> || value instanceof List<?> ? null : value;
  }

  /** The text a number is written as. */
  static String text(Number number) {
    return Json.text(number);
  }

  /** Whether a bare value counts as true. */
  static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case String text -> !text.isEmpty();
      case Number _, Timed _ -> true;
      case null, default -> false;
    };
  }

  static boolean compare(@Nullable Object left, Comparison comparison, @Nullable Object right) {
    return switch (comparison) {
      case EQUAL -> equal(left, right);
      case NOT_EQUAL -> !equal(left, right);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> ordered(left, comparison, right);
    };
  }

  static boolean equal(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Number one && right instanceof Number other) {
      return decimal(one).compareTo(decimal(other)) == 0;
    }
    if (left instanceof Number number && right instanceof String text) {
      return text(number).equals(text);
    }
    if (left instanceof String text && right instanceof Number number) {
      return text(number).equals(text);
    }
    if (left instanceof Timed || right instanceof Timed) {
      Moment moment = moment(left);
      return moment != null && moment.equals(moment(right));
    }
    return Objects.equals(left, right);
  }

  /** Only numbers, texts and moments have an order; nothing comes before or after null. */
  private static boolean ordered(
      @Nullable Object left, Comparison comparison, @Nullable Object right) {
    if (left instanceof Number one && right instanceof Number other) {
      return stands(decimal(one).compareTo(decimal(other)), comparison);
    }
    if (left instanceof String one && right instanceof String other) {
      return stands(compareTexts(one, other), comparison);
    }
    if (left instanceof Timed || right instanceof Timed) {
      Moment one = moment(left);
      Moment other = moment(right);
      return one != null && other != null && stands(one.full().compareTo(other.full()), comparison);
    }
    return false;
  }

  private static boolean stands(int order, Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  /** By characters, which is by bytes: as both databases do. */
  private static int compareTexts(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      if (one.charAt(i) != other.charAt(i)) {
        boolean pairs =
            Character.isSurrogate(one.charAt(i)) != Character.isSurrogate(other.charAt(i));
        // A pair stands for a character behind all that need none.
        return pairs
            ? (Character.isSurrogate(one.charAt(i)) ? 1 : -1)
            : Character.compare(one.charAt(i), other.charAt(i));
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  private static @Nullable Moment moment(@Nullable Object value) {
    return switch (value) {
      case Timed timed -> timed.moment();
      case String text -> Instants.moment(text).orElse(null);
      case null, default -> null;
    };
  }

  private static BigDecimal decimal(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger whole -> new BigDecimal(whole);
      case Double fraction -> new BigDecimal(fraction);
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  /** Whether {@code text} begins or ends with {@code part}; false where one of them is no text. */
  static boolean hasAffix(Expression.Affix.End end, @Nullable Object text, @Nullable Object part) {
    String whole = text instanceof Timed timed ? timed.text() : text instanceof String s ? s : null;
    if (whole == null || !(part instanceof String wanted)) {
      return false;
    }
    return switch (end) {
      case START -> whole.startsWith(wanted);
      case END -> whole.endsWith(wanted);
    };
  }

  /**
   * Whole numbers are added, subtracted and multiplied exactly as long as 64 bits hold them; all
   * else is done with doubles. Null where a number is missing or the result is none.
   */
  static @Nullable Object calculate(
      @Nullable Object left, Operator operator, @Nullable Object right) {
    if (!(left instanceof Number one) || !(right instanceof Number other)) {
      return null;
    }
    if (one instanceof Long a && other instanceof Long b) {
      try {
        Long exact = exactly(a, operator, b);
        if (exact != null) {
          return exact;
        }
      } catch (ArithmeticException _) {
        // It does not fit: doubles hold it nearly.
      }
    }
    double a = one.doubleValue();
    double b = other.doubleValue();
    double result =
        switch (operator) {
          case PLUS -> a + b;
          case MINUS -> a - b;
          case TIMES -> a * b;
          case DIVIDED_BY -> a / b;
          case MODULO -> a % b;
        };
    return Double.isFinite(result) ? (Object) (result + 0.0) : null;
  }

  private static @Nullable Long exactly(long a, Operator operator, long b) {
    return switch (operator) {
      case PLUS -> Math.addExact(a, b);
      case MINUS -> Math.subtractExact(a, b);
      case TIMES -> Math.multiplyExact(a, b);
      case DIVIDED_BY -> b != 0 && a % b == 0 ? Math.divideExact(a, b) : null;
      case MODULO -> b == 0 ? null : a % b;
    };
  }
}
