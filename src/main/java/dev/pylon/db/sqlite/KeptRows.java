package dev.pylon.db.sqlite;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.RowReader;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reading session that keeps single rows it has found: who is asked for one is often asked for it
 * again, and to find it takes several times as long as to learn that nothing has been written
 * since.
 *
 * <p>Rows are kept until anything is committed, by us or by another process. SQLite tells each
 * connection of what others commit ({@code PRAGMA data_version}), and reading connections commit
 * nothing themselves. Of a row that is kept all who ask get the same object. Confined as the
 * session below.
 */
final class KeptRows implements Session {
  private static final Sql VERSION = Sql.of("PRAGMA data_version");

  /** What a busy application asks for within a moment. */
  static final int ROWS_MAX = 1_000;

  /** Letters and numbers of a row; larger ones are rare, and would make this large. */
  static final int WEIGHT_MAX = 4_000;

  private final Session session;
  private long version;

  /** The one kept longest goes first. */
  private final Map<Question, Object> rows =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Object> eldest) {
          return size() > ROWS_MAX;
        }
      };

  /** What was asked, and by whom: another reader would make something else of the same row. */
  private record Question(Sql sql, RowReader<?> reader) {}

  KeptRows(Session session) {
    this.session = session;
  }

  /** Forgets what may have changed; before the first of some reads, which may rely on the rest. */
  void begin() {
    try {
      Long now = session.first(VERSION, columns -> columns.integer(0));
      if (now == null || now != version) {
        rows.clear();
        version = now == null ? 0 : now;
      }
    } catch (DatabaseException e) {
      rows.clear(); // the reads will tell their askers what is wrong
    }
  }

  @Override
  public Dialect dialect() {
    return session.dialect();
  }

  @Override
  public <T> List<T> list(Sql sql, RowReader<T> reader) {
    return session.list(sql, reader);
  }

  @Override
  @SuppressWarnings("unchecked") // kept by its reader
  public <T> @Nullable T first(Sql sql, RowReader<T> reader) {
    var question = new Question(sql, reader);
    Object kept = rows.get(question);
    if (kept != null) {
      return (T) kept;
    }
    T row = session.first(sql, reader);
    if (row instanceof Map<?, ?> columns && weight(columns) <= WEIGHT_MAX) {
      rows.put(question, row);
    }
    return row;
  }

  @Override
  public int execute(Sql sql) {
    return session.execute(sql);
  }

  private static int weight(Map<?, ?> row) {
    int weight = 0;
    for (Object value : row.values()) {
      weight +=
          switch (value) {
            case null -> 1;
            case String text -> Math.min(text.length(), WEIGHT_MAX);
            case Number _, Boolean _ -> 1;
            default -> WEIGHT_MAX + 1; // somebody could change it
          };
      if (weight > WEIGHT_MAX) {
        return weight;
      }
    }
    return weight;
  }
}
