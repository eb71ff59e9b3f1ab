package dev.pylon.db.sqlite;

import dev.pylon.db.ColumnType;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.DatabaseException.Reason;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.db.TextIndex;
import dev.pylon.db.TimeBucket;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's answers. */
final class SqliteDialect implements Dialect {
  static final SqliteDialect INSTANCE = new SqliteDialect();

  private SqliteDialect() {}

  @Override
  public String declare(ColumnType type) {
    return switch (type) {
      case TEXT, INSTANT -> "TEXT";
      case INTEGER, BOOLEAN -> "INTEGER";
      case REAL -> "REAL";
    };
  }

  @Override
  public String sequence() {
    return "INTEGER PRIMARY KEY AUTOINCREMENT";
  }

  @Override
  public String like(String column) {
    return column + " LIKE ? ESCAPE '\\'";
  }

  @Override
  public String among(String column) {
    return column + " IN (SELECT value FROM json_each(?))";
  }

  @Override
  public String lastCharacters(String column, int count) {
    return "substr(%s, -%d)".formatted(column, count);
  }

  @Override
  public String bucket(String column, TimeBucket bucket) {
    String format =
        switch (bucket) {
          case HOUR -> "%Y-%m-%d %H:00:00";
          case DAY -> "%Y-%m-%d";
          case WEEK -> "%Y-W%W";
          case MONTH -> "%Y-%m";
          case YEAR -> "%Y";
        };
    return "strftime('" + format + "', " + column + ")";
  }

  /** SQLite's own sum fails where it overflows on the way, and rounds fractions row by row. */
  @Override
  public String sum(String column, boolean fractions) {
    return ExactSum.NAME + "(" + column + ")";
  }

  @Override
  public boolean crossJoinsInOrder() {
    return true;
  }

  @Override
  public TextIndex textIndex() {
    return SqliteTextIndex.INSTANCE;
  }

  @Override
  public List<Table> tables(Session session) {
    List<String> names =
        session.list(
            Sql.of(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
                    + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"),
            row -> Objects.requireNonNull(row.text(0)));
    return names.stream().map(name -> table(session, name)).toList();
  }

  private static Table table(Session session, String name) {
    List<Table.Column> columns =
        session.list(
            Sql.of(
                "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?) ORDER BY cid", name),
            row ->
                new Table.Column(
                    Objects.requireNonNull(row.text(0)),
                    Objects.requireNonNullElse(row.text(1), "").toUpperCase(Locale.ROOT),
                    row.integer(2) != 0,
                    row.integer(3) != 0));
    List<Table.Index> indexes =
        session.list(
            Sql.of(
                "SELECT name, \"unique\", origin FROM pragma_index_list(?) WHERE partial = 0"
                    + " ORDER BY name",
                name),
            row -> {
              String index = Objects.requireNonNull(row.text(0));
              return new Table.Index(
                  index, columnsOf(session, index), row.integer(1) != 0, !"c".equals(row.text(2)));
            });
    List<String> triggers =
        session.list(
            Sql.of(
                "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"
                    + " ORDER BY name",
                name),
            row -> Objects.requireNonNull(row.text(0)));
    return new Table(name, columns, indexes, triggers);
  }

  private static List<String> columnsOf(Session session, String index) {
    // An expression in an index has no name; no index of ours has one.
    return session.list(
        Sql.of("SELECT coalesce(name, '') FROM pragma_index_info(?) ORDER BY seqno", index),
        row -> Objects.requireNonNull(row.text(0)));
  }

  @Override
  public void dropUnique(Session session, Table table, String column) {
    boolean unique =
        table.indexes().stream()
            .anyMatch(index -> index.implied() && index.columns().equals(List.of(column)));
    if (unique) {
      new Rebuild(session, table).withoutUnique(column);
    }
  }

  @Override
  public DatabaseException translate(SQLException failure) {
    SQLiteErrorCode code =
        failure instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    return switch (code) {
      case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY ->
          new DatabaseException(
              Reason.UNIQUE,
              "a value that must be unique is there already",
              columns(failure),
              failure);
      case SQLITE_CONSTRAINT_NOTNULL ->
          new DatabaseException(
              Reason.NOT_NULL, "a required value is missing", columns(failure), failure);
      case SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_TOOBIG ->
          new DatabaseException(Reason.STATEMENT, "the database refused the statement", failure);
      case SQLITE_BUSY,
          SQLITE_BUSY_RECOVERY,
          SQLITE_BUSY_SNAPSHOT,
          SQLITE_BUSY_TIMEOUT,
          SQLITE_LOCKED,
          SQLITE_LOCKED_SHAREDCACHE ->
          new DatabaseException(Reason.BUSY, "another process has the database locked", failure);
      case SQLITE_READONLY,
          SQLITE_READONLY_CANTINIT,
          SQLITE_READONLY_CANTLOCK,
          SQLITE_READONLY_DBMOVED,
          SQLITE_READONLY_DIRECTORY,
          SQLITE_READONLY_RECOVERY,
          SQLITE_READONLY_ROLLBACK,
          SQLITE_PERM,
          SQLITE_AUTH ->
          new DatabaseException(Reason.READ_ONLY, "the database may not be written", failure);
      case SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_SHMSIZE ->
          new DatabaseException(Reason.FULL, "no room is left to write the database", failure);
      case SQLITE_NOTADB ->
          new DatabaseException(Reason.CORRUPT, "the file is not a database", failure);
      case SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_CORRUPT_SEQUENCE, SQLITE_CORRUPT_VTAB ->
          new DatabaseException(Reason.CORRUPT, "the database file is damaged", failure);
      case SQLITE_INTERRUPT ->
          new DatabaseException(Reason.INTERRUPTED, "the statement was stopped", failure);
      case SQLITE_CANTOPEN,
          SQLITE_CANTOPEN_CONVPATH,
          SQLITE_CANTOPEN_FULLPATH,
          SQLITE_CANTOPEN_ISDIR ->
          new DatabaseException(Reason.FAULT, "the database file cannot be opened", failure);
      default -> new DatabaseException(Reason.FAULT, "the database failed", failure);
    };
  }

  /** From "… (UNIQUE constraint failed: User.email, User.org)" the column names. */
  private static List<String> columns(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    int start = message.lastIndexOf("constraint failed: ");
    if (start < 0) {
      return List.of();
    }
    var columns = new ArrayList<String>();
    String list = message.substring(start + "constraint failed: ".length());
    for (String name : list.replaceFirst("\\)$", "").split(", ")) {
      columns.add(name.substring(name.indexOf('.') + 1));
    }
    return columns;
  }
}
