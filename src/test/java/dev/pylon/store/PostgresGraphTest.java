package dev.pylon.store;

import dev.pylon.NeedsPostgres;
import dev.pylon.schema.Manifest;

@NeedsPostgres
class PostgresGraphTest extends GraphContract {
  @Override
  Store open(Manifest manifest, int rowsMax) {
    return Stores.postgres(manifest, rowsMax);
  }
}
