package dev.pylon.db;

import java.sql.SQLException;

/** Where two databases differ, as questions. The defaults are standard SQL. */
public interface Dialect {

  /** {@code identifier} as it stands in a statement. The one place that quotes. */
  default String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** What a driver's failure means to us; the failure becomes the cause. */
  DatabaseException translate(SQLException failure);
}
