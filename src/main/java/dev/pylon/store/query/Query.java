package dev.pylon.store.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question for rows.
 *
 * @param order as its author wrote it, then what breaks ties
 * @param limit the rows wanted at most, or null for all
 * @param ranked what the rows that say it best come first for, before {@code order}; part of {@code
 *     where} as well, or null
 */
public record Query(
    Condition where,
    List<Order> order,
    @Nullable Long limit,
    long offset,
    Condition.@Nullable Search ranked) {
  public static final Query ALL =
      new Query(Condition.EVERYTHING, List.of(new Order(Column.ID, false)), null, 0);

  public Query {
    order = List.copyOf(order);
  }

  public Query(Condition where, List<Order> order, @Nullable Long limit, long offset) {
    this(where, order, limit, offset, null);
  }

  /** The same question with one more condition. */
  public Query and(Condition more) {
    return new Query(Condition.both(where, more), order, limit, offset, ranked);
  }

  /** The same question for at most {@code rows} rows. */
  public Query limit(@Nullable Long rows) {
    return new Query(where, order, rows, offset, ranked);
  }

  /** {@code order}, and then {@code tieBreak}, each column where it stands first. */
  static List<Order> inOrder(List<Order> order, List<Order> tieBreak) {
    var all = new ArrayList<Order>();
    for (List<Order> part : List.of(order, tieBreak)) {
      for (Order by : part) {
        if (all.stream().noneMatch(one -> one.column().equals(by.column()))) {
          all.add(by);
        }
      }
    }
    return all;
  }
}
