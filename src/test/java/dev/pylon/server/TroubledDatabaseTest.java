package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Sql;
import dev.pylon.db.Work;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.routes.TestRoutes.Reset;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A SQLite database that somebody else has locked, that may not be written, or whose disk is full:
 * who writes is told, who reads goes on, and when the trouble is over nothing has to be started
 * again. What a lost Postgres means is in {@code LostDatabaseTest}.
 */
class TroubledDatabaseTest {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "t", "version": "1", "routes": [], "entities": [
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": false, "unique": false}]}]}
      """;

  @TempDir private Path folder;
  private DataServer server;

  @BeforeEach
  void start() throws IOException {
    server = DataServer.start(SqliteDatabase.open(file()), MANIFEST, Reset.LOCAL_CALLERS);
    server.hold(Map.of("Note", List.of(Json.object("id", "n1", "text", "there"))));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Path file() {
    return folder.resolve("app.db");
  }

  private Reply write(String text) {
    return server.request("POST", "/api/entities/Note", "", Json.text(Map.of("text", text)));
  }

  private Reply read() {
    return server.request("GET", "/api/entities/Note/n1", "", "");
  }

  private static void requireUnavailable(Reply reply, String code) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(503);
    assertThat(reply.body()).contains("\"code\":\"" + code + "\"").doesNotContain("SQLITE");
    assertThat(reply.header("Retry-After")).isNotEqualTo(Optional.empty());
  }

  @Test
  void whoWritesWhileAnotherProcessHasItLockedIsToldAndMayTryAgain() {
    try (var other = SqliteDatabase.open(file())) {
      other.write(
          Deadline.after(Duration.ofSeconds(20)),
          tx -> {
            tx.run(session -> session.first(Sql.of("SELECT 1"), row -> row.integer(0)));
            requireUnavailable(write("locked out"), "LOCK_FAILED");
            assertThat(read().body()).contains("there");
            return true;
          });
    }

    assertThat(write("after").status()).isEqualTo(201);
    assertThat(server.announced()).containsExactly("insert Note new");
    assertThat(server.store().list("Note")).hasSize(2);
  }

  @Test
  void whereNoRoomIsLeftNothingIsHalfWrittenAndRoomIsAllItTakes() {
    pagesMax(60);
    String large = "x".repeat(900_000);

    requireUnavailable(write(large), "DATABASE_UNAVAILABLE");

    assertThat(read().body()).contains("there");
    assertThat(server.announced()).isEmpty();
    assertThat(server.store().list("Note")).hasSize(1);
    pagesMax(1_000_000);
    Reply again = write(large);
    assertThat(again.status()).as(again.body()).isEqualTo(201);
    assertThat(server.store().list("Note")).hasSize(2);
  }

  /** How large the file may be; SQLite then says that the disk is full. */
  private void pagesMax(int pages) {
    own(session ->
        session.one(Sql.of("PRAGMA max_page_count = " + pages), row -> row.integer(0)).isPresent());
  }

  @Test
  void whatMayNotBeWrittenIsStillRead() {
    // Whoever runs this may write every file, so it is the connection that may not.
    own(session -> session.execute(Sql.of("PRAGMA query_only = 1")) >= 0);

    requireUnavailable(write("refused"), "DATABASE_UNAVAILABLE");

    assertThat(read().body()).contains("there");
    assertThat(server.announced()).isEmpty();
    assertThat(server.store().list("Note")).hasSize(1);
  }

  private void own(Work<Boolean, RuntimeException> work) {
    server.store().writeOwn(Deadline.after(Duration.ofSeconds(20)), work);
  }
}
