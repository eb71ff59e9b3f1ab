package dev.pylon.store;

import dev.pylon.schema.Manifest;

class SqliteGraphTest extends GraphContract {
  @Override
  Store open(Manifest manifest, int rowsMax) {
    return Stores.sqlite(manifest, rowsMax);
  }
}
