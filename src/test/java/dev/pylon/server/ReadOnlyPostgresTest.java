package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.routes.TestRoutes.Reset;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A Postgres that loses its connections and may then only be read, as a standby, and comes back.
 */
@NeedsPostgres
class ReadOnlyPostgresTest {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "t", "version": "1", "routes": [], "entities": [
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": false, "unique": false}]}]}
      """;

  private final PostgresServer postgres = PostgresServer.shared();
  private final String url = postgres.newDatabase();
  private DataServer server;

  @BeforeEach
  void start() throws IOException {
    server = DataServer.start(PostgresDatabase.open(url), MANIFEST, Reset.NOBODY);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** From now on, and with connections of its own. */
  private void mayBeWritten(boolean allowed) {
    String database = url.substring(url.lastIndexOf('/') + 1);
    postgres.execute(
        "postgres",
        "ALTER DATABASE %s SET default_transaction_read_only = %s"
            .formatted(database, allowed ? "off" : "on"));
    postgres.execute(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
            .formatted(database));
  }

  private Reply write(String text) {
    return server.request("POST", "/api/entities/Note", "", "{\"text\":\"" + text + "\"}");
  }

  private Reply list() {
    return server.request("GET", "/api/entities/Note", "", "");
  }

  @Test
  void whoWritesIsToldWhoReadsGoesOnAndNothingHasToBeStartedAgain() {
    assertThat(write("before").status()).isEqualTo(201);

    mayBeWritten(false);
    Eventually.within(SOON, () -> list().status() == 200, () -> list().body());
    Reply refused = write("refused");
    assertThat(refused.status()).as(refused.body()).isEqualTo(503);
    assertThat(refused.body())
        .contains("\"code\":\"DATABASE_UNAVAILABLE\"")
        .doesNotContain("transaction");
    assertThat(list().body()).contains("before", "\"count\":1");

    mayBeWritten(true);
    Eventually.within(
        SOON, () -> write("after").status() == 201, () -> write("still refused").body());
    // Reads have connections of their own; one that was just ended is noticed by who has it next.
    Eventually.within(SOON, () -> list().status() == 200, () -> list().body());
    assertThat(list().body()).contains("before", "after").doesNotContain("refused");
  }
}
