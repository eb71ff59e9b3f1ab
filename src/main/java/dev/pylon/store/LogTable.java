package dev.pylon.store;

import dev.pylon.db.ColumnType;
import dev.pylon.db.Columns;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.store.Change.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The statements of the change log. Every method runs in the session it is given. */
final class LogTable {
  /** Entries that one statement writes. */
  private static final int TOGETHER = 50;

  private static final String INSERT =
      "INSERT INTO _pylon_changes (entity, row_id, kind, fields, before, at_ms) VALUES ";

  private static final String INSERT_ONE = insert(1);
  private static final String INSERT_MANY = insert(TOGETHER);

  private LogTable() {}

  private static String insert(int rows) {
    return INSERT
        + "(?, ?, ?, ?, ?, ?)"
        + ", (?, ?, ?, ?, ?, ?)".repeat(rows - 1)
        + " RETURNING seq";
  }

  /** Makes the tables, unless they are there. */
  static void create(Session session) {
    Dialect dialect = session.dialect();
    session.execute(
        Sql.of(
            """
            CREATE TABLE IF NOT EXISTS _pylon_changes (
              seq %s,
              entity TEXT NOT NULL,
              row_id TEXT NOT NULL,
              kind TEXT NOT NULL,
              fields TEXT,
              before TEXT,
              at_ms %s NOT NULL)\
            """
                .formatted(dialect.sequence(), dialect.declare(ColumnType.INTEGER))));
    session.execute(
        Sql.of("CREATE INDEX IF NOT EXISTS _pylon_changes_row ON _pylon_changes (row_id)"));
    session.execute(
        Sql.of(
            "CREATE INDEX IF NOT EXISTS _pylon_changes_gone ON _pylon_changes (seq)"
                + " WHERE kind = 'delete'"));
    session.execute(
        Sql.of(
            "CREATE TABLE IF NOT EXISTS _pylon_changes_state ("
                + "name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)"));
  }

  /**
   * Writes an entry for each change and hands on the changes with their numbers. To be called last
   * in a transaction: whoever commits next waits here.
   *
   * @param kept whether the entry keeps what the row was, for policies to judge
   */
  static void append(
      Session session, List<Change> changes, Predicate<String> kept, Consumer<Change> numbered) {
    takeTurn(session);
    int next = 0;
    while (next < changes.size()) {
      int size = changes.size() - next >= TOGETHER ? TOGETHER : 1;
      var values = new @Nullable Object[size * 6];
      for (int i = 0; i < size; i++) {
        fill(values, i * 6, changes.get(next + i), kept);
      }
      List<Long> numbers =
          session.list(
              new Sql(
                  size == 1 ? INSERT_ONE : INSERT_MANY, Arrays.<@Nullable Object>asList(values)),
              row -> row.integer(0));
      for (long number : numbers.stream().sorted().toList()) {
        numbered.accept(changes.get(next++).numbered(number));
      }
    }
  }

  /** From here on nobody else commits before us. */
  static void takeTurn(Session session) {
    Sql turn = session.dialect().commitTurn();
    if (turn != null) {
      session.first(turn, _ -> true);
    }
  }

