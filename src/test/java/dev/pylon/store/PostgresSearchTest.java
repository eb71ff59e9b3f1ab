package dev.pylon.store;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;

@NeedsPostgres
class PostgresSearchTest extends SearchContract {
  private final String url = PostgresServer.shared().newDatabase();

  @Override
  Store open(Path folder, Manifest manifest) {
    return Stores.postgres(url, manifest, 20_000);
  }
}
