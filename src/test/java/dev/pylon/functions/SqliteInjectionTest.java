package dev.pylon.functions;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.nio.file.Path;

class SqliteInjectionTest extends InjectionContract {
  @Override
  Database openDatabase(Path folder) {
    return SqliteDatabase.open(folder.resolve("app.db"));
  }
}
