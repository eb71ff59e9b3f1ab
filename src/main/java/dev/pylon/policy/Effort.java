package dev.pylon.policy;

import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import java.util.Comparator;
import java.util.List;

/**
 * What it costs a database to judge a condition of one row, roughly, in comparisons of two numbers.
 * Databases judge the parts of a condition in the order in which they are written and stop as soon
 * as the outcome is known, so the cheap ones stand first.
 */
final class Effort {
  /** A text is copied out of its row before it is compared. */
  private static final int TEXT = 3;

  private static final Comparator<Condition> CHEAPEST_FIRST = Comparator.comparingInt(Effort::of);

  private Effort() {}

  /** The same parts, the cheapest first; those that cost the same stay as they were. */
  static List<Condition> cheapestFirst(List<Condition> parts) {
    return parts.stream().sorted(CHEAPEST_FIRST).toList();
  }

  static int of(Condition condition) {
    return switch (condition) {
      case Condition.And(var parts) -> of(parts);
      case Condition.Or(var parts) -> of(parts);
      case Condition.Not(var part) -> of(part) + 1;
      case Condition.Compare(var column, _, _) -> of(column);
      case Condition.CompareCells(var left, _, var right) -> of(left) + of(right);
      case Condition.IsNull _, Condition.IsNotNull _ -> 1;
      case Condition.In(var column, var values) -> of(column) + values.size();
      case Condition.NotIn(var column, var values) -> of(column) + values.size();
      case Condition.Among(var column, var values) -> of(column) + values.size();
      case Condition.Contains _, Condition.StartsWith _, Condition.EndsWith _ -> 3 * TEXT;
      case Condition.Search _ -> 100 * TEXT;
    };
  }

  private static int of(List<Condition> parts) {
    return parts.stream().mapToInt(Effort::of).sum();
  }

  private static int of(Column column) {
    return switch (column.kind()) {
      case BOOL, INT, FLOAT -> 1;
      case STRING, RICHTEXT, ID, DATETIME -> TEXT;
    };
  }
}
