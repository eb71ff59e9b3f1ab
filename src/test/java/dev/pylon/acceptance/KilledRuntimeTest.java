package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.acceptance.Server.Runtime;
import dev.pylon.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A runtime that is killed, or dies, in whatever state. */
@NeedsBun
class KilledRuntimeTest {
  @TempDir private Path folder;
  private @Nullable Server running;

  private Server server() {
    return Objects.requireNonNull(running);
  }

  private void start(Map<String, String> settings) {
    running = Server.start(folder, "acceptance/hostile", Runtime.BUILT_IN, settings);
  }

  @AfterEach
  void close() {
    if (running != null) {
      running.close();
    }
  }

  private void kill() {
    kill(server().pid());
  }

  /** One that is late may have somebody stand in for it, who would be asked instead. */
  private void killTheOneOf(String function) {
    kill(server().pidOf(function));
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void anIdleOneIsReplacedBeforeAnybodyNotices() {
    start(Map.of());
    Object before = server().value("pid");

    kill();
    server().awaitLog("crashed");

    assertThat(server().value("pid")).isNotEqualTo(before);
  }

  @Test
  void callsInFlightFailAtOnceAndAreTraced() {
    start(Map.of());
    CompletableFuture<Reply> action = server().begin("waitAction", Map.of("ms", 20_000));
    CompletableFuture<Reply> query = server().begin("wait", Map.of("ms", 20_000));

    killTheOneOf("waitAction");
    killTheOneOf("wait");

    assertThat(action.join().code()).isEqualTo("RUNNER_EXITED");
    assertThat(query.join().code()).isEqualTo("RUNNER_EXITED");
    assertThat(Server.code(server().trace("waitAction"))).isEqualTo("RUNNER_EXITED");
    assertThat(Server.code(server().trace("wait"))).isEqualTo("RUNNER_EXITED");
    assertThat(server().value("quick")).isEqualTo("quick");
  }

  /** It has changed nothing, and is hardly why the runtime ended. */
  @Test
  void aQueryAmongThemIsAnsweredElsewhereIfItWasQuickSoFar() {
    start(Map.of());
    for (int i = 0; i < 3; i++) {
      server().value("wait", Map.of("ms", 0));
    }
    CompletableFuture<Reply> action = server().begin("waitAction", Map.of("ms", 20_000));
    CompletableFuture<Reply> query = server().begin("wait", Map.of("ms", 2_000));

    killTheOneOf("waitAction");
    killTheOneOf("wait");

    assertThat(action.join().code()).isEqualTo("RUNNER_EXITED");
    assertThat(query.join().body()).isEqualTo("\"waited\"");
    assertThat(server().traces("wait")).extracting(Trace::attempt).startsWith(2, 1);
  }

  @Test
  void aMutationInTheMiddleOfItsWritesHasWrittenNothing() {
    start(Map.of());
    CompletableFuture<Reply> mutation =
        server().begin("steps", Map.of("text", "half", "count", 200_000));

    killTheOneOf("steps");

    assertThat(mutation.join().code()).isEqualTo("RUNNER_EXITED");
    assertThat(server().trace("steps").ops()).isNotEmpty();
    assertThat(server().value("countNotes", Map.of("text", "half"))).isEqualTo(0L);
    assertThat(server().value("steps", Map.of("text", "whole", "count", 10))).isEqualTo(10L);
  }

  @Test
  void whoeverWasAnsweredHasWrittenWhateverDiesAround() {
    start(Map.of());
    var answers = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 40; i++) {
      answers.add(server().calling("steps", Map.of("text", "n" + i, "count", 3)));
      if (i == 20) {
        kill();
      }
    }
    // Whoever asks before the last of them is answered may still meet the dying runtime.
    answers.forEach(CompletableFuture::join);

    for (int i = 0; i < answers.size(); i++) {
      Reply answer = answers.get(i).join();
      assertThat(server().value("countNotes", Map.of("text", "n" + i)))
          .isEqualTo(answer.status() == 200 ? 3L : 0L);
    }
  }

