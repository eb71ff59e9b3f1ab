package dev.pylon.store;

import dev.pylon.schema.Manifest;
import java.nio.file.Path;

class SqliteRowValuesTest extends RowValuesContract {
  @Override
  Store open(Path folder, Manifest manifest) {
    return Stores.sqlite(folder, manifest, 100);
  }
}
