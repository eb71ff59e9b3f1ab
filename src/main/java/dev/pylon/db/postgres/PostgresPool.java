package dev.pylon.db.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.DatabaseException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.AutoSave;

/**
 * Connections of one kind, as many as {@code size}, made when they are needed and tried before they
 * are lent where they have rested: one that broke is replaced. Thread-safe.
 *
 * <p>Whoever asks has a turn, of which there are as many as connections. So a wait here is only for
 * a connection to be made, and {@link #CONNECT_PATIENCE} long where the server is away.
 *
 * <p>The pool tries ever less often to reach a server that is away, and may not see for five
 * seconds that it is back. So once a connection could not be had we ask ourselves, and lend what we
 * get until the pool has connections again: whoever comes first when the server is back is served,
 * and while it is away nobody waits to hear so.
 */
final class PostgresPool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PostgresPool.class.getName());

  /** Held, so that its level stays: what the pool warns of, callers are told. */
  private static final java.util.logging.Logger POOL =
      java.util.logging.Logger.getLogger("com.zaxxer.hikari");

  static {
    POOL.setLevel(java.util.logging.Level.SEVERE);
  }

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(3);

  /** Beyond the longest statement: only a server that is gone is silent for that long. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** How long a statement waits for a row that another transaction has changed. */
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);

  private final HikariDataSource connections;
  private final PGSimpleDataSource alone;
  private final String session;
  private final boolean readOnly;

  /** Whether the pool could not be had last, and has made no connection since. */
  private volatile boolean troubled;

  /**
   * @param statementLimit the longest a statement may take
   * @param kind what makes these connections others than those of other pools: {@code name = value}
   */
  PostgresPool(String name, PostgresUrl url, int size, Duration statementLimit, String kind) {
    this.readOnly = kind.contains("read_only");
    this.session = session(statementLimit, kind);
    this.alone = source(url, statementLimit.plus(SILENCE));
    alone.setConnectTimeout((int) CONNECT_PATIENCE.toSeconds());
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source(url, statementLimit.plus(SILENCE)));
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setAutoCommit(readOnly);
    config.setConnectionTimeout(CONNECT_PATIENCE.toMillis());
    // Nothing is asked of the server before somebody needs it.
    config.setInitializationFailTimeout(-1);
    // Else the first transaction of a connection would be the one that its settings begin with.
    config.setIsolateInternalQueries(true);
    config.setConnectionInitSql(session);
    connections = new HikariDataSource(config);
  }

  /** How the driver connects. It keeps the password to itself. */
  static PGSimpleDataSource source(PostgresUrl url, Duration silence) {
    var source = new PGSimpleDataSource();
    source.setUrl(url.jdbc());
    source.setUser(url.user());
    source.setPassword(url.password());
    if (!url.jdbc().contains("connectTimeout=")) {
      source.setConnectTimeout(10);
    }
    if (!url.jdbc().contains("ApplicationName=")) {
      source.setApplicationName("pylon");
    }
    source.setSocketTimeout((int) silence.toSeconds());
    source.setTcpKeepAlive(true);
    // A text takes the type of the column it meets: instants are bound as text.
    source.setStringType("unspecified");
    // A refused statement does nothing, and its transaction goes on: the savepoint travels with it.
    source.setAutosave(AutoSave.ALWAYS);
    source.setCleanupSavepoints(true);
    return source;
  }

  private static String session(Duration statementLimit, String kind) {
    return """
    SET %s;
    SET TimeZone = 'UTC';
    SET search_path = public;
    SET client_min_messages = warning;
    SET lock_timeout = %d;
    SET statement_timeout = %d\
    """
        .formatted(kind, LOCK_LIMIT.toMillis(), statementLimit.toMillis());
  }

  /**
   * A connection, to be {@linkplain #takeBack taken back}.
   *
   * @throws DatabaseException with {@link Reason#LOST} where there is none to be had
   */
  Connection lend() {
    try {
      return isTroubled() ? lendAlone() : connections.getConnection();
    } catch (SQLException e) {
      DatabaseException failure = PostgresFailure.translate(e);
      troubled = failure.reason() == Reason.LOST;
      throw failure;
    }
  }

  private boolean isTroubled() {
    if (troubled && connections.getHikariPoolMXBean().getTotalConnections() > 0) {
      troubled = false;
    }
    return troubled;
  }

  /** A connection that the pool does not know, and that ends when it is taken back. */
  private Connection lendAlone() throws SQLException {
    Connection connection = alone.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(session);
      connection.setAutoCommit(readOnly);
      return connection;
    } catch (SQLException e) {
      try (connection) {
        throw e;
      }
    }
  }

  void takeBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // The pool replaces it; nobody waits for anything it could still say.
      LOG.log(System.Logger.Level.DEBUG, "a connection did not come back as it should", e);
    }
  }

  /** Sees that {@code connection} is not lent again where it is dead. */
  void discardIfLost(Connection connection, DatabaseException failure) {
    if (failure.reason() == Reason.LOST) {
      connections.evictConnection(connection);
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
