package dev.pylon.functions;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.action;
import static dev.pylon.functions.TestEngine.failure;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.query;
import static dev.pylon.functions.TestEngine.source;
import static dev.pylon.functions.TestEngine.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.functions.TestEngine.Limits;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runtimes that die, hang, run full and end (functions contract, 4), all of them real. */
@NeedsBun
class RuntimePoolTest extends EngineDesk {
  // ---- death ----

  /** What a busy machine adds to one round it does not add to all of them. */
  @Test
  void theCallsOfAKilledRuntimeHearOfItAtOnceAndTheNextOneIsAnsweredSoon() throws Exception {
    TestEngine engine = start(Map.of("hold", HOLD, "noop", query("return 1;")));
    long heard = Long.MAX_VALUE;
    long answered = Long.MAX_VALUE;

    for (int round = 0; round < 5 && (heard >= 300 || answered >= 1_000); round++) {
      List<Future<Answer>> held =
          List.of(
              aside(() -> engine.call("hold", Map.of("until", signal().toString()))),
              aside(() -> engine.call("hold", Map.of("until", signal().toString()))));
      awaitInFlight(engine, 2);
      long killed = System.nanoTime();
      engine.runtime().destroyForcibly();
      for (Future<Answer> call : held) {
        assertThat(failure(soon(call)))
            .isEqualTo("RUNNER_EXITED 503 TypeScript function runner process exited unexpectedly");
      }
      heard = Math.min(heard, millisSince(killed));
      assertThat(engine.value("noop", Map.of())).isEqualTo(1L);
      answered = Math.min(answered, millisSince(killed));
    }

    assertThat(heard).as("until the calls heard of it").isLessThan(300);
    assertThat(answered).as("until the next answer").isLessThan(1_000);
    assertThat(engine.trace("hold").outcome())
        .isInstanceOfSatisfying(
            Trace.Error.class, error -> assertThat(error.code()).isEqualTo("RUNNER_EXITED"));
  }

