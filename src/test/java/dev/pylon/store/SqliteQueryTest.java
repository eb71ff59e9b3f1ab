package dev.pylon.store;

import dev.pylon.schema.Manifest;

class SqliteQueryTest extends QueryContract {
  @Override
  Store open(Manifest manifest, int rowsMax) {
    return Stores.sqlite(manifest, rowsMax);
  }
}
