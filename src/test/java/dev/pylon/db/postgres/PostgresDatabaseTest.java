package dev.pylon.db.postgres;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.DatabaseContract;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What Postgres keeps beside the contract. */
@NeedsPostgres
class PostgresDatabaseTest extends DatabaseContract {
  private String url;

  @Override
  protected Database open() {
    url = PostgresServer.shared().newDatabase();
    return PostgresDatabase.open(url);
  }

  @Test
  void whatIsToldIsHeardByWhoHearsThatChannel() throws InterruptedException {
    var said = new LinkedBlockingQueue<String>();
    try (var here = PostgresDatabase.open(url);
        var there = PostgresDatabase.open(url)) {
      Thread hearing = Thread.ofVirtual().start(() -> there.hear("a \"b", ear(said)));
      assertThat(next(said)).isEqualTo("(begins)");

      here.tell("a \"b", "one's");
      here.tell("another", "unheard");
      there.tell("a \"b", "two");

      assertThat(List.of(next(said), next(said))).containsExactlyInAnyOrder("one's", "two");
      hearing.interrupt();
      assertThat(hearing.join(SOON)).as("it ends").isTrue();
    }
  }

  @Test
  void whoIsCutOffHearsAgainAndKnowsThatSomethingMayHaveBeenMissed() throws InterruptedException {
    var said = new LinkedBlockingQueue<String>();
    try (var here = PostgresDatabase.open(url)) {
      Thread hearing = Thread.ofVirtual().start(() -> here.hear("news", ear(said)));
      assertThat(next(said)).isEqualTo("(begins)");

      execute(
          here,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND query LIKE 'LISTEN%'");

      assertThat(next(said)).isEqualTo("(begins)");
      here.tell("news", "again");
      assertThat(next(said)).isEqualTo("again");
      hearing.interrupt();
    }
  }

  private static Database.Ear ear(BlockingQueue<String> said) {
    return new Database.Ear() {
      @Override
      public void begin() {
        said.add("(begins)");
      }

      @Override
      public void heard(String words) {
        said.add(words);
      }
    };
  }

  private static String next(BlockingQueue<String> said) throws InterruptedException {
    return Objects.requireNonNull(said.poll(SOON.toSeconds(), TimeUnit.SECONDS), "nothing is said");
  }
}
