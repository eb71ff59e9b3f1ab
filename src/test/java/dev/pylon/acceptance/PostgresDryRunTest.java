package dev.pylon.acceptance;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

@NeedsPostgres
class PostgresDryRunTest extends DryRunContract {
  private final String url = PostgresServer.shared().newDatabase();

  @Override
  Map<String, String> settings() {
    return Map.of("DATABASE_URL", url);
  }

  @Override
  String jdbcUrl(Path project) {
    URI uri = URI.create(url);
    return "jdbc:postgresql://localhost:%d%s?user=postgres".formatted(uri.getPort(), uri.getPath());
  }
}
