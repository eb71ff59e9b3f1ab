package dev.pylon.db.sqlite;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/**
 * The SQL function {@code exact_sum}: a sum that does not depend on the order of its rows. Whole
 * numbers give a whole number, or a double where 64 bits do not hold it; fractions are added as the
 * decimal numbers that JSON shows, and give the nearest double. The driver makes a copy of this
 * object for each group.
 */
final class ExactSum extends Function.Aggregate {
  static final String NAME = "exact_sum";

  private static final int INTEGER = 1;
  private static final int FLOAT = 2;

  private boolean any;
  private long whole;

  /** What {@code whole} could not hold, and all fractions. */
  private @Nullable BigDecimal rest;

  private boolean fractions;

  /** Teaches {@code connection} the function. */
  static void addTo(Connection connection) throws SQLException {
    Function.create(connection, NAME, new ExactSum(), 1, Function.FLAG_DETERMINISTIC);
  }

  @Override
  protected void xStep() throws SQLException {
    switch (value_type(0)) {
      case INTEGER -> {
        any = true;
        add(value_long(0));
      }
      case FLOAT -> {
        any = true;
        fractions = true;
        add(BigDecimal.valueOf(value_double(0)));
      }
      default -> {
        // Null has no value to add; text is in no column of numbers of ours.
      }
    }
  }

  private void add(long number) {
    long sum = whole + number;
    if (((whole ^ sum) & (number ^ sum)) < 0) {
      add(BigDecimal.valueOf(number));
    } else {
      whole = sum;
    }
  }

  private void add(BigDecimal number) {
    rest = rest == null ? number : rest.add(number);
  }

  @Override
  protected void xFinal() throws SQLException {
    if (!any) {
      result();
      return;
    }
    if (rest == null) {
      result(whole);
      return;
    }
    BigDecimal sum = rest.add(BigDecimal.valueOf(whole));
    if (!fractions && sum.precision() <= 19 && fitsLong(sum)) {
      result(sum.longValueExact());
    } else {
      result(sum.doubleValue());
    }
  }

  private static boolean fitsLong(BigDecimal sum) {
    return sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
        && sum.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0;
  }
}
