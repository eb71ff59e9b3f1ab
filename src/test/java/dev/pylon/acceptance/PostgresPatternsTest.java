package dev.pylon.acceptance;

import dev.pylon.NeedsBun;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import java.util.Map;

@NeedsBun
@NeedsPostgres
class PostgresPatternsTest extends PatternsContract {
  @Override
  Server.Runtime runtime() {
    return Server.Runtime.BUILT_IN;
  }

  /**
   * Twenty thousand questions over a socket, one after the other, on a machine that may be slow.
   */
  @Override
  Map<String, String> settings() {
    return Map.of(
        "DATABASE_URL", PostgresServer.shared().newDatabase(), "PYLON_FN_CALL_TIMEOUT", "50s");
  }
}
