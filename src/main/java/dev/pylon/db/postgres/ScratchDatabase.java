package dev.pylon.db.postgres;

import dev.pylon.db.DatabaseError;
import dev.pylon.model.PylonException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A database of its own on the server that a URL names, empty at first and gone when this is
 * closed. What the URL itself names is not touched.
 */
public final class ScratchDatabase implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PostgresUrl server;
  private final String name;
  private final String url;

  private ScratchDatabase(PostgresUrl server, String name, String url) {
    this.server = server;
    this.name = name;
    this.url = url;
  }

  /**
   * Makes one.
   *
   * @param server a URL whose user may create databases
   * @throws PylonException {@code DATABASE_UNAVAILABLE} where that is not to be had
   */
  public static ScratchDatabase create(String server) {
    String name =
        "pylon_test_%d_%s"
            .formatted(ProcessHandle.current().pid(), Long.toHexString(System.nanoTime()));
    var scratch = new ScratchDatabase(PostgresUrl.parse(server), name, named(server, name));
    scratch.execute("CREATE DATABASE " + name);
    return scratch;
  }

  /** The same URL with another name behind its hosts. */
  static String named(String url, String name) {
    int question = url.indexOf('?');
    String place = question < 0 ? url : url.substring(0, question);
    int hosts = Math.max(place.lastIndexOf('@'), place.indexOf("://") + 2) + 1;
    int slash = place.indexOf('/', hosts);
    return (slash < 0 ? place : place.substring(0, slash))
        + "/"
        + name
        + (question < 0 ? "" : url.substring(question));
  }

  /** Where it is, as a setting. */
  public String url() {
    return url;
  }

  @Override
  public void close() {
    execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  private void execute(String statement) {
    try (Connection connection = PostgresPool.source(server, PATIENCE).getConnection();
        Statement doing = connection.createStatement()) {
      doing.execute(statement);
    } catch (SQLException e) {
      throw new PylonException(
              DatabaseError.DATABASE_UNAVAILABLE,
              "No database for the tests at %s: %s".formatted(server.shown(), e.getMessage()),
              e)
          .with("hint", "the user of the URL needs the right to create databases");
    }
  }
}
