package dev.pylon.policy;

import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;

class SqliteVisibleRowsTest extends VisibleRowsContract {
  @Override
  Database open() {
    return SqliteDatabase.temporary();
  }
}
