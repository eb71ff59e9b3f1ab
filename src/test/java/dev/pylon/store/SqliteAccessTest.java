package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.nio.file.Path;

class SqliteAccessTest extends AccessContract {
  @Override
  Database open(Path folder) {
    return SqliteDatabase.open(folder.resolve("app.db"));
  }
}
