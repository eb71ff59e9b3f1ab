package dev.pylon.server;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.nio.file.Path;

class SqliteCodeSurfaceTest extends CodeSurfaceContract {
  @Override
  Database open(Path folder) {
    return SqliteDatabase.open(folder.resolve("app.db"));
  }
}
