package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Runtime;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs and a server that stops (functions contract, 20, point 20), on either database. */
@NeedsBun
abstract class JobsAcrossRestartsContract {
  @TempDir private Path folder;
  private Server server;

  /** What names the database of this test, the same at each start. */
  abstract Map<String, String> settings();

  @BeforeEach
  void start() {
    server = Server.start(folder, "acceptance/runner", Runtime.BUILT_IN, settings());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aJobThatIsPendingWhenTheServerStopsRunsInTheNextOneAndNotEarly() {
    long asked = schedule("pending", 2_000);

    close();
    start();

    assertThat(ran("pending")).isGreaterThanOrEqualTo(asked + 2_000);
  }

  @Test
  void aJobThatBecomesDueWhileNoServerRunsIsMadeUpForOnce() {
    long asked = schedule("due", 200);
    close();
    Eventually.within(SOON, () -> System.currentTimeMillis() > asked + 400, () -> "no time passes");

    start();

    assertThat(ran("due")).isGreaterThan(asked);
    // Its counter is unique by name: a second run would have failed, and be tried again.
    assertThat(server.traces("stamp")).hasSizeLessThanOrEqualTo(1);
  }

  private long schedule(String name, int millis) {
    return server.number("laterFromAction", Map.of("ms", millis, "text", name));
  }

  private long ran(String name) {
    Eventually.within(
        SOON, () -> server.value("counter", Map.of("name", name)) != null, server::log);
    return server.number("counter", Map.of("name", name));
  }
}
