package dev.pylon.acceptance;

import java.util.Map;

class SqliteJobsAcrossRestartsTest extends JobsAcrossRestartsContract {
  @Override
  Map<String, String> settings() {
    return Map.of();
  }
}
