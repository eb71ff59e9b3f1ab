package dev.pylon.db.postgres;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.DatabaseContract;

/** What Postgres keeps beside the contract. */
@NeedsPostgres
class PostgresDatabaseTest extends DatabaseContract {
  private String url;

  @Override
  protected Database open() {
    url = PostgresServer.shared().newDatabase();
    return PostgresDatabase.open(url);
  }
}
