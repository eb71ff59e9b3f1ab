package dev.pylon.db.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.db.Database;
import dev.pylon.db.RowReader;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.model.Deadline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What borrowers of a reading connection are given twice, and what they are not. */
class KeptRowsTest {
  private static final RowReader<Map<String, @Nullable Object>> ROW =
      columns -> Map.of("id", columns.text(0), "title", columns.text(1));
  private static final RowReader<Map<String, @Nullable Object>> ITS_ID =
      columns -> Map.of("id", columns.text(0));

  @TempDir private Path folder;
  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(folder.resolve("app.db"));
    write(database, "CREATE TABLE t (id TEXT PRIMARY KEY, title TEXT)");
    write(database, "INSERT INTO t VALUES ('a', 'milk'), ('b', 'bread')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aRowIsFoundOnceWhileNothingIsWritten() {
    var first = row("a");

    assertThat(first).containsEntry("title", "milk");
    assertThat(row("a")).isSameAs(first);
    assertThat(row("b")).containsEntry("title", "bread");
  }

  @Test
  void whatWasWrittenIsSeenByWhoAsksAfterwards() {
    row("a");

    write(database, "UPDATE t SET title = 'oat milk' WHERE id = 'a'");
    assertThat(row("a")).containsEntry("title", "oat milk");

    write(database, "DELETE FROM t WHERE id = 'a'");
    assertThat(row("a")).isNull();

    write(database, "INSERT INTO t VALUES ('a', 'milk again')");
    assertThat(row("a")).containsEntry("title", "milk again");
  }

  @Test
  void whatAnotherWrites_asAnotherProcessWould_isSeenToo() {
    try (var other = SqliteDatabase.openSmall(folder.resolve("app.db"))) {
      for (int n = 0; n < 100; n++) {
        row("a");

        write(other, "UPDATE t SET title = 'n" + n + "' WHERE id = 'a'");

        assertThat(row("a")).containsEntry("title", "n" + n);
      }
    }
  }

  @Test
  void ofManyReadsTogetherNoneIsOlderThanItsQuestion() {
    for (int n = 0; n < 100; n++) {
      var seen = new ArrayList<Map<String, @Nullable Object>>();
      Runnable read = () -> seen.add(database.read(session -> first(session, "a", ROW)));
      write(database, "UPDATE t SET title = 'n" + n + "' WHERE id = 'a'");

      assertThat(database.tryExecute(List.of(read, read, read))).isTrue();

      assertThat(seen).hasSize(3).allMatch(row -> row.containsValue(seen.getFirst().get("title")));
      assertThat(seen.getFirst()).containsEntry("title", "n" + n);
    }
  }

  @Test
  void eachReaderGetsWhatItMakesOfTheRow() {
    assertThat(row("a")).containsKey("title");
    assertThat(row("a", ITS_ID)).doesNotContainKey("title");
  }

  @Test
  void aLargeRowIsFoundAnew() {
    write(
        database, "UPDATE t SET title = '" + "m".repeat(KeptRows.WEIGHT_MAX) + "' WHERE id = 'a'");

    assertThat(row("a")).isEqualTo(row("a")).isNotSameAs(row("a"));
  }

  @Test
  void theRowKeptLongestIsForgottenForTheOneTooMany() {
    write(
        database,
        "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT "
            + KeptRows.ROWS_MAX
            + ") SELECT 'r' || i, 'row' FROM n");
    var oldest = row("a");
    var next = row("r1");
    for (int i = 2; i <= KeptRows.ROWS_MAX; i++) {
      row("r" + i);
    }

    assertThat(row("r1")).isSameAs(next);
    assertThat(row("a")).isEqualTo(oldest).isNotSameAs(oldest);
  }

  private @Nullable Map<String, @Nullable Object> row(String id) {
    return row(id, ROW);
  }

  private @Nullable Map<String, @Nullable Object> row(
      String id, RowReader<Map<String, @Nullable Object>> reader) {
    var found = new ArrayList<@Nullable Map<String, @Nullable Object>>();
    Runnable read = () -> found.add(database.read(session -> first(session, id, reader)));
    assertThat(database.tryExecute(List.of(read))).isTrue();
    return found.getFirst();
  }

  private static @Nullable Map<String, @Nullable Object> first(
      Session session, String id, RowReader<Map<String, @Nullable Object>> reader) {
    return session.first(Sql.of("SELECT id, title FROM t WHERE id = ?", id), reader);
  }

  private static void write(Database database, String sql) {
    database.write(
        Deadline.after(Eventually.SOON), tx -> tx.run(session -> session.execute(Sql.of(sql))));
  }
}
