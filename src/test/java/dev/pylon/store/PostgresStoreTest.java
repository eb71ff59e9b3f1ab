package dev.pylon.store;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

@NeedsPostgres
class PostgresStoreTest extends StoreContract {
  private final Map<Path, String> urls = new HashMap<>();

  @Override
  Store open(Path folder, Manifest manifest) {
    String url = urls.computeIfAbsent(folder, _ -> PostgresServer.shared().newDatabase());
    return SqlStore.open(
        PostgresDatabase.open(url), manifest, "dev", 100, ids(), InstantSource.system());
  }

  @Override
  int writersAtOnce() {
    return 8;
  }
}
