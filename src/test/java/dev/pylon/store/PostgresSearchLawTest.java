package dev.pylon.store;

import static dev.pylon.store.Stores.ids;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;
import java.time.InstantSource;

@NeedsPostgres
class PostgresSearchLawTest extends SearchLawContract {
  private final String url = PostgresServer.shared().newDatabase();

  @Override
  Store open(Path folder, Manifest manifest) {
    return SqlStore.open(
        PostgresDatabase.open(url), manifest, "test", 20_000, ids(), InstantSource.system());
  }
}
