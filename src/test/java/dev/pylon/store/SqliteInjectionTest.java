package dev.pylon.store;

import dev.pylon.schema.Manifest;

class SqliteInjectionTest extends InjectionContract {
  @Override
  Store open(Manifest manifest) {
    return Stores.sqlite(manifest, 1_000);
  }
}
