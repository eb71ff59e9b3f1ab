package dev.pylon.store;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

@NeedsPostgres
class PostgresTransactTest extends TransactContract {
  private final Map<Path, String> urls = new HashMap<>();

  @Override
  Database open(Path folder) {
    return PostgresDatabase.open(
        urls.computeIfAbsent(folder, _ -> PostgresServer.shared().newDatabase()));
  }
}
