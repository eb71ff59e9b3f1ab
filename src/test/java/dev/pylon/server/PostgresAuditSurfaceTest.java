package dev.pylon.server;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import java.nio.file.Path;

@NeedsPostgres
class PostgresAuditSurfaceTest extends AuditSurfaceContract {
  private final String url = PostgresServer.shared().newDatabase();

  @Override
  Database open(Path folder) {
    return PostgresDatabase.open(url);
  }
}
