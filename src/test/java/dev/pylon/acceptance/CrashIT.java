package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is answered stays, whatever happens to the server: {@code src/bench/crash.sh} does more. */
@NeedsBun
@Timeout(300)
class CrashIT {
  private static final int ROUNDS = 8;
  private static final long SEED = Long.getLong("pylon.crash.seed", 20_261_121);

  @TempDir private Path project;

  @Test
  void everyAnsweredWriteSurvivesAKillOnSqlite() throws Exception {
    assertThat(new CrashRounds(project, null, SEED).run(ROUNDS)).contains("log and rows agree");
  }

  @Test
  @NeedsPostgres
  void everyAnsweredWriteSurvivesAKillOnPostgres() throws Exception {
    String database = PostgresServer.shared().newDatabase();
    assertThat(new CrashRounds(project, database, SEED).run(ROUNDS)).contains("log and rows agree");
  }
}
