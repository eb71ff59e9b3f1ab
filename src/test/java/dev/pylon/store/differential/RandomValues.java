package dev.pylon.store.differential;

import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType.Kind;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes up values: few, so that they meet, and such as databases treat in ways of their own. Every
 * act has one mistake at most; which of two is told first nobody has promised.
 *
 * <p>Datetimes are stored as full instants: a date alone stays as it is in one database and becomes
 * an instant in the other.
 */
final class RandomValues {
  static final String NO_COLUMN = "no\"column";

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "A",
          "ab",
          "aB%",
          "a_b",
          "a\\b",
          "%",
          "_",
          "\\",
          "'",
          "\"",
          "é",
          "É",
          "e\u0301",
          "ß",
          "ſ",
          "K",
          "k",
          "İ",
          "i",
          "😀",
          "\ufffd",
          "\uffff",
          "z",
          "\t",
          "\u0001",
          "10",
          "9",
          "a b",
          "null",
          "red red shoe",
          "shoe red",
          "RED redwood",
          "réd");

  private static final List<Long> WHOLE =
      List.of(
          0L,
          1L,
          2L,
          3L,
          4L,
          -1L,
          -2L,
          5L,
          7L,
          1L << 31,
          1L << 53,
          (1L << 53) + 1,
          Long.MAX_VALUE,
          Long.MAX_VALUE - 1,
          Long.MIN_VALUE);

  private static final List<Double> FRACTIONS =
      List.of(
          0.0,
          -0.0,
          0.5,
          -0.5,
          1.0,
          1.5,
          2.0,
          0.1,
          0.2,
          0.3,
          1.0 / 3,
          1e16,
          -1e16,
          9007199254740993.0,
          1e300,
          -1e300,
          1.5e308,
          1e-7,
          5e-324,
          Double.MIN_NORMAL,
          9.223372036854775807e18);

  private static final List<String> TIMES =
      List.of(
          "2026-01-04T23:59:59.999Z",
          "2026-01-05T00:00:00Z",
          "2026-01-05T00:00:00.000Z",
          "2026-01-05T01:00:00+01:00",
          "2026-01-04T10:00:00.5Z",
          "2026-01-04T10:00:00.123456Z",
          "2024-02-29T12:00:00Z",
          "1969-12-31T23:59:59.001Z",
          "0001-01-01T00:00:00Z",
          "1582-10-10T00:00:00Z",
          "9999-12-31T23:59:59.999Z",
          "2027-12-31T22:10:00z",
          "2025-12-29T00:00:00-00:30");

  private static final List<String> MORE_TIMES =
      List.of(
          "2026-01-05",
          "2026-01-05T00:00",
          "2026-01-04 10:00:00",
          "2024-02-29",
          "2026-01-04T10:00:00.500",
          "2026-01-05 02:00:00+02:00");

  private final Random random;
  private final UnaryOperator<String> row;
  private boolean mayBeWrong;

  /**
   * @param row the name of some row of an entity
   */
  RandomValues(Random random, UnaryOperator<String> row) {
    this.random = random;
    this.row = row;
  }

  /** From now on there may be a mistake, once. */
  void allowMistake(boolean allowed) {
    mayBeWrong = allowed;
  }

  /** Whether a mistake is to be made here. */
  boolean mistake() {
    boolean here = mayBeWrong && random.nextInt(6) == 0;
    if (here) {
      mayBeWrong = false;
    }
    return here;
  }

  /** Something for {@code field} to hold. */
  @Nullable Object cell(Field field) {
    if (mistake()) {
      return wrong(field);
    }
    if (field.optional() && random.nextInt(5) == 0) {
      return null;
    }
    Kind kind = field.type().kind();
    return switch (kind) {
      case STRING, RICHTEXT ->
          random.nextInt(30) == 0
              ? pick(List.<Object>of(Map.of("a", List.of(1L, "x")), List.of(1L, 2L)))
              : text();
      case ID -> row.apply(Objects.requireNonNull(field.type().target()));
      case INT -> random.nextInt(40) == 0 ? (Object) 2.0 : pick(WHOLE.subList(0, few(9, WHOLE)));
      case FLOAT ->
          random.nextInt(20) == 0 ? (Object) 3L : pick(FRACTIONS.subList(0, few(13, FRACTIONS)));
      case BOOL ->
          random.nextInt(10) == 0 ? (Object) (long) random.nextInt(2) : random.nextBoolean();
      case DATETIME -> pick(TIMES);
    };
  }

  /** Extremes spoil most sums, so they are rare. */
  private int few(int tame, List<?> all) {
    return random.nextInt(12) == 0 ? all.size() : tame;
  }

  private String text() {
    String text = pick(TEXTS);
    return random.nextInt(6) == 0 ? text + pick(TEXTS) : text;
  }

  private @Nullable Object wrong(Field field) {
    if (!field.optional() && random.nextInt(3) == 0) {
      return null;
    }
    return switch (field.type().kind()) {
      case STRING, RICHTEXT -> pick(List.<Object>of(1L, true, 0.5, "a\u0000b"));
      case ID -> pick(List.<Object>of(1L, List.of(), Map.of()));
      case INT -> pick(List.<Object>of("1", 0.5, true, BigInteger.TWO.pow(63), 1e19, 0x1p63));
      case FLOAT -> pick(List.<Object>of("0.5", true, Map.of(), List.of()));
      case BOOL -> pick(List.<Object>of("true", 2L, 1.0, List.of()));
      case DATETIME ->
          pick(List.<Object>of("soon", "2026-13-01", 0L, "2026-02-30", "+10000-01-01T00:00:00Z"));
    };
  }

  /** Something to compare a cell of {@code kind} with, often written in another way. */
  @Nullable Object operand(Kind kind) {
    if (mistake()) {
      return switch (kind) {
        case STRING, RICHTEXT, ID -> pick(List.<Object>of(true, "\u0000"));
        case INT, FLOAT -> pick(List.<Object>of(true, "many", List.of(1L)));
        case BOOL -> pick(List.<Object>of("yes", 2L));
        case DATETIME -> pick(List.<Object>of("soon", 1L));
      };
    }
    if (random.nextInt(10) == 0) {
      return null;
    }
    boolean other = random.nextInt(5) == 0;
    return switch (kind) {
      case STRING, RICHTEXT -> other ? pick(List.<Object>of(10L, List.of(1L, 2L), 9L)) : text();
      case ID -> other ? pick(List.of("gone", "r", "!", "")) : row.apply("");
      case INT, FLOAT ->
          other
              ? pick(
                  List.<Object>of(
                      "2",
                      "0.5",
                      "1e0",
                      BigInteger.TWO.pow(63),
                      BigInteger.TWO.pow(64).negate(),
                      "9.5"))
              : random.nextBoolean() ? pick(WHOLE) : pick(FRACTIONS);
      case BOOL -> other ? pick(List.<Object>of(0L, 1L, "true", "0")) : random.nextBoolean();
      case DATETIME -> other ? pick(MORE_TIMES) : pick(TIMES);
    };
  }

  /** Words to look for. */
  String words() {
    return random.nextInt(3) == 0 ? text() + " " + text() : text();
  }

  /** A part of a text of {@code kind}. */
  Object pattern(Kind kind) {
    if (mistake()) {
      return pick(List.<Object>of(1L, true, "\u0000", List.of()));
    }
    return switch (kind) {
      case DATETIME -> pick(List.of("2026", "-01", "T", "t10", "Z", "999", "", "%"));
      case ID -> pick(List.of("r", "R", "!", "#nothing", "😀"));
      default -> text();
    };
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
