package dev.pylon.store;

import dev.pylon.NeedsPostgres;
import dev.pylon.schema.Manifest;

@NeedsPostgres
class PostgresInjectionTest extends InjectionContract {
  @Override
  Store open(Manifest manifest) {
    return Stores.postgres(manifest, 1_000);
  }
}
