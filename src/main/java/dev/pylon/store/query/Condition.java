package dev.pylon.store.query;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a row must fulfil. Values have the type of their column, as it is stored; one of a datetime
 * is a {@link Moment}. Two-valued: a comparison with a null cell is false, whatever the operator.
 */
public sealed interface Condition {

  /** Holds for every row. */
  Condition EVERYTHING = new And(List.of());

  /** Holds for no row. */
  Condition NOTHING = new Or(List.of());

  /** Both hold, said once where both say the same. */
  static Condition both(Condition one, Condition other) {
    var parts = new LinkedHashSet<Condition>();
    for (Condition each : List.of(one, other)) {
      parts.addAll(each instanceof And(var several) ? several : List.of(each));
    }
    return parts.size() == 1 ? parts.getFirst() : new And(List.copyOf(parts));
  }

  /** Whether it goes by what stands in columns, and {@code among} holds for each of them. */
  default boolean isOf(Predicate<Column> among) {
    return switch (this) {
      case And(var parts) -> parts.stream().allMatch(part -> part.isOf(among));
      case Or(var parts) -> parts.stream().allMatch(part -> part.isOf(among));
      case Not(var part) -> part.isOf(among);
      case Compare(var column, _, _) -> among.test(column);
      case CompareCells(var left, _, var right) -> among.test(left) && among.test(right);
      case IsNull(var column) -> among.test(column);
      case IsNotNull(var column) -> among.test(column);
      case In(var column, _) -> among.test(column);
      case NotIn(var column, _) -> among.test(column);
      case Among(var column, _) -> among.test(column);
      case Contains(var column, _) -> among.test(column);
      case StartsWith(var column, _) -> among.test(column);
      case EndsWith(var column, _, _) -> among.test(column);
      case Search _ -> false;
    };
  }

  /** All of them hold. */
  record And(List<Condition> parts) implements Condition {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /** At least one of them holds. */
  record Or(List<Condition> parts) implements Condition {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  /** It does not hold: finds exactly the rows that {@code part} does not. */
  record Not(Condition part) implements Condition {}

  /** How a cell is compared with a value. */
  enum Comparison {
    EQUAL("="),
    NOT_EQUAL("<>"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String sql;

    Comparison(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }

    /** Holds of two values where this does not. */
    Comparison opposite() {
      return switch (this) {
        case EQUAL -> NOT_EQUAL;
        case NOT_EQUAL -> EQUAL;
        case LESS -> GREATER_OR_EQUAL;
        case LESS_OR_EQUAL -> GREATER;
        case GREATER -> LESS_OR_EQUAL;
        case GREATER_OR_EQUAL -> LESS;
      };
    }
  }

  record Compare(Column column, Comparison comparison, Object value) implements Condition {}

  /** Two cells of the row, both of a kind and neither an instant; false where one is null. */
  record CompareCells(Column left, Comparison comparison, Column right) implements Condition {}

  record IsNull(Column column) implements Condition {}

  record IsNotNull(Column column) implements Condition {}

  /** The cell is one of the values, which are never null. */
  record In(Column column, List<Object> values) implements Condition {
    public In {
      values = List.copyOf(values);
    }
  }

  /** The cell has a value, and it is none of these. */
  record NotIn(Column column, List<Object> values) implements Condition {
    public NotIn {
      values = List.copyOf(values);
    }
  }

  /** As {@link In}, for however many texts. */
  record Among(Column column, List<String> values) implements Condition {
    public Among {
      values = List.copyOf(values);
    }
  }

  /** The text contains {@code text}; ASCII letters match in either case. */
  record Contains(Column column, String text) implements Condition {}

  /** The text begins with {@code text}; ASCII letters match in either case. */
  record StartsWith(Column column, String text) implements Condition {}

  /** The text ends with {@code text}, letter by letter; it has {@code chars} characters. */
  record EndsWith(Column column, String text, int chars) implements Condition {}

  /** The row is found by a search of its entity's index for {@code text}, which is not blank. */
  record Search(String text) implements Condition {}
}
