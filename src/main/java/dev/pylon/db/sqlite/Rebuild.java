package dev.pylon.db.sqlite;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.DatabaseException.Reason;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Makes a table anew with another declaration, for what SQLite cannot alter: a second table takes
 * the rows with their row ids, and then the name. Indexes and triggers are made again as they were
 * written. Runs inside a transaction.
 */
final class Rebuild {
  private final Session session;
  private final Table table;

  Rebuild(Session session, Table table) {
    this.session = session;
    this.table = table;
  }

  /** Rebuilds the table so that {@code column} may hold the same value twice. */
  void withoutUnique(String column) {
    String written = written();
    String start = quote(column) + " ";
    // As this server and others wrote it; what a person wrote in another way is left alone.
    String declaration =
        table.columns().stream()
            .filter(one -> one.name().equals(column))
            .map(one -> start + one.type() + (one.notNull() ? " NOT NULL" : ""))
            .findFirst()
            .orElseThrow();
    if (!written.contains(declaration + " UNIQUE")) {
      throw new DatabaseException(
          Reason.STATEMENT,
          "the table \"%s\" was not made by pylon; \"%s\" stays unique"
              .formatted(table.name(), column),
          null);
    }
    as(written.replace(declaration + " UNIQUE", declaration));
  }

  private String written() {
    return Objects.requireNonNull(
        session.first(
            Sql.of("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", table.name()),
            row -> row.requiredText(0)));
  }

  private void as(String statement) {
    List<String> attached =
        session.list(
            Sql.of(
                "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('index', 'trigger')"
                    + " AND sql IS NOT NULL",
                table.name()),
            row -> Objects.requireNonNull(row.text(0)));
    String old = quote(table.name());
    String next = quote("_pylon_rebuilt_" + table.name());
    int named = statement.indexOf(old);
    int body = statement.indexOf('(', named < 0 ? 0 : named + old.length());
    execute("CREATE TABLE " + next + " " + statement.substring(body));
    String columns =
        table.columns().stream().map(one -> quote(one.name())).collect(Collectors.joining(", "));
    execute(
        "INSERT INTO %s (rowid, %s) SELECT rowid, %s FROM %s"
            .formatted(next, columns, columns, old));
    execute("DROP TABLE " + old);
    execute("ALTER TABLE %s RENAME TO %s".formatted(next, old));
    attached.forEach(this::execute);
  }

  private void execute(String sql) {
    session.execute(Sql.of(sql));
  }

  private static String quote(String name) {
    return SqliteDialect.INSTANCE.quote(name);
  }
}
