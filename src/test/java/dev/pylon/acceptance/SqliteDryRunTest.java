package dev.pylon.acceptance;

import java.nio.file.Path;
import java.util.Map;

class SqliteDryRunTest extends DryRunContract {
  @Override
  Map<String, String> settings() {
    return Map.of();
  }

  @Override
  String jdbcUrl(Path project) {
    return "jdbc:sqlite:" + project.resolve("app.db");
  }
}
