package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.server.RawClient.Reply;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@NeedsPostgres
class PostgresEarlierDatabaseTest extends EarlierDatabaseContract {
  @Override
  Database open(Path folder) {
    return PostgresDatabase.open(PostgresServer.shared().newDatabase());
  }

  @Override
  List<String> statements() {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS "User" (id TEXT PRIMARY KEY NOT NULL,
          "email" TEXT NOT NULL UNIQUE, "name" TEXT)\
        """,
        """
        CREATE TABLE IF NOT EXISTS "Post" (id TEXT PRIMARY KEY NOT NULL, "title" TEXT NOT NULL,
          "body" TEXT, "done" BOOLEAN, "points" INTEGER, "weight" DOUBLE PRECISION,
          "due" TIMESTAMPTZ, "authorId" TEXT, "dropped" TEXT)\
        """,
        "CREATE INDEX IF NOT EXISTS \"Post_by_author\" ON \"Post\" (\"authorId\")",
        """
        CREATE TABLE IF NOT EXISTS "_fts_Post" (
          entity_id TEXT PRIMARY KEY REFERENCES "Post"(id) ON DELETE CASCADE, tsv TSVECTOR NOT NULL)\
        """,
        "CREATE INDEX IF NOT EXISTS \"Post_fts_gin\" ON \"_fts_Post\" USING gin(tsv)",
        "CREATE INDEX IF NOT EXISTS \"Post_facet_done\" ON \"Post\" (\"done\")",
        "CREATE INDEX IF NOT EXISTS \"Post_sort_points\" ON \"Post\" (\"points\")",
        """
        CREATE TABLE _pylon_crdt_snapshots (entity TEXT NOT NULL, row_id TEXT NOT NULL,
          snapshot BYTEA NOT NULL, updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
          PRIMARY KEY (entity, row_id))\
        """,
        "CREATE TABLE _pylon_accounts (id TEXT PRIMARY KEY, user_id TEXT, password TEXT)",
        "INSERT INTO \"User\" VALUES ('%s', 'ann@example.com', 'Ann')".formatted(ANN),
        """
        INSERT INTO "Post" VALUES
          ('%s', 'Zebra crossing', NULL, TRUE, 7, 2.5, '2026-01-31T12:00:00Z', '%s', 'kept'),
          ('%s', 'apple', 'a fruit', FALSE, NULL, NULL, to_timestamp(1767225600), '%s', NULL)\
        """
            .formatted(FIRST, ANN, SECOND, ANN),
        "INSERT INTO \"_fts_Post\" VALUES ('%s', to_tsvector('english', 'Zebra crossing'))"
            .formatted(FIRST),
        "INSERT INTO _pylon_crdt_snapshots (entity, row_id, snapshot) VALUES ('Post', '%s', '\\x00')"
            .formatted(FIRST));
  }

  /** Its numbers had 32 bits; a larger one is refused, never wrapped. */
  @Test
  void aColumnOf32BitsRefusesWhatItCannotHold() {
    String path = "/api/entities/Post/" + FIRST;

    Reply fits = ask("PATCH", path, "{\"points\":2147483647}");
    Reply large = ask("PATCH", path, "{\"points\":2147483648}");

    assertThat(fits.status()).isEqualTo(200);
    assertThat(large.status()).isEqualTo(400);
    assertThat(large.body()).contains("INVALID_DATA");
    assertThat(bodyOf("GET", path, "")).contains("\"points\":2147483647");
    assertThat(bodyOf("POST", "/api/query/Post", "{\"points\":{\"$lt\":2147483648}}"))
        .contains(FIRST);
  }

  @Test
  void itsTextIsComparedByteByByteFromNowOn() {
    assertThat(texts("SELECT title FROM \"Post\" ORDER BY title"))
        .containsExactly("Zebra crossing", "apple");
    assertThat(bodyOf("POST", "/api/query/Post", "{\"$order\":{\"title\":\"asc\"}}"))
        .containsSubsequence("Zebra", "apple");
  }
}
