package dev.pylon.store;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.postgres.PostgresDatabase;

@NeedsPostgres
class PostgresSchemaPairsTest extends SchemaPairsContract {
  @Override
  int databases() {
    return 4;
  }

  @Override
  Database open() {
    return PostgresDatabase.open(PostgresServer.shared().newDatabase());
  }

  @Override
  void clear(Session session) {
    session.execute(Sql.of("DROP SCHEMA public CASCADE"));
    session.execute(Sql.of("CREATE SCHEMA public"));
  }
}
