package dev.pylon.store.query;

import dev.pylon.db.TimeBucket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question for counts and totals (data contract, 3.5).
 *
 * @param where what a row must fulfil to be counted
 * @param outputs what each group tells, keys first
 * @param groups which groups, in what order: a question over the outputs
 */
public record Aggregate(Condition where, List<Output> outputs, Query groups) {
  public Aggregate {
    outputs = List.copyOf(outputs);
  }

  /** One value of each group, by the name and the type it has in the answer. */
  public sealed interface Output {
    Column result();
  }

  /**
   * What the rows of a group have in common.
   *
   * @param bucket the length of time in which {@code source} lies, or null for its value
   */
  record Key(Column result, Column source, @Nullable TimeBucket bucket) implements Output {}

  /** The number of rows. */
  record CountAll(Column result) implements Output {}

  /** A number or an extreme of the cells that have a value. */
  record Measure(Column result, Function function, Column source) implements Output {}

  /** How many cells become one value. */
  enum Function {
    COUNT("count"),
    SUM("sum"),
    AVG("avg"),
    MIN("min"),
    MAX("max"),
    COUNT_DISTINCT("count_distinct");

    private final String prefix;

    Function(String prefix) {
      this.prefix = prefix;
    }

    /** What the value for {@code column} is called in the answer. */
    String nameOf(Column column) {
      return prefix + "_" + column.name();
    }
  }

  /** The same question over fewer rows. */
  public Aggregate and(Condition more) {
    return new Aggregate(Condition.both(where, more), outputs, groups);
  }

  /** The same question for at most {@code count} groups. */
  public Aggregate limit(long count) {
    return new Aggregate(where, outputs, groups.limit(count));
  }

  int keys() {
    return (int) outputs.stream().filter(Key.class::isInstance).count();
  }
}
