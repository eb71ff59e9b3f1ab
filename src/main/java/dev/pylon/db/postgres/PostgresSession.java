package dev.pylon.db.postgres;

import dev.pylon.db.Dialect;
import dev.pylon.db.JdbcSession;
import dev.pylon.db.RowReader;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session over a connection that was lent, which knows whether the database has answered it yet:
 * until then nothing has happened, and whoever finds the connection dead may begin again on
 * another. Used by one thread at a time.
 */
final class PostgresSession implements Session, AutoCloseable {
  /** Statements held open for their next use; the driver remembers those that were let go. */
  private static final int STATEMENTS_MAX = 32;

  private final JdbcSession session;
  private volatile boolean answered;

  PostgresSession(Connection connection) {
    session = new JdbcSession(connection, PostgresDialect.INSTANCE, STATEMENTS_MAX);
  }

  boolean hasAnswered() {
    return answered;
  }

  @Override
  public Dialect dialect() {
    return session.dialect();
  }

  @Override
  public <T> List<T> list(Sql sql, RowReader<T> reader) {
    List<T> rows =
        session.list(
            sql,
            row -> {
              answered = true;
              return reader.read(row);
            });
    answered = true;
    return rows;
  }

  @Override
  public <T> @Nullable T first(Sql sql, RowReader<T> reader) {
    T row =
        session.first(
            sql,
            columns -> {
              answered = true;
              return reader.read(columns);
            });
    answered = true;
    return row;
  }

  @Override
  public int execute(Sql sql) {
    int changed = session.execute(sql);
    answered = true;
    return changed;
  }

  /** Lets go of the statements. The connection stays open. */
  @Override
  public void close() {
    session.close();
  }
}
