package dev.pylon.acceptance;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import java.util.Map;

@NeedsPostgres
class PostgresJobsAcrossRestartsTest extends JobsAcrossRestartsContract {
  private final String url = PostgresServer.shared().newDatabase();

  @Override
  Map<String, String> settings() {
    return Map.of("DATABASE_URL", url);
  }
}