  @Test
  void aMutationOnAKilledRuntimeIsRolledBack() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "half",
                mutation(
                    """
                    await ctx.db.insert("Note", { text: "half" });
                    process.kill(process.pid, "SIGKILL");
                    await new Promise(() => {});\
                    """)));

    assertThat(failure(engine.call("half"))).startsWith("RUNNER_EXITED 503");
    assertThat(engine.store().list("Note")).isEmpty();
    assertThat(engine.trace("half").rolledBack()).isTrue();
  }

  @Test
  void aRuntimeThatDiesAgainAndAgainIsReplacedEachTime() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "die",
                    action("process.kill(process.pid, \"SIGKILL\"); await new Promise(() => {});"),
                "noop", query("return 1;")));

    for (int i = 0; i < 5; i++) {
      assertThat(failure(engine.call("die"))).startsWith("RUNNER_EXITED 503");
      assertThat(engine.value("noop", Map.of())).isEqualTo(1L);
    }
  }

  // ---- deadlines ----

  @Test
  void aCallBeyondItsDeadlineEndsAloneAndTheRuntimeGoesOn() throws Exception {
    TestEngine engine =
        start(
            Limits.ORDINARY.callTimeout(Duration.ofMillis(300)),
            Map.of(
                "forever", action("await new Promise(() => {});"),
                "pid", query("return process.pid;")));
    Object before = engine.value("pid", Map.of());

    long asked = System.nanoTime();
    Answer answer = engine.call("forever");

    assertThat(failure(answer))
        .isEqualTo("FN_TIMEOUT 504 Function exceeded the configured call timeout");
    assertThat(millisSince(asked)).isBetween(300L, 15_000L);
    assertThat(engine.value("pid", Map.of())).isEqualTo(before);
    assertThat(engine.trace("forever").outcome()).isInstanceOf(Trace.Error.class);
  }

  @Test
  void aMutationBeyondItsDeadlineIsRolledBackAndLetsTheNextOneWrite() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "slow",
                source(
                    "mutation",
                    "timeoutMs: 300",
                    "await ctx.db.insert(\"Note\", { text: \"slow\" }); await new Promise(() => {});"),
                "add",
                mutation("return ctx.db.insert(\"Note\", { text: \"quick\" });")));

    assertThat(failure(engine.call("slow"))).startsWith("FN_TIMEOUT 504");

    value(engine.call("add"));

    assertThat(engine.store().list("Note"))
        .extracting(row -> row.get("text"))
        .containsExactly("quick");
  }

  @Test
  void aNestedCallHasNoMoreTimeThanItsCallerHasLeft() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "outer", source("action", "timeoutMs: 300", "return ctx.runQuery(\"inner\", {});"),
                "inner", query("await new Promise(() => {});")));

    assertThat(failure(engine.call("outer"))).startsWith("FN_TIMEOUT 504");
    // Both are over their time at once; which one says so first is not told.
    Eventually.within(
        SOON,
        () -> engine.traces().stats().containsKey("inner"),
        () -> "no trace of the nested call");
    assertThat(engine.trace("inner").outcome())
        .isInstanceOfSatisfying(
            Trace.Error.class, error -> assertThat(error.code()).isEqualTo("FN_TIMEOUT"));
  }

  @Test
  void aRuntimeThatIsStuckIsKilledAndReplaced() throws Exception {
    TestEngine engine =
        start(
            Limits.ORDINARY.callTimeout(Duration.ofMillis(300)),
            Map.of("spin", query("for (;;);"), "pid", query("return process.pid;")));
    Object before = engine.value("pid", Map.of());

    assertThat(failure(engine.call("spin"))).startsWith("FN_TIMEOUT 504");

    Eventually.within(
        SOON,
        () ->
            engine.call("pid") instanceof Answer.Returned(var pid)
                && !pid.toString().equals(before),
        () -> "still no answer; " + engine.log());
    Eventually.within(
        SOON,
        () -> ProcessHandle.of(((Number) before).longValue()).isEmpty(),
        () -> "the stuck runtime lives");
  }

  @Test
  void aHandlerThatWasGivenUpOnHearsOfIt() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "wait",
                source(
                    "action",
                    "timeoutMs: 300",
                    """
                    const { writeFileSync } = await import("node:fs");
                    ctx.signal.addEventListener("abort", () => writeFileSync(args.told, "told"));
                    await new Promise(() => {});\
                    """)));

    engine.call("wait", Map.of("told", signal().toString()));

    Eventually.within(SOON, () -> Files.exists(signal()), () -> "the signal never came");
  }

  /** What comes after the end of a call is answered, so that its handler ends too. */
  @Test
  void anOperationOfAnEndedCallIsRefused() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "leaves",
                mutation(
                    """
                    setTimeout(() => ctx.db.insert("Note", { text: "late" }).catch((e: any) => {
                      require("node:fs").writeFileSync(args.told, e.code);
                    }), 20);
                    return null;\
                    """)));

    value(engine.call("leaves", Map.of("told", signal().toString())));

    Eventually.within(SOON, () -> Files.exists(signal()), () -> "the late operation hangs");
    assertThat(Files.readString(signal())).isEqualTo("CALL_ENDED");
    assertThat(engine.store().list("Note")).isEmpty();
  }

  // ---- bounds ----

  @Test
  void aCallThatFindsNoPlaceInTimeIsRefused() throws Exception {
    TestEngine engine =
        start(
            Limits.ORDINARY.calls(1, 1).queueTimeout(Duration.ofMillis(300)),
            Map.of("hold", HOLD, "noop", query("return 1;")));
    Future<Answer> held = aside(() -> engine.call("hold", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    long asked = System.nanoTime();
    assertThat(failure(engine.call("noop"))).startsWith("FN_OVERLOADED 503");
    assertThat(millisSince(asked)).isBetween(290L, 8_000L);

    Files.createFile(signal());
    assertThat(value(soon(held))).isEqualTo("held");
    assertThat(engine.value("noop", Map.of())).isEqualTo(1L);
  }

  @Test
  void noMoreCallsWaitThanMayWait() throws Exception {
    TestEngine engine =
        start(Limits.ORDINARY.calls(1, 2), Map.of("hold", HOLD, "noop", query("return 1;")));
    Future<Answer> held = aside(() -> engine.call("hold", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);
    List<Future<Answer>> waiting =
        List.of(aside(() -> engine.call("noop")), aside(() -> engine.call("noop")));
    Eventually.within(SOON, () -> engine.pool().waiting() == 2, () -> "nobody waits");

    long asked = System.nanoTime();
    assertThat(failure(engine.call("noop"))).startsWith("FN_OVERLOADED 503");
    // Who may wait waits ten seconds.
    assertThat(millisSince(asked)).isLessThan(8_000);

    Files.createFile(signal());
    soon(held);
    for (Future<Answer> call : waiting) {
      assertThat(value(soon(call))).isEqualTo(1L);
    }
  }

  @Test
  void callersAreLimitedByFunctionAndAddress() throws Exception {
    TestEngine engine =
        start(
            Limits.ORDINARY.rateMax(3),
            Map.of("noop", query("return 1;"), "other", query("return 1;")));
    for (int i = 0; i < 3; i++) {
      assertThat(engine.value("noop", Map.of())).isEqualTo(1L);
    }

    Answer.Failed refused = (Answer.Failed) engine.call("noop");

    assertThat(failure(refused))
        .isEqualTo("RATE_LIMITED 429 Function \"noop\" rate limit exceeded");
    assertThat((Long) refused.members().get("retry_after_secs")).isBetween(1L, 60L);
    assertThat(engine.value("other", Map.of())).isEqualTo(1L);
    var somebodyElse = new Requester(Identity.ANONYMOUS, Source.HTTP, "r", "192.0.2.7", null);
    FunctionRequest theirs = FunctionRequest.of("noop", RawJson.EMPTY_OBJECT, somebodyElse);
    assertThat(value(engine.functions().call(theirs).answer())).isEqualTo(1L);
  }

  // ---- the end ----

  @Test
  void closingLeavesNoProcess() throws Exception {
    TestEngine engine = start(Map.of("noop", query("return 1;")));
    engine.value("noop", Map.of());
    List<ProcessHandle> children =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
            .toList();
    assertThat(children).isNotEmpty();

    engine.close();

    for (ProcessHandle child : children) {
      Eventually.within(SOON, () -> !child.isAlive(), () -> child + " lives");
    }
  }

  @Test
  void callsAtTheTimeOfTheCloseAreToldAndNewOnesRefused() throws Exception {
    TestEngine engine = start(Map.of("hold", HOLD));
    Future<Answer> held = aside(() -> engine.call("hold", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    engine.close();

    assertThat(failure(soon(held))).matches("(RUNTIME_GONE|RUNNER_EXITED) 503 .*");
    assertThat(failure(engine.call("hold")))
        .matches("(RUNTIME_GONE|RUNNER_NOT_STARTED|FUNCTIONS_NOT_AVAILABLE) 503 .*");
  }

  @Test
  void callsMayFinishWithinTheDrainTime() throws Exception {
    TestEngine engine = start(Map.of("hold", HOLD));
    Future<Answer> held = aside(() -> engine.call("hold", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    Future<?> closing = tasks.submit(() -> engine.functions().close(SOON));
    Files.createFile(signal());

    assertThat(value(soon(held))).isEqualTo("held");
    closing.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
