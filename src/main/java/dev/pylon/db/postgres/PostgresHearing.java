package dev.pylon.db.postgres;

import dev.pylon.db.Database.Ear;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The connection on which a node hears what others tell ({@code LISTEN}). One that is lost is made
 * anew. Confined to the thread that hears.
 */
final class PostgresHearing {
  private static final System.Logger LOG = System.getLogger(PostgresHearing.class.getName());

  /** After so long a silence we ask whether anybody is there. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);

  /** Between two connections. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final PostgresUrl url;
  private final String channel;
  private final Ear ear;

  PostgresHearing(PostgresUrl url, String channel, Ear ear) {
    this.url = url;
    this.channel = channel;
    this.ear = ear;
  }

  /** Until the thread is interrupted, which also ends the wait for the network. */
  void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try (Connection connection =
          PostgresPool.source(url, SILENCE.plus(ANSWER_PATIENCE)).getConnection()) {
        listen(connection);
      } catch (SQLException e) {
        LOG.log(
            System.Logger.Level.DEBUG, "what other nodes tell is not heard: {0}", e.getMessage());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + PostgresDialect.INSTANCE.quote(channel));
    }
    ear.begin();
    PGConnection driver = connection.unwrap(PGConnection.class);
    while (!Thread.currentThread().isInterrupted()) {
      PGNotification[] told = driver.getNotifications((int) SILENCE.toMillis());
      if (told != null && told.length > 0) {
        for (PGNotification notification : told) {
          ear.heard(notification.getParameter());
        }
      } else if (!connection.isValid((int) ANSWER_PATIENCE.toSeconds())) {
        return;
      }
    }
  }
}
