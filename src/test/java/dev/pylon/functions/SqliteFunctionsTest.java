package dev.pylon.functions;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.nio.file.Path;

class SqliteFunctionsTest extends FunctionsContract {
  @Override
  Database openDatabase(Path folder) {
    return SqliteDatabase.open(folder.resolve("app.db"));
  }
}
