package dev.pylon.store.query;

import java.util.List;

/**
 * What a row must fulfil. Columns are known to exist and values have the type of their column, as
 * it is stored. Two-valued: a comparison with a null cell is false, whatever the operator.
 */
public sealed interface Condition {

  /** Holds for every row. */
  Condition EVERYTHING = new And(List.of());

  /** Holds for no row. */
  Condition NOTHING = new Or(List.of());

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
  }

  record Compare(String column, Comparison comparison, Object value) implements Condition {}

  record IsNull(String column) implements Condition {}

  record IsNotNull(String column) implements Condition {}

  /** The cell is one of the values, which are never null. */
  record In(String column, List<Object> values) implements Condition {
    public In {
      values = List.copyOf(values);
    }
  }

  /** The cell has a value, and it is none of these. */
  record NotIn(String column, List<Object> values) implements Condition {
    public NotIn {
      values = List.copyOf(values);
    }
  }

  /** The text contains {@code text}; ASCII letters match in either case. */
  record Contains(String column, String text) implements Condition {}

  /** The text begins with {@code text}; ASCII letters match in either case. */
  record StartsWith(String column, String text) implements Condition {}
}
