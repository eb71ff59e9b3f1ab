package dev.pylon.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The current row of a result set. An engine overrides what its driver gives in another form. */
public class JdbcColumns implements Columns {
  protected final ResultSet rows;
  protected final Dialect dialect;

  public JdbcColumns(ResultSet rows, Dialect dialect) {
    this.rows = rows;
    this.dialect = dialect;
  }

  @Override
  public @Nullable String text(int column) {
    try {
      return rows.getString(column + 1);
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  @Override
  public long integer(int column) {
    try {
      return rows.getLong(column + 1);
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  @Override
  public @Nullable Long integerOrNull(int column) {
    try {
      long number = rows.getLong(column + 1);
      return number == 0 && rows.wasNull() ? null : number;
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  @Override
  public @Nullable Double real(int column) {
    try {
      double number = rows.getDouble(column + 1);
      return number == 0 && rows.wasNull() ? null : number;
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  @Override
  public byte @Nullable [] bytes(int column) {
    try {
      return rows.getBytes(column + 1);
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  @Override
  public @Nullable Object value(int column) {
    try {
      return switch (rows.getObject(column + 1)) {
        case null -> null;
        case Integer number -> number.longValue();
        case Float number -> number.doubleValue();
        case Object other -> other;
      };
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  @Override
  public int position(String name) {
    try {
      return rows.findColumn(name) - 1;
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }
}
