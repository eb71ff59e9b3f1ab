package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.nio.file.Path;

class SqliteTransactTest extends TransactContract {
  @Override
  Database open(Path folder) {
    return SqliteDatabase.open(folder.resolve("app.db"));
  }
}
