package dev.pylon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What tests rely on when they use the server. */
@NeedsPostgres
class PostgresServerTest {
  private static boolean finds(String url, String sql) throws SQLException {
    URI uri = URI.create(url);
    String jdbc =
        "jdbc:postgresql://localhost:%d%s?user=postgres".formatted(uri.getPort(), uri.getPath());
    try (Connection connection = DriverManager.getConnection(jdbc);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  @Test
  void databasesAreEmptyAndSortAsPeopleDo() throws SQLException {
    String one = PostgresServer.shared().newDatabase();
    String other = PostgresServer.shared().newDatabase();

    assertThat(one).isNotEqualTo(other);
    assertThat(finds(one, "SELECT 'a' < 'B'")).isTrue();
    assertThat(finds(one, "SELECT count(*) = 0 FROM pg_tables WHERE schemaname = 'public'"))
        .isTrue();
  }

  @Test
  void aServerThatWasStoppedHoldsWhatItHeld() throws SQLException {
    try (var server = PostgresServer.own()) {
      server.execute("postgres", "CREATE TABLE kept (n INTEGER)");
      server.stop();

      server.start();

      assertThat(finds(server.url("postgres"), "SELECT count(*) = 0 FROM kept")).isTrue();
    }
  }
}
