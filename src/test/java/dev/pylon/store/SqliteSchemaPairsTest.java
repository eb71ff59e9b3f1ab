package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.db.sqlite.SqliteDatabase;

class SqliteSchemaPairsTest extends SchemaPairsContract {
  @Override
  int databases() {
    return 1;
  }

  @Override
  Database open() {
    return SqliteDatabase.temporary();
  }

  @Override
  void clear(Session session) {
    for (Table table : session.dialect().tables(session)) {
      session.execute(Sql.of("DROP TABLE " + session.dialect().quote(table.name())));
    }
  }
}
