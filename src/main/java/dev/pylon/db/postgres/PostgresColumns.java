package dev.pylon.db.postgres;

import dev.pylon.db.Dialect;
import dev.pylon.db.JdbcColumns;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The current row of a Postgres result. Instants are text as they are stored elsewhere, {@code
 * 2026-01-31T12:00:00.000Z}; what has no JSON form of its own is the text Postgres writes.
 */
final class PostgresColumns extends JdbcColumns {
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

  /** What reads a column as a moment, null where it is none; found out at the first text. */
  private @Nullable Class<?> @Nullable [] moments;

  PostgresColumns(ResultSet rows, Dialect dialect) {
    super(rows, dialect);
  }

  @Override
  public @Nullable String text(int column) {
    try {
      Class<?> moment = moments()[column];
      return moment == null
          ? rows.getString(column + 1)
          : shown(rows.getObject(column + 1, moment));
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  private @Nullable Class<?>[] moments() throws SQLException {
    @Nullable Class<?>[] known = moments;
    if (known == null) {
      ResultSetMetaData columns = rows.getMetaData();
      known = new Class<?>[columns.getColumnCount()];
      for (int i = 0; i < known.length; i++) {
        known[i] =
            switch (columns.getColumnTypeName(i + 1)) {
              case "timestamptz" -> OffsetDateTime.class;
              case "timestamp" -> LocalDateTime.class;
              default -> null;
            };
      }
      moments = known;
    }
    return known;
  }

  private static @Nullable String shown(@Nullable Object moment) {
    return switch (moment) {
      case OffsetDateTime time -> INSTANT.format(time.withOffsetSameInstant(ZoneOffset.UTC));
      case LocalDateTime time -> INSTANT.format(time); // Sessions speak UTC.
      case null, default -> null;
    };
  }

  @Override
  public @Nullable Object value(int column) {
    try {
      return switch (rows.getObject(column + 1)) {
        case null -> null;
        case String text -> text;
        case Long number -> number;
        case Integer number -> number.longValue();
        case Double number -> number;
        case Float number -> number.doubleValue();
        case Boolean flag -> flag;
        case BigDecimal number -> number(number);
        case byte[] bytes -> bytes;
        case Object _ -> text(column);
      };
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  /** A sum of whole numbers is one, as far as 64 bits go. */
  private static Object number(BigDecimal number) {
    return number.scale() <= 0 && number.toBigInteger().bitLength() < Long.SIZE
        ? (Object) number.longValue()
        : (Object) number.doubleValue();
  }
}
