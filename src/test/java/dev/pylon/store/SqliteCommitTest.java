package dev.pylon.store;

import dev.pylon.schema.Manifest;
import java.nio.file.Path;

class SqliteCommitTest extends CommitContract {
  @Override
  Store open(Path folder, Manifest manifest) {
    return Stores.sqlite(folder, manifest, 100);
  }

  @Override
  int writersAtOnce() {
    return 1;
  }
}
