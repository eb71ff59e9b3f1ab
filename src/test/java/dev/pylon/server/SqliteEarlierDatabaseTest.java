package dev.pylon.server;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.util.List;

class SqliteEarlierDatabaseTest extends EarlierDatabaseContract {
  @Override
  Database open(Path folder) {
    return SqliteDatabase.open(folder.resolve("app.db"));
  }

  @Override
  List<String> statements() {
    return List.of(
        // At its start: tables, indexes by their bare names, a text index with triggers.
        """
        CREATE TABLE IF NOT EXISTS "User" ("id" TEXT PRIMARY KEY NOT NULL,
          "email" TEXT NOT NULL UNIQUE, "name" TEXT)\
        """,
        """
        CREATE TABLE IF NOT EXISTS "Post" ("id" TEXT PRIMARY KEY NOT NULL, "title" TEXT NOT NULL,
          "body" TEXT, "done" INTEGER, "points" INTEGER, "weight" REAL, "dropped" TEXT)\
        """,
        // Columns that came later, by its push.
        "ALTER TABLE \"Post\" ADD COLUMN \"due\" TEXT",
        "ALTER TABLE \"Post\" ADD COLUMN \"authorId\" TEXT",
        "CREATE INDEX IF NOT EXISTS \"by_author\" ON \"Post\" (\"authorId\")",
        "CREATE INDEX IF NOT EXISTS \"Post_by_author\" ON \"Post\" (\"authorId\")",
        """
        CREATE VIRTUAL TABLE IF NOT EXISTS "Post_fts" USING fts5("title", "body",
          content="Post", content_rowid='rowid')\
        """,
        """
        CREATE TRIGGER IF NOT EXISTS "Post_fts_ai" AFTER INSERT ON "Post" BEGIN
          INSERT INTO "Post_fts"(rowid, "title", "body") VALUES (new.rowid, new."title", new."body");
        END\
        """,
        """
        CREATE TRIGGER IF NOT EXISTS "Post_fts_ad" AFTER DELETE ON "Post" BEGIN
          INSERT INTO "Post_fts"("Post_fts", rowid, "title", "body")
            VALUES ('delete', old.rowid, old."title", old."body");
        END\
        """,
        """
        CREATE TRIGGER IF NOT EXISTS "Post_fts_au" AFTER UPDATE ON "Post" BEGIN
          INSERT INTO "Post_fts"("Post_fts", rowid, "title", "body")
            VALUES ('delete', old.rowid, old."title", old."body");
          INSERT INTO "Post_fts"(rowid, "title", "body") VALUES (new.rowid, new."title", new."body");
        END\
        """,
        """
        CREATE TABLE _pylon_crdt_snapshots (entity TEXT NOT NULL, row_id TEXT NOT NULL,
          snapshot BLOB NOT NULL, updated_at TEXT NOT NULL, PRIMARY KEY (entity, row_id))\
        """,
        """
        CREATE TABLE _facet_bitmap (entity TEXT NOT NULL, facet TEXT NOT NULL, value TEXT NOT NULL,
          bitmap BLOB NOT NULL, row_count INTEGER NOT NULL, PRIMARY KEY (entity, facet, value))\
        """,
        """
        CREATE VIRTUAL TABLE "_fts_Post" USING fts5(entity_id UNINDEXED, "title", "body",
          tokenize='unicode61 remove_diacritics 2')\
        """,
        "CREATE INDEX IF NOT EXISTS \"Post_sort_points\" ON \"Post\" (\"points\")",
        """
        CREATE TABLE _pylon_schema_history (id TEXT PRIMARY KEY, manifest_version INTEGER NOT NULL,
          app_version TEXT NOT NULL, applied_at TEXT NOT NULL, operation_count INTEGER NOT NULL,
          baseline TEXT NOT NULL, plan_json TEXT NOT NULL)\
        """,
        """
        INSERT INTO _pylon_schema_history VALUES ('1767225600.000000001', 1, '1',
          '2026-01-01T00:00:00Z', 0, 'dev', '{"operations":[{"op":"noop"}]}')\
        """,
        "INSERT INTO \"User\" VALUES ('%s', 'ann@example.com', 'Ann')".formatted(ANN),
        """
        INSERT INTO "Post" (id, title, body, done, points, weight, due, authorId, dropped) VALUES
          ('%s', 'Zebra crossing', NULL, 1, 7, 2.5, '2026-01-31T12:00:00Z', '%s', 'kept'),
          ('%s', 'apple', 'a fruit', 0, NULL, NULL, '1767225600Z', '%s', NULL)\
        """
            .formatted(FIRST, ANN, SECOND, ANN),
        "INSERT INTO \"_fts_Post\" (rowid, entity_id, title, body) VALUES (1, 1, 'Zebra crossing', '')",
        "INSERT INTO _facet_bitmap VALUES ('Post', 'done', 'true', x'3a30', 1)",
        "INSERT INTO _pylon_crdt_snapshots VALUES ('Post', '%s', x'00', '1767225600Z')"
            .formatted(FIRST));
  }
}
