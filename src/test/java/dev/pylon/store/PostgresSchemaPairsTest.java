package dev.pylon.store;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;

@NeedsPostgres
class PostgresSchemaPairsTest extends SchemaPairsContract {
  @Override
  Database open() {
    return PostgresDatabase.open(PostgresServer.shared().newDatabase());
  }
}