  private static void fill(
      @Nullable Object[] values, int at, Change change, Predicate<String> kept) {
    values[at] = change.entity();
    values[at + 1] = change.rowId();
    values[at + 2] = name(change.kind());
    values[at + 3] = change.kind() == Kind.UPDATE ? Json.text(change.fields()) : null;
    values[at + 4] =
        change.before() != null && kept.test(change.entity()) ? Json.text(change.before()) : null;
    values[at + 5] = change.at().toEpochMilli();
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case INSERT -> "insert";
      case UPDATE -> "update";
      case DELETE -> "delete";
    };
  }

  static List<LoggedChange> after(Session session, long seq, int limit) {
    return session.list(
        Sql.of(
            "SELECT seq, entity, row_id, kind, fields, before, at_ms FROM _pylon_changes"
                + " WHERE seq > ? ORDER BY seq LIMIT ?",
            seq,
            limit),
        LogTable::read);
  }

  private static LoggedChange read(Columns row) {
    Kind kind = Kind.valueOf(text(row, 3).toUpperCase(Locale.ROOT));
    String fields = row.text(4);
    String before = row.text(5);
    return new LoggedChange(
        row.integer(0),
        text(row, 1),
        text(row, 2),
        kind,
        kind == Kind.UPDATE ? names(fields) : List.of(),
        before == null ? null : object(before),
        Instant.ofEpochMilli(row.integer(6)));
  }

  private static String text(Columns row, int column) {
    return Objects.requireNonNull(row.text(column));
  }

  private static @Nullable List<String> names(@Nullable String json) {
    return json != null && Json.parse(json) instanceof List<?> names
        ? names.stream().map(String::valueOf).toList()
        : null;
  }

  private static @Nullable Map<String, @Nullable Object> object(String json) {
    return Json.parse(json) instanceof Map<?, ?> object ? Json.asObject(object) : null;
  }

  static long newest(Session session) {
    return number(session, Sql.of("SELECT max(seq) FROM _pylon_changes")).orElse(0);
  }

  private static OptionalLong number(Session session, Sql sql) {
    return session.one(sql, LogTable::number).orElse(OptionalLong.empty());
  }

  private static OptionalLong number(Columns row) {
    Long number = row.integerOrNull(0);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** What is remembered under {@code name}, or null. */
  static @Nullable String state(Session session, String name) {
    return session.first(
        Sql.of("SELECT value FROM _pylon_changes_state WHERE name = ?", name),
        row -> row.requiredText(0));
  }

  static void remember(Session session, String name, String value) {
    session.execute(
        Sql.of(
            "INSERT INTO _pylon_changes_state (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value));
  }

  /**
   * The last of the {@code count} entries after {@code after} that are old enough to be dropped
   * where newer ones tell of their rows; nothing where there is none.
   */
  static OptionalLong endOfBatch(Session session, long after, long upTo, long notAfter, int count) {
    long end = after;
    List<long[]> entries =
        session.list(
            Sql.of(
                "SELECT seq, at_ms FROM _pylon_changes WHERE seq > ? AND seq <= ?"
                    + " ORDER BY seq LIMIT ?",
                after,
                upTo,
                count),
            row -> new long[] {row.integer(0), row.integer(1)});
    for (long[] entry : entries) {
      if (entry[1] > notAfter) {
        break;
      }
      end = entry[0];
    }
    return end == after ? OptionalLong.empty() : OptionalLong.of(end);
  }

  /**
   * Drops what entries from {@code after} up to {@code end} have replaced. Where they stand for
   * what is gone, what they themselves changed no longer says enough. Goes by the primary key and
   * {@code _pylon_changes_row}.
   */
  static void fold(Session session, long after, long end) {
    session.execute(
        Sql.of(
            """
            UPDATE _pylon_changes SET fields = NULL, before = NULL
              WHERE seq > ? AND seq <= ? AND EXISTS (
                SELECT 1 FROM _pylon_changes AS older
                  WHERE older.row_id = _pylon_changes.row_id
                    AND older.entity = _pylon_changes.entity
                    AND older.seq < _pylon_changes.seq)\
            """,
            after,
            end));
    session.execute(
        Sql.of(
            """
            DELETE FROM _pylon_changes
              WHERE row_id IN (SELECT row_id FROM _pylon_changes WHERE seq > ? AND seq <= ?)
                AND EXISTS (
                  SELECT 1 FROM _pylon_changes AS newer
                    WHERE newer.row_id = _pylon_changes.row_id
                      AND newer.entity = _pylon_changes.entity
                      AND newer.seq > _pylon_changes.seq AND newer.seq <= ?)\
            """,
            after,
            end,
            end));
  }

  /**
   * The last of the first {@code count} deletions up to {@code upTo} that are older than {@code
   * before}. Goes by {@code _pylon_changes_gone}.
   */
  static OptionalLong endOfDeletions(Session session, long upTo, long before, int count) {
    return number(
        session,
        Sql.of(
            "SELECT max(seq) FROM (SELECT seq FROM _pylon_changes"
                + " WHERE kind = 'delete' AND seq <= ? AND at_ms < ? ORDER BY seq LIMIT ?)"
                + " AS gone",
            upTo,
            before,
            count));
  }

  /** Drops the deletions up to {@code upTo}. */
  static void forget(Session session, long upTo) {
    session.execute(Sql.of("DELETE FROM _pylon_changes WHERE kind = 'delete' AND seq <= ?", upTo));
  }

  /**
   * Enters up to {@code count} rows after the one called {@code after} that the log does not know.
   *
   * @return the last row looked at; null where there was none
   */
  static @Nullable String enter(
      Session session, String entity, String after, int count, long nowMillis) {
    Dialect dialect = session.dialect();
    String rows =
        "SELECT %1$s AS id FROM %2$s WHERE %1$s > ? ORDER BY %1$s LIMIT ?"
            .formatted(dialect.quote("id"), dialect.quote(entity));
    String last =
        session.first(
            Sql.of("SELECT id FROM (" + rows + ") AS page ORDER BY id DESC LIMIT 1", after, count),
            row -> row.requiredText(0));
    if (last == null) {
      return null;
    }
    session.execute(
        Sql.of(
            """
            INSERT INTO _pylon_changes (entity, row_id, kind, at_ms)
              SELECT ?, page.id, 'insert', ? FROM (%s) AS page
                WHERE NOT EXISTS (
                  SELECT 1 FROM _pylon_changes AS known
                    WHERE known.row_id = page.id AND known.entity = ?)
                ORDER BY page.id\
            """
                .formatted(rows),
            entity,
            nowMillis,
            after,
            count,
            entity));
    return last;
  }
}
