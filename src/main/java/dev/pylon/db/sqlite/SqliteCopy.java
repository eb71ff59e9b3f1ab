package dev.pylon.db.sqlite;

import dev.pylon.db.DatabaseException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Copies of a database that others may be writing to, and whether a copy is sound. */
public final class SqliteCopy {
  /** A writer that holds the lock is done within this, or something is wrong. */
  private static final int BUSY_MILLIS = 10_000;

  private SqliteCopy() {}

  /**
   * Writes the state of {@code database} at one moment to {@code target}, which must not exist.
   * Writers go on meanwhile: it is one long read.
   *
   * @throws DatabaseException where that cannot be done
   */
  public static void write(Path database, Path target) {
    try (Connection connection = open(database);
        PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
      copy.setString(1, target.toString());
      copy.execute();
    } catch (SQLException e) {
      throw SqliteDialect.INSTANCE.translate(e);
    }
  }

  /** Whether every page of {@code database} is as it should be. */
  public static boolean isSound(Path database) {
    try (Connection connection = open(database);
        Statement statement = connection.createStatement();
        ResultSet findings = statement.executeQuery("PRAGMA integrity_check(1)")) {
      return findings.next() && findings.getString(1).equals("ok");
    } catch (SQLException e) {
      return false;
    }
  }

  private static Connection open(Path database) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout(BUSY_MILLIS);
    return config.createConnection("jdbc:sqlite:" + database.toAbsolutePath());
  }
}
