package dev.pylon.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where two databases differ, as questions. The defaults are standard SQL. */
public interface Dialect {

  /** {@code identifier} as it stands in a statement. The one place that quotes. */
  default String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** How a column for {@code type} is declared. */
  String declare(ColumnType type);

  /** Whether a column that was declared as {@code declared} takes values of {@code type}. */
  default boolean holds(String declared, ColumnType type) {
    return declare(type).equalsIgnoreCase(declared);
  }

  /** How a column is declared that numbers the rows of its table, never giving a number twice. */
  String sequence();

  /**
   * A condition that holds where {@code column} matches a bound {@code LIKE} pattern whose {@code
   * %}, {@code _} and {@code \} are escaped by a backslash; ASCII letters match in either case.
   */
  String like(String column);

  /** A condition that holds where {@code column} is one of the texts in a bound JSON array. */
  String among(String column);

  /** The last {@code count} characters of the text in {@code column}; all where it has fewer. */
  String lastCharacters(String column, int count);

  /**
   * {@code expression} in an {@code ORDER BY}: nulls come first, and last where it descends.
   *
   * @param nullable whether there may be nulls
   */
  default String order(String expression, boolean descending, boolean nullable) {
    return descending ? expression + " DESC" : expression;
  }

  /**
   * When the texts in {@code columns} of a row are short enough to stand in an index together;
   * empty where texts of any length may. Nulls are short.
   *
   * @param columns quoted, at least one
   */
  default Optional<String> fitAnIndex(List<String> columns) {
    return Optional.empty();
  }

  /** Whether a column of instants is text, and so may hold other ways to write a moment. */
  default boolean keepsInstantsAsText() {
    return true;
  }

  /** The instant in {@code column} as the text {@code 2026-01-31T12:00:00.000Z}. */
  default String instantText(String column) {
    return column;
  }

  /**
   * Whether it knows how rows are spread, and so goes by the index that makes the least work of a
   * statement; otherwise a statement is written for the index it is to go by.
   */
  default boolean plansByStatistics() {
    return false;
  }

  /**
   * Whether a {@code CROSS JOIN} goes through its tables in the order in which they are written.
   */
  default boolean crossJoinsInOrder() {
    return false;
  }

  /**
   * The statement after which transactions commit one after the other, in the order in which they
   * ran it; null where writers take turns from their beginning.
   */
  default @Nullable Sql commitTurn() {
    return null;
  }

  /**
   * What ends a {@code SELECT} whose rows are changed by the statement around it, so that two who
   * do so at once take different rows.
   */
  default String skipLocked() {
    return "";
  }

  /** The text of {@code bucket} in which the instant in {@code column} lies; null for null. */
  String bucket(String column, TimeBucket bucket);

  /**
   * The sum of {@code column}, null where nothing has a value. It does not depend on the order of
   * the rows: whole numbers are added exactly, as far as 64 bits reach at least; fractions as the
   * decimal numbers that JSON shows, and the sum becomes the nearest double.
   *
   * @param fractions whether the column holds doubles; whole numbers otherwise
   */
  String sum(String column, boolean fractions);

  /** How rows are found by their words. */
  TextIndex textIndex();

  /** The tables of the application, by name; none of the engine's own. */
  List<Table> tables(Session session);

  /**
   * Changes in what an older server made of {@code tables} what all statements rely on and no
   * schema speaks of.
   */
  default void adopt(Session session, List<Table> tables) {
    // Tables are what they were made as.
  }

  /** The current row of {@code rows}. */
  default Columns columns(ResultSet rows) {
    return new JdbcColumns(rows, this);
  }

  /**
   * Lets go of the uniqueness that {@code column} got when {@code table} was made; rows, indexes
   * and all the rest stay. Does nothing where there is none.
   */
  default void dropUnique(Session session, Table table, String column) {
    for (Table.Index index : table.indexes()) {
      if (index.implied() && index.unique() && index.columns().equals(List.of(column))) {
        session.execute(
            Sql.of(
                "ALTER TABLE %s DROP CONSTRAINT %s"
                    .formatted(quote(table.name()), quote(index.name()))));
      }
    }
  }

  /** What a driver's failure means to us; the failure becomes the cause. */
  DatabaseException translate(SQLException failure);
}
