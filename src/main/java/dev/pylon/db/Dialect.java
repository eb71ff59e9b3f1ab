package dev.pylon.db;

import java.sql.SQLException;
import java.util.List;

/** Where two databases differ, as questions. The defaults are standard SQL. */
public interface Dialect {

  /** {@code identifier} as it stands in a statement. The one place that quotes. */
  default String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** How a column for {@code type} is declared. */
  String declare(ColumnType type);

  /** How a column is declared that numbers the rows of its table, never giving a number twice. */
  String sequence();

  /**
   * A condition that holds where {@code column} matches a bound {@code LIKE} pattern whose {@code
   * %}, {@code _} and {@code \} are escaped by a backslash; ASCII letters match in either case.
   */
  String like(String column);

  /** The tables of the application, by name; none of the engine's own. */
  List<Table> tables(Session session);

  /** What a driver's failure means to us; the failure becomes the cause. */
  DatabaseException translate(SQLException failure);
}