  @Test
  void theOneOnStandbyIsReplacedSilently() {
    start(Map.of());
    long serving = server().pid();
    Eventually.within(SOON, () -> !spares(serving).isEmpty(), () -> "no standby");

    spares(serving).forEach(ProcessHandle::destroyForcibly);

    assertThat(server().value("pid")).isEqualTo(serving);
    server().reload();
    assertThat(server().value("quick")).isEqualTo("quick");
    assertThat(server().value("pid")).isNotEqualTo(serving);
  }

  @Test
  void killingDuringReloadsLosesNoLaterCall() {
    start(Map.of());
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> reload = CompletableFuture.runAsync(server()::reload);

      kill();

      reload.join();
      // A call that comes in the moment of the kill is one of those in flight.
      Eventually.within(
          SOON, () -> server().call("quick").status() == 200, () -> "nobody answers any more");
      assertThat(server().value("quick")).isEqualTo("quick");
    }
  }

  @Test
  void oneOfTwoIsReplacedWhileTheOtherGoesOn() {
    start(Map.of("PYLON_FN_WORKERS", "2"));
    CompletableFuture<Reply> onTheFirst = server().begin("waitAction", Map.of("ms", 3_000));
    long first = server().pidOf("waitAction");
    var second = new AtomicLong(first);
    Eventually.within(SOON, () -> second.updateAndGet(_ -> server().pid()) != first, server()::log);

    kill(second.get());
    server().awaitLog("crashed");

    assertThat(server().value("quick")).isEqualTo("quick");
    Eventually.within(SOON, () -> server().pid() != second.get(), server()::log);
    assertThat(onTheFirst.join().body()).isEqualTo("\"waited\"");
  }

  @Test
  void oneThatDiesAsSoonAsItIsReadyDoesNotSpin() {
    start(Map.of());
    server()
        .write(
            "mine",
            """
            import { query } from "@pylonsync/functions";
            setTimeout(() => process.kill(process.pid, "SIGKILL"), 100);
            export default query({ handler: () => 1 });
            """);
    server().reload();
    server().awaitLog("crashed");
    Eventually.within(SOON, () -> crashes() >= 3, server()::log);
    long begin = System.nanoTime();
    int before = crashes();

    Eventually.within(SOON, () -> crashes() >= before + 2, server()::log);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(300));
    server().delete("mine");
    server().reload();
    assertThat(server().value("quick")).isEqualTo("quick");
  }

  private int crashes() {
    return (int) server().log().stream().filter(line -> line.startsWith("crashed")).count();
  }

  @Test
  void oneThatRunsOutOfMemoryTakesItsCallWithItAndNothingElse() throws IOException {
    Path bun = Files.writeString(folder.resolve("small-bun"), SMALL_BUN.formatted(bun()));
    assertThat(bun.toFile().setExecutable(true)).isTrue();
    start(Map.of("PYLON_BUN", bun.toString()));

    // The engine throws where it still can, and dies where it cannot.
    assertThat(server().call("hog").code()).isIn("RUNNER_EXITED", "HANDLER_ERROR");

    assertThat(server().value("quick")).isEqualTo("quick");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere nobody tells what a process holds")
  void oneThatHoldsMoreMemoryThanItMayIsEndedBeforeTheMachineSuffers() {
    start(Map.of("PYLON_FN_MEMORY_MAX", "400"));

    assertThat(server().call("hog").error())
        .isEqualTo(
            "503 RUNNER_EXITED"
                + " TypeScript function runner process needed too much memory and was ended");

    assertThat(server().log()).anyMatch(line -> line.contains("held more than 400 MiB of memory"));
    assertThat(server().value("quick")).isEqualTo("quick");
  }

  /** As much data as a runtime needs to boot, and some 400 MB more, in KiB. */
  private static final String SMALL_BUN =
      """
      #!/bin/sh
      ulimit -d 700000
      ulimit -c 0
      exec "%s" "$@"
      """;

  private static Path bun() {
    return NeedsBun.Bun.path();
  }

  @Test
  void oneThatLeavesItsPipeToAnotherIsMissedAllTheSame() {
    start(Map.of());

    assertThat(server().call("holdPipe").code()).isEqualTo("RUNNER_EXITED");

    assertThat(server().value("quick")).isEqualTo("quick");
  }

  /** Of this server: other tests have theirs in the same process. */
  private List<ProcessHandle> spares(long serving) {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.pid() != serving)
        .filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
        .toList();
  }
}
