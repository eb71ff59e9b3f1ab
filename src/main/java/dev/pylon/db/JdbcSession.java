package dev.pylon.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session over one JDBC connection, which it neither opens nor closes. Statements are prepared
 * once and kept, so a session is worth keeping with its connection. Confined to one thread.
 */
public final class JdbcSession implements Session, AutoCloseable {
  private final Connection connection;
  private final Dialect dialect;
  private final Map<String, PreparedStatement> idle;

  /**
   * @param statementsMax how many prepared statements are kept; the one unused longest goes first
   */
  public JdbcSession(Connection connection, Dialect dialect, int statementsMax) {
    this.connection = connection;
    this.dialect = dialect;
    this.idle =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, PreparedStatement> eldest) {
            if (size() <= statementsMax) {
              return false;
            }
            discard(eldest.getValue());
            return true;
          }
        };
  }

  @Override
  public Dialect dialect() {
    return dialect;
  }

  @Override
  public <T> List<T> list(Sql sql, RowReader<T> reader) {
    return use(
        sql,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            Columns columns = dialect.columns(rows);
            var result = new ArrayList<T>();
            while (rows.next()) {
              result.add(reader.read(columns));
            }
            return result;
          }
        });
  }

  @Override
  public <T> @Nullable T first(Sql sql, RowReader<T> reader) {
    return use(
        sql,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? reader.read(dialect.columns(rows)) : null;
          }
        });
  }

  @Override
  public int execute(Sql sql) {
    return use(
        sql,
        statement -> {
          // Not executeUpdate: SQLite counts a column for ALTER … SET NOT NULL and would call it a
          // query.
          if (!statement.execute()) {
            return statement.getUpdateCount();
          }
          exhaust(statement);
          return 0;
        });
  }

  /** What is done with a statement. */
  private interface Use<T extends @Nullable Object> {
    T of(PreparedStatement statement) throws SQLException;
  }

  /** A statement that failed may be left in the middle of its work, and is not used again. */
  private <T extends @Nullable Object> T use(Sql sql, Use<T> use) {
    PreparedStatement statement = take(sql);
    boolean failed = false;
    try {
      return use.of(statement);
    } catch (SQLException e) {
      failed = true;
      throw dialect.translate(e);
    } finally {
      putAway(sql, statement, failed);
    }
  }

  private static void exhaust(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.getResultSet()) {
      while (rows.next()) {
        // Only its last row tells that the statement has done its work.
      }
    }
  }

  /**
   * A statement that nobody uses, with its values bound: taken out of {@code idle}, so a reader may
   * nest.
   */
  private PreparedStatement take(Sql sql) {
    try {
      PreparedStatement statement = idle.remove(sql.text());
      if (statement == null) {
        statement = connection.prepareStatement(sql.text());
      }
      bind(statement, sql.values());
      return statement;
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  private static void bind(PreparedStatement statement, List<@Nullable Object> values)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      int position = i + 1;
      switch (values.get(i)) {
        case null -> statement.setObject(position, null);
        case String text -> statement.setString(position, text);
        case Long number -> statement.setLong(position, number);
        case Integer number -> statement.setInt(position, number);
        case Double number -> statement.setDouble(position, number);
        case Boolean flag -> statement.setBoolean(position, flag);
        case byte[] bytes -> statement.setBytes(position, bytes);
        case Object other ->
            throw new IllegalArgumentException("cannot bind " + other.getClass().getName());
      }
    }
  }

  /** Keeps what may be used again. */
  private void putAway(Sql sql, PreparedStatement statement, boolean failed) {
    if (failed) {
      discard(statement);
      return;
    }
    PreparedStatement twin = idle.put(sql.text(), statement);
    if (twin != null) {
      discard(twin);
    }
  }

  private static void discard(PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException _) {
      // It held nothing of ours; whatever is wrong with the connection shows at its next statement.
    }
  }

  /** Lets go of every prepared statement. The connection stays open. */
  @Override
  public void close() {
    idle.values().forEach(JdbcSession::discard);
    idle.clear();
  }
}
