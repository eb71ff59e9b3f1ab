package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.acceptance.Server.Runtime;
import dev.pylon.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mutation that is only tried: what it tells, and that nothing is left of it, on either engine.
 */
@NeedsBun
abstract class DryRunContract {
  /** Of the project, each of which enters the change log once. */
  private static final int ENTITIES = 4;

  private static final String[] AS_ADMIN = {
    "Authorization", "Bearer " + Server.ADMIN, "X-Pylon-Dry-Run", "1"
  };

  @TempDir private Path folder;
  private Server server;

  /** What names the database of this test. */
  abstract Map<String, String> settings();

  /** The same for JDBC. */
  abstract String jdbcUrl(Path project);

  @BeforeEach
  void start() {
    server = Server.start(folder, "acceptance/dryrun", Runtime.BUILT_IN, settings());
    server.value("seed");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void itTellsWhatACommitWouldHaveLeft() {
    Map<String, ?> tried = tried("reorganize", Map.of());

    assertThat(tried.get("dry_run")).isEqualTo(true);
    assertThat(tried.get("value")).asString().contains("notes=1");
    assertThat(list(tried, "rows"))
        .extracting(row -> row.get("change") + " " + row.get("entity"))
        .containsExactly("update Counter", "delete Counter", "insert Note");
    assertThat(list(tried, "rows").get(0))
        .satisfies(row -> {
          assertThat(row.get("before")).asString().contains("name=first, value=1");
          assertThat(row.get("after")).asString().contains("name=first, value=11");
        });
    assertThat(list(tried, "rows").get(1)).containsEntry("after", null);
    assertThat(list(tried, "rows").get(2))
        .containsEntry("before", null)
        .satisfies(row -> assertThat(row.get("after")).asString().contains("text=new, stars=5"));
    assertThat(list(tried, "jobs"))
        .extracting(job -> job.get("function"))
        .containsExactly("tidy", "tidy");
    assertThat((List<?>) tried.get("cancelled_jobs")).hasSize(1);
  }

  @Test
  void itLeavesNothing() {
    List<String> before = settled();

    tried("reorganize", Map.of());
    tried("reorganize", Map.of());
    server.call("reorganize", Map.of("fail", true), AS_ADMIN);

    assertThat(everything()).isEqualTo(before);
    assertThat(before).anyMatch(row -> row.contains("second"));
  }

  /** The comparison above sees every kind of row that the same call writes when it is meant. */
  @Test
  void theSameCallWhenItIsMeantLeavesRowsChangesAndJobs() {
    List<String> before = settled();

    server.value("reorganize");

    List<String> after = new ArrayList<>(everything());
    after.removeAll(before);
    assertThat(after).anyMatch(row -> row.startsWith("Note:"));
    assertThat(after).anyMatch(row -> row.startsWith("_pylon_jobs:"));
    assertThat(after).anyMatch(row -> row.startsWith("_pylon_change"));
  }

  @Test
  void whatTheHandlerFailsWithIsTheAnswer() {
    assertThat(server.call("reorganize", Map.of("fail", true), AS_ADMIN).error())
        .isEqualTo("400 CHANGED_MY_MIND no");
    assertThat(server.call("tries", Map.of(), AS_ADMIN).code()).isEqualTo("INSERT_FAILED");
  }

  @Test
  void aThousandRowsAreShownAndTheRestCounted() {
    Map<String, ?> tried = tried("many", Map.of());

    assertThat(list(tried, "rows")).hasSize(1_000);
    assertThat(tried.get("rows_dropped")).isEqualTo(200L);
    assertThat(server.value("countNotes")).isEqualTo(0L);
  }

  @Test
  void aQueryRunsAndAnActionDoesNot() {
    assertThat(tried("countNotes", Map.of()).get("value")).isEqualTo(0L);
    assertThat(server.call("tidy", Map.of(), AS_ADMIN).error())
        .startsWith("400 DRY_RUN_REFUSED \"tidy\" is an action");
  }

  @Test
  void onlyAdminsMayTry() {
    Reply reply = server.call("reorganize", Map.of(), "X-Pylon-Dry-Run", "1");

    assertThat(reply.code()).isEqualTo("FORBIDDEN");
  }

  @Test
  void itsTraceTellsThatItWasRolledBack() {
    tried("reorganize", Map.of());

    assertThat(server.trace("reorganize").rolledBack()).isTrue();
  }

  private Map<String, ?> tried(String function, Map<String, Object> args) {
    Reply reply = server.call(function, args, AS_ADMIN);
    assertThat(reply.status()).as(reply::body).isEqualTo(200);
    return Json.parseObject(reply.body().getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked") // as the server writes it
  private static List<Map<String, @Nullable Object>> list(Map<String, ?> answer, String name) {
    return (List<Map<String, @Nullable Object>>) answer.get(name);
  }

  /** The database is put in order while the server answers already; that is over here. */
  private List<String> settled() {
    Eventually.within(
        SOON,
        () ->
            everything().stream()
                    .filter(row -> row.startsWith("_pylon_changes_state: name=entered:"))
                    .count()
                == ENTITIES,
        this::everything);
    return everything();
  }

  /** Every row of every table, ours included. */
  private List<String> everything() {
    try {
      return read();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> read() throws SQLException {
    var rows = new ArrayList<String>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl(folder));
        Statement statement = connection.createStatement()) {
      for (String table : tables(connection)) {
        try (ResultSet found = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
          while (found.next()) {
            rows.add(table + ": " + row(found));
          }
        }
      }
    }
    rows.sort(String::compareTo);
    return rows;
  }

  private static List<String> tables(Connection connection) throws SQLException {
    var tables = new ArrayList<String>();
    try (ResultSet found =
        connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
      while (found.next()) {
        String schema = found.getString("TABLE_SCHEM");
        if (schema == null || schema.equals("public")) {
          tables.add(found.getString("TABLE_NAME"));
        }
      }
    }
    return tables;
  }

  private static String row(ResultSet found) throws SQLException {
    var cells = new ArrayList<String>();
    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
      cells.add(found.getMetaData().getColumnName(i) + "=" + found.getString(i));
    }
    return String.join(", ", cells);
  }
}
