package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.acceptance.Server.Runtime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unmodified reference runtime, as far as we can stand in for it, and handlers that break it.
 */
@NeedsBun
class ForeignRuntimeTest {
  @TempDir private Path folder;
  private Server server;

  @BeforeEach
  void start() {
    server =
        Server.start(
            folder, "acceptance/hostile", Runtime.REFERENCE, Map.of("PYLON_FN_CALL_TIMEOUT", "3s"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aTornFrameEndsItsCallAtOnceAndTheRuntimeIsReplaced() {
    Object before = server.value("pid");

    assertThat(server.call("torn").code()).isEqualTo("PROTOCOL_ERROR");

    assertThat(server.value("quick")).isEqualTo("quick");
    assertThat(server.value("pid")).isNotEqualTo(before);
  }

  /** Whether frames that overlap arrive torn is a matter of the moment. */
  @Test
  void framesThatOverlapInItNeverKeepACallToItsDeadline() {
    Reply reply = server.call("overlap", Map.of("chars", 3_000_000));

    assertThat(reply.status() == 200 || reply.code().equals("PROTOCOL_ERROR"))
        .as(reply.status() == 200 ? "returned" : reply.body())
        .isTrue();
    assertThat(server.value("quick")).isEqualTo("quick");
  }

  @Test
  void frameByFrameItCarriesTenMegabytes() {
    String text = "x".repeat(10 * 1024 * 1024 - 100);

    assertThat(server.value("echo", Map.of("text", text))).isEqualTo(Map.of("text", text));
  }

  @Test
  void anEndlessLoopIsFoundOutByTheProbe() {
    Object before = server.value("pid");

    assertThat(server.call("loop").code()).isEqualTo("FN_TIMEOUT");

    assertThat(server.value("pid")).isNotEqualTo(before);
  }

  @Test
  void aHandlerThatIsMerelySlowKeepsItsRuntime() {
    Object before = server.value("pid");

    assertThat(server.call("waitAction", Map.of("ms", 3_300)).code()).isEqualTo("FN_TIMEOUT");

    assertThat(server.value("quick")).isEqualTo("quick");
    assertThat(server.value("pid")).isEqualTo(before);
    assertThat(server.log()).noneMatch(line -> line.startsWith("crashed"));
  }

  @Test
  void aMutationThatNeverReturnsIsRolledBack() {
    assertThat(server.call("never", Map.of("text", "gone")).code()).isEqualTo("FN_TIMEOUT");

    assertThat(server.value("countNotes", Map.of("text", "gone"))).isEqualTo(0L);
  }

  @Test
  void theEndOfItsProcessFailsTheCallAndNotTheNext() {
    assertThat(server.call("exit").code()).isEqualTo("RUNNER_EXITED");
    assertThat(server.value("quick")).isEqualTo("quick");
    assertThat(server.call("reject").code()).isEqualTo("RUNNER_EXITED");
    assertThat(server.value("quick")).isEqualTo("quick");
    assertThat(server.call("timer").code()).isEqualTo("RUNNER_EXITED");
    assertThat(server.value("quick")).isEqualTo("quick");
    assertThat(Server.code(server.trace("timer"))).isEqualTo("RUNNER_EXITED");
  }

  @Test
  void whatIsPrintedPastItsFenceIsPassedOver() {
    assertThat(server.value("raw")).isEqualTo("still here");
    assertThat(server.value("quick")).isEqualTo("quick");
  }

  @Test
  void aHandlerThatForgesItsOwnEndEndsOnlyItself() {
    assertThat(server.value("forge", Map.of("own", "mine"))).isIn("mine", "forged");

    // It forges the ends of later calls too, and this runtime has no fence: what is still on its
    // way may end the next one.
    Eventually.within(SOON, () -> "quick".equals(server.value("quick")), () -> "forged for good");
  }

  @Test
  void oneCallAtATimeIsInItAndTheOthersWaitTheirTurn() {
    CompletableFuture<Reply> first = server.calling("waitAction", Map.of("ms", 400));
    CompletableFuture<Reply> second = server.calling("waitAction", Map.of("ms", 400));
    long begin = System.nanoTime();

    assertThat(first.join().status()).isEqualTo(200);
    assertThat(second.join().status()).isEqualTo(200);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(700));
  }

  @Test
  void aReloadTakesTheNewCodeWhileAnOldCallGoesOn() {
    CompletableFuture<Reply> old = server.calling("waitAction", Map.of("ms", 800));
    Eventually.within(SOON, () -> !old.isDone(), () -> "");
    server.write(
        "fresh",
        """
        import { query } from "@pylonsync/functions";
        export default query({ handler: async () => "fresh" });
        """);
    server.delete("quick");

    server.reload();

    assertThat(server.value("fresh")).isEqualTo("fresh");
    assertThat(server.call("quick").code()).isEqualTo("FN_NOT_FOUND");
    assertThat(old.join().body()).isEqualTo("\"waited\"");
  }

  @Test
  void whatComesAfterTheEndOfACallIsRefusedAndHarmsNobody() {
    assertThat(server.value("late", Map.of("ms", 50))).isEqualTo("returned");

    Eventually.within(
        SOON, () -> server.text("aborted", Map.of()).contains("CALL_ENDED"), server::log);
  }
}
