package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;

class SqliteSchemaPairsTest extends SchemaPairsContract {
  @Override
  Database open() {
    return SqliteDatabase.temporary();
  }
}
