package dev.pylon.store;

import static dev.pylon.store.Stores.ids;

import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;
import java.time.InstantSource;

class SqliteSearchLawTest extends SearchLawContract {
  @Override
  Store open(Path folder, Manifest manifest) {
    return SqlStore.open(
        SqliteDatabase.open(folder.resolve("app.db")),
        manifest,
        "test",
        20_000,
        ids(),
        InstantSource.system());
  }
}
