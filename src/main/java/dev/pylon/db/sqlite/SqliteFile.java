package dev.pylon.db.sqlite;

import dev.pylon.db.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * The file of a database and how its connections are opened (data contract, 2.6).
 *
 * @param temporary whether nobody wants it after it is closed
 */
record SqliteFile(Path path, boolean temporary) {
  private static final System.Logger LOG = System.getLogger(SqliteFile.class.getName());

  /** How long a statement waits for another process that holds the lock. */
  private static final int BUSY_MILLIS = 5_000;

  private static final List<String> PRAGMAS =
      List.of(
          "cache_size = -65536",
          "mmap_size = 268435456",
          "temp_store = MEMORY",
          "foreign_keys = ON",
          "wal_autocheckpoint = " + Checkpoints.PAGES_MAX);

  static SqliteFile at(Path path) {
    return new SqliteFile(path.toAbsolutePath(), false);
  }

  static SqliteFile inTemporaryFolder() throws IOException {
    return new SqliteFile(Files.createTempDirectory("pylon-").resolve("memory.db"), true);
  }

  /** The connection that writes. Makes the file where there is none. */
  Connection openWriter() {
    try {
      Files.createDirectories(path.getParent());
    } catch (IOException e) {
      throw new DatabaseException(DatabaseException.Reason.FAULT, "the folder cannot be made", e);
    }
    var config = new SQLiteConfig();
    Connection connection = connect(config);
    return prepared(
        connection, "journal_mode = WAL", temporary ? "synchronous = OFF" : "synchronous = NORMAL");
  }

  /** A connection that reads. */
  Connection openReader() {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    return prepared(connect(config), "query_only = ON");
  }

  private Connection connect(SQLiteConfig config) {
    config.setBusyTimeout(BUSY_MILLIS);
    config.setGetGeneratedKeys(false);
    try {
      return config.createConnection("jdbc:sqlite:" + path);
    } catch (SQLException e) {
      throw SqliteDialect.INSTANCE.translate(e);
    }
  }

  private static Connection prepared(Connection connection, String... pragmas) {
    try (Statement statement = connection.createStatement()) {
      for (String pragma : pragmas) {
        statement.execute("PRAGMA " + pragma);
      }
      for (String pragma : PRAGMAS) {
        statement.execute("PRAGMA " + pragma);
      }
      ExactSum.addTo(connection);
      return connection;
    } catch (SQLException e) {
      DatabaseException refusal = SqliteDialect.INSTANCE.translate(e);
      closeAll(List.of(connection), refusal);
      throw refusal;
    }
  }

  /** Closes what was opened before {@code failure} happened. */
  static void closeAll(List<Connection> connections, Throwable failure) {
    for (Connection connection : connections) {
      try {
        connection.close();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Deletes a temporary file and what SQLite put beside it; keeps any other. */
  void discard() {
    if (!temporary) {
      return;
    }
    try {
      for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
        Files.deleteIfExists(path.resolveSibling(path.getFileName() + suffix));
      }
      Files.deleteIfExists(path.getParent());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a temporary database was not deleted path=" + path, e);
    }
  }
}
