package dev.pylon.policy;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;

@NeedsPostgres
class PostgresVisibleRowsTest extends VisibleRowsContract {
  @Override
  Database open() {
    return PostgresDatabase.open(PostgresServer.shared().newDatabase());
  }
}
