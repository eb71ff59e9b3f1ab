package dev.pylon.store.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question for rows of one entity.
 *
 * @param order as its author wrote it; {@code id} breaks ties
 * @param limit the rows wanted at most, or null for all
 */
public record Query(Condition where, List<Order> order, @Nullable Long limit, long offset) {
  public static final Query ALL = new Query(Condition.EVERYTHING, List.of(), null, 0);

  public Query {
    order = List.copyOf(order);
  }

  /** The same question with one more condition. */
  public Query and(Condition more) {
    return new Query(new Condition.And(List.of(where, more)), order, limit, offset);
  }

  /** The same question for at most {@code rows} rows. */
  public Query limit(@Nullable Long rows) {
    return new Query(where, order, rows, offset);
  }
}
