package dev.pylon.acceptance;

import java.util.List;

class SqliteKilledServerIT extends KilledServerContract {
  @Override
  List<String> database() {
    return List.of();
  }
}
