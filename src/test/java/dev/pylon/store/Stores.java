package dev.pylon.store;

import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.schema.Manifest;
import java.time.InstantSource;

/** Empty stores for tests, gone or forgotten when they are closed. */
final class Stores {
  private Stores() {}

  /** One on SQLite whose answers have at most {@code rowsMax} rows. */
  static Store sqlite(Manifest manifest, int rowsMax) {
    return open(SqliteDatabase.temporary(), manifest, rowsMax);
  }

  /** One on Postgres; see {@link dev.pylon.NeedsPostgres}. */
  static Store postgres(Manifest manifest, int rowsMax) {
    String url = PostgresServer.shared().newDatabase();
    return open(PostgresDatabase.open(url), manifest, rowsMax);
  }

  private static Store open(Database database, Manifest manifest, int rowsMax) {
    return SqlStore.open(
        database, manifest, "test", rowsMax, StoreContract.ids(), InstantSource.system());
  }
}
