package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.acceptance.Server.Runtime;
import dev.pylon.trace.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What handlers can do to the built-in runtime, and that only they notice. */
@NeedsBun
class HostileHandlersTest {
  @TempDir private static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "acceptance/hostile", Runtime.BUILT_IN, Map.of());
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void anEndlessLoopTimesOutAndItsRuntimeIsReplaced() {
    long before = server.pid();
    CompletableFuture<Reply> loop = server.calling("loop", Map.of());

    assertThat(loop.join().error())
        .isEqualTo("504 FN_TIMEOUT Function exceeded the configured call timeout");
    Eventually.within(SOON, () -> before != server.pid(), server::log);
    assertThat(Server.code(server.trace("loop"))).isEqualTo("FN_TIMEOUT");
  }

  @Test
  void endingTheProcessIsAMistakeOfTheCallAndNothingElse() {
    Object before = server.value("pid");

    assertThat(server.call("exit").error()).isEqualTo("400 HANDLER_ERROR Internal handler error");

    assertThat(server.value("pid")).isEqualTo(before);
  }

  @Test
  void aRejectionNobodyAwaitsFailsItsCallAndNoOther() {
    CompletableFuture<Reply> other = server.calling("wait", Map.of("ms", 300));

    assertThat(server.call("reject").code()).isEqualTo("HANDLER_ERROR");

    assertThat(other.join().body()).isEqualTo("\"waited\"");
  }

  @Test
  void anExceptionInATimerFailsItsCallAndNoOther() {
    CompletableFuture<Reply> other = server.calling("wait", Map.of("ms", 300));

    assertThat(server.call("timer").code()).isEqualTo("HANDLER_ERROR");

    assertThat(other.join().body()).isEqualTo("\"waited\"");
  }

  @Test
  void aHandlerThatNeverReturnsIsGivenUpWithoutEndingItsRuntime() {
    Object before = server.value("pid");

    Reply reply = server.call("never", Map.of("text", "never"));

    assertThat(reply.code()).isEqualTo("FN_TIMEOUT");
    assertThat(server.value("pid")).isEqualTo(before);
    assertThat(server.value("countNotes", Map.of("text", "never"))).isEqualTo(0L);
    assertThat(server.trace("never").rolledBack()).isTrue();
  }

  @Test
  void aHandlerThatIsGivenUpHearsOfItAndCanDoNothingMore() {
    server.call("never", Map.of("text", "heard"));

    Eventually.within(
        SOON,
        () ->
            server.value("aborted") instanceof List<?> told
                && told.contains("heard")
                && told.contains("CALL_CANCELLED"),
        () -> server.value("aborted"));
  }

  @Test
  void whatAHandlerDoesAfterItsEndIsRefused() {
    assertThat(server.value("late", Map.of("ms", 20))).isEqualTo("returned");

    Eventually.within(
        SOON,
        () -> server.value("aborted") instanceof List<?> told && told.contains("CALL_ENDED"),
        () -> server.value("aborted"));
  }

  @Test
  void forgedFramesArePrintedLines() {
    CompletableFuture<Reply> other = server.calling("wait", Map.of("ms", 100));

    assertThat(server.value("forge", Map.of("own", "mine"))).isEqualTo("mine");

    assertThat(other.join().body()).isEqualTo("\"waited\"");
  }

  @Test
  void rawBytesOnStandardOutputDoNoHarm() {
    assertThat(server.value("raw")).isEqualTo("still here");
    assertThat(server.value("quick")).isEqualTo("quick");
  }

  @Test
  void framesOfTenMegabytesPassBothWays() {
    String text = "x".repeat(10 * 1024 * 1024 - 100);

    assertThat(server.value("echo", Map.of("text", text))).isEqualTo(Map.of("text", text));
    assertThat(server.value("big", Map.of("chars", 5 * 1024 * 1024)))
        .isEqualTo("é".repeat(5 * 1024 * 1024));
  }

  @Test
  void aValueNestedTooDeepFailsItsCallAtOnce() {
    long begin = System.nanoTime();

    assertThat(server.call("deep").code()).isEqualTo("PROTOCOL_ERROR");

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void callsThatMultiplyAreStoppedAndNobodyElseNotices() {
    Object before = server.value("pid");

    assertThat(server.call("multiply").error())
        .startsWith("503 FN_OVERLOADED More than 4,000 calls ran under one");

    assertThat(server.value("pid")).isEqualTo(before);
    assertThat(server.value("quick")).isEqualTo("quick");
  }

  @Test
  void aHandlerMayCallForEachOfALongListOfThings() {
    assertThat(server.value("wide", Map.of("count", 5_000))).isEqualTo(5_000L);
  }

  /** Each of them finding out for itself whether the runtime is alive kept everybody for long. */
  @Test
  void callsThatRunOutOfTimeByTheThousandKeepNobodyElse() {
    Reply reply = server.call("crowd", Map.of("count", 2_000));
    long begin = System.nanoTime();

    assertThat(reply.code()).isEqualTo("FN_TIMEOUT");
    assertThat(server.value("quick")).isEqualTo("quick");

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
  }

  @Test
  void aPromiseIsFollowedWhateverShapeItHas() {
    assertThat(server.value("odd", Map.of("shape", "function"))).isEqualTo("of a function");
    assertThat(server.value("odd", Map.of("shape", "twice"))).isEqualTo("of another");
  }

  @Test
  void whatNoFrameCanHoldFailsItsCallByName() {
    assertThat(server.call("big", Map.of("chars", 64 * 1024 * 1024)).error())
        .startsWith("400 RESULT_TOO_LARGE The returned value is longer than a frame may be");
  }

  @Test
  void aHundredThousandChunksArriveInOrder() {
    String events = server.stream("chunks", Map.of("count", 100_000));

    assertThat(events).startsWith("data: chunk 0\n\ndata: chunk 1\n\n");
    assertThat(events).endsWith("data: chunk 99999\n\nevent: result\ndata: 100000\n\n");
    assertThat(events.lines().filter(line -> line.startsWith("data: chunk "))).hasSize(100_000);
    Trace trace = server.trace("chunks");
    assertThat(trace.streamChunks()).isEqualTo(100_000);
  }
}
