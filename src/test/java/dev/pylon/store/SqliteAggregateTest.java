package dev.pylon.store;

import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;
import java.time.InstantSource;

class SqliteAggregateTest extends AggregateContract {
  @Override
  Store open(Path folder, Manifest manifest, int rowsMax) {
    return SqlStore.open(
        SqliteDatabase.open(folder.resolve("app.db")),
        manifest,
        "test",
        rowsMax,
        StoreContract.ids(),
        InstantSource.system());
  }
}
