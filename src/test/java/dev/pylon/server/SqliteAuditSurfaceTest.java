package dev.pylon.server;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.nio.file.Path;

class SqliteAuditSurfaceTest extends AuditSurfaceContract {
  @Override
  Database open(Path folder) {
    return SqliteDatabase.open(folder.resolve("app.db"));
  }
}
