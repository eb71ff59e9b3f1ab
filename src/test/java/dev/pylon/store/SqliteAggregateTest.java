package dev.pylon.store;

import dev.pylon.schema.Manifest;

class SqliteAggregateTest extends AggregateContract {
  @Override
  Store open(Manifest manifest, int rowsMax) {
    return Stores.sqlite(manifest, rowsMax);
  }
}
