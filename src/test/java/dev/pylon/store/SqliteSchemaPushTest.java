package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;

class SqliteSchemaPushTest extends SchemaPushContract {
  @Override
  Database open() {
    return SqliteDatabase.temporary();
  }
}
