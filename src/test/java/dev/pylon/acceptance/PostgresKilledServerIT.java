package dev.pylon.acceptance;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import java.util.List;

@NeedsPostgres
class PostgresKilledServerIT extends KilledServerContract {
  private final String url = PostgresServer.shared().newDatabase();

  @Override
  List<String> database() {
    return List.of("--db", url);
  }
}
