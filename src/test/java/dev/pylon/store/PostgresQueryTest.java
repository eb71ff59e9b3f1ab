package dev.pylon.store;

import dev.pylon.NeedsPostgres;
import dev.pylon.schema.Manifest;

@NeedsPostgres
class PostgresQueryTest extends QueryContract {
  @Override
  Store open(Manifest manifest, int rowsMax) {
    return Stores.postgres(manifest, rowsMax);
  }
}
