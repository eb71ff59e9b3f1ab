package dev.pylon.functions;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.action;
import static dev.pylon.functions.TestEngine.failure;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.query;
import static dev.pylon.functions.TestEngine.source;
import static dev.pylon.functions.TestEngine.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.functions.TestEngine.Limits;
import dev.pylon.functions.runtime.StartException;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import dev.pylon.trace.TraceQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runtimes that die, hang, are replaced and run full (functions contract, 4), all of them real. */
@NeedsBun
class RuntimePoolTest {
  /** Ends when the test lets it: a file appears. */
  private static final String HOLD =
      action(
          """
          const { existsSync } = await import("node:fs");
          console.log("holding");
          while (!existsSync(args.until)) await new Promise((go) => setTimeout(go, 2));
          return "held";\
          """);

  @TempDir private Path folder;
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable TestEngine started;

  @AfterEach
  void close() {
    tasks.shutdownNow();
    if (started != null) {
      started.close();
    }
  }

  private TestEngine start(Limits limits, Map<String, String> sources) throws Exception {
    TestEngine engine = TestEngine.start(folder, limits, sources);
    started = engine;
    return engine;
  }

  private TestEngine start(Map<String, String> sources) throws Exception {
    return start(Limits.ORDINARY, sources);
  }

  private <R> Future<R> aside(Callable<R> work) {
    return tasks.submit(work);
  }

  private static <R> R soon(Future<R> work) throws Exception {
    return work.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private Path signal() {
    return folder.resolve("go");
  }

  private static void awaitInFlight(TestEngine engine, int calls) {
    Eventually.within(
        SOON,
        () -> engine.pool().inFlight() == calls,
        () -> engine.pool().inFlight() + " calls in flight instead of " + calls);
  }

  // ---- death ----

  @Test
  void theCallsOfAKilledRuntimeHearOfItAtOnceAndTheNextOneIsAnsweredSoon() throws Exception {
    TestEngine engine = start(Map.of("hold", HOLD, "noop", query("return 1;")));
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
    assertThat(millisSince(killed)).as("until the calls heard of it").isLessThan(300);
    assertThat(engine.value("noop", Map.of())).isEqualTo(1L);
    assertThat(millisSince(killed)).as("until the next answer").isLessThan(1_000);
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
    assertThat(millisSince(asked)).isBetween(300L, 1_500L);
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
    long ended = System.nanoTime();
    value(engine.call("add"));

    assertThat(millisSince(ended)).isLessThan(1_000);
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

  /** Some compute for seconds: that is their right, and no reason for the others to wait. */
  @Test
  void whileAHandlerKeepsTheEventLoopNewCallsAreAnsweredElsewhere() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "compute",
                action("const end = Date.now() + 4000; while (Date.now() < end); return 42;"),
                "pid",
                query("return process.pid;")));
    long before = engine.runtime().pid();
    Future<Answer> computing = aside(() -> engine.call("compute"));
    Eventually.within(
        SOON,
        () -> engine.pool().pids().stream().anyMatch(pid -> pid != before),
        () -> "nobody took over; " + engine.log());

    assertThat(engine.value("pid", Map.of())).isNotEqualTo(before);
    assertThat(computing.isDone()).isFalse();

    assertThat(value(soon(computing))).isEqualTo(42L);
    assertThat(engine.trace("compute").attempt()).isEqualTo(1);
  }

  /** Computes for as long as it is told to, and counts how often it was begun. */
  private static final String COMPUTE =
      """
      const { appendFileSync } = await import("node:fs");
      appendFileSync(args.begun, "x");
      const end = Date.now() + args.ms; while (Date.now() < end);
      return process.pid;\
      """;

  private Map<String, Object> computing(int millis) {
    return Map.of("begun", folder.resolve("begun").toString(), "ms", millis);
  }

  private void awaitBegun() {
    Eventually.within(SOON, () -> Files.exists(folder.resolve("begun")), () -> "never begun");
  }

  @Test
  void whatStandsInForALateRuntimeGivesItItsCallsBack() throws Exception {
    TestEngine engine =
        start(Map.of("compute", action(COMPUTE), "pid", query("return process.pid;")));
    Object before = engine.value("pid", Map.of());

    Future<Answer> computing = aside(() -> engine.call("compute", computing(700)));
    awaitBegun();
    Eventually.within(
        SOON,
        () -> computing.isDone() || !engine.value("pid", Map.of()).equals(before),
        engine::log);

    assertThat(computing.isDone()).isFalse();
    assertThat(value(soon(computing))).isEqualTo(before);
    Eventually.within(
        SOON, () -> engine.value("pid", Map.of()).equals(before), () -> "not taken back");
  }

  /** Quick so far, and so hardly the one that keeps the event loop. */
  @Test
  void aQueryInFlightOnALateRuntimeIsRunElsewhereIfItWasQuickSoFar() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "compute",
                action(COMPUTE),
                "held",
                query(
                    """
                    const { existsSync } = await import("node:fs");
                    while (args.until && !existsSync(args.until)) await new Promise((go) => setTimeout(go, 2));
                    return "held";\
                    """)));
    engine.value("held", Map.of());
    Future<Answer> held = aside(() -> engine.call("held", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    Future<Answer> computing = aside(() -> engine.call("compute", computing(4_000)));
    awaitBegun();
    Files.createFile(signal());

    assertThat(value(soon(held))).isEqualTo("held");
    assertThat(computing.isDone()).isFalse();
    assertThat(engine.traces().recent(TraceQuery.ALL, 2))
        .extracting(Trace::attempt)
        .containsExactly(2, 1);
    soon(computing);
  }

  @Test
  void aQueryThatComputesIsRunOnceAndToItsEnd() throws Exception {
    TestEngine engine =
        start(Map.of("compute", query(COMPUTE), "pid", query("return process.pid;")));

    assertThat(value(engine.call("compute", computing(600))))
        .isEqualTo(value(engine.call("compute", computing(300))));

    assertThat(Files.readString(folder.resolve("begun"))).isEqualTo("xx");
    assertThat(engine.traces().recent(TraceQuery.ALL, 9))
        .extracting(Trace::attempt)
        .containsOnly(1);
  }

  /** It keeps all other mutations from writing, and has changed nothing yet. */
  @Test
  void aMutationInFlightOnAStuckRuntimeIsRunElsewhere() throws Exception {
    TestEngine engine =
        start(
            Map.of(
                "compute",
                action(COMPUTE),
                "add",
                mutation(
                    """
                    const { existsSync } = await import("node:fs");
                    await ctx.db.insert("Note", { text: args.until ? "held" : "quick" });
                    while (args.until && !existsSync(args.until)) await new Promise((go) => setTimeout(go, 2));
                    return null;\
                    """)));
    value(engine.call("add"));
    Future<Answer> held = aside(() -> engine.call("add", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    Future<Answer> computing = aside(() -> engine.call("compute", computing(6_000)));
    awaitBegun();
    Future<Answer> next = aside(() -> engine.call("add"));
    Files.createFile(signal());

    value(soon(held));
    value(soon(next));
    assertThat(computing.isDone()).isFalse();
    assertThat(engine.store().list("Note"))
        .extracting(row -> row.get("text"))
        .containsExactlyInAnyOrder("quick", "held", "quick");
    soon(computing);
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

  // ---- reload ----

  @Test
  void aReloadAnswersWithTheNewCodeAndLetsOldCallsFinishOnTheOld() throws Exception {
    TestEngine engine =
        start(Map.of("hold", HOLD, "version", query("return 1;"), "gone", query("return 1;")));
    Future<Answer> old = aside(() -> engine.call("hold", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    engine.write("version", query("return 2;"));
    engine.write("hold", action("return \"new\";"));
    engine.write("more", query("return 1;"));
    engine.delete("gone");
    Reloaded reloaded = engine.functions().reload(Map.of());

    assertThat(reloaded.added()).containsExactly("more");
    assertThat(reloaded.removed()).containsExactly("gone");
    assertThat(engine.value("version", Map.of())).isEqualTo(2L);
    assertThat(engine.value("hold", Map.of())).isEqualTo("new");
    assertThat(failure(engine.call("gone"))).startsWith("FN_NOT_FOUND 404");
    Files.createFile(signal());
    assertThat(value(soon(old))).isEqualTo("held");
  }

  @Test
  void noCallFailsWhileTheCodeIsReloaded() throws Exception {
    TestEngine engine = start(Map.of("version", query("return 0;")));
    var stop = new AtomicBoolean();
    var newest = new AtomicInteger();
    List<Future<Integer>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      callers.add(
          aside(() -> {
            int calls = 0;
            while (!stop.get()) {
              long least = newest.get();
              assertThat((Long) engine.value("version", Map.of())).isGreaterThanOrEqualTo(least);
              calls++;
            }
            return calls;
          }));
    }

    for (int version = 1; version <= 10; version++) {
      engine.write("version", query("return " + version + ";"));
      engine.functions().reload(Map.of());
      newest.set(version);
    }
    stop.set(true);

    for (Future<Integer> caller : callers) {
      assertThat(soon(caller)).isPositive();
    }
    assertThat(engine.value("version", Map.of())).isEqualTo(10L);
  }

  /** Only the first import hangs: what is replaced meanwhile loads the same files. */
  @Test
  void aRuntimeThatDiesWhileNewCodeHangsIsReplacedAtOnce() throws Exception {
    TestEngine engine = start(Map.of("pid", query("return process.pid;")));
    engine.write(
        "hanging",
        """
        import { existsSync, writeFileSync } from "node:fs";
        const mark = process.cwd() + "/imported";
        if (!existsSync(mark)) {
          writeFileSync(mark, "");
          await new Promise(() => {});
        }
        export default { type: "query", handler: () => "imported" };
        """);
    Future<?> reload = aside(() -> engine.functions().reload(Map.of()));
    Eventually.within(SOON, () -> Files.exists(folder.resolve("imported")), () -> "no import");

    engine.runtime().destroyForcibly();

    Eventually.within(SOON, () -> engine.call("hanging") instanceof Answer.Returned, engine::log);
    assertThat(reload.isDone()).isFalse();
  }

  @Test
  void theEnvironmentOfTheNewCodeIsAsAsked() throws Exception {
    TestEngine engine =
        start(Map.of("greeting", query("return process.env.PYLON_TEST_GREETING ?? null;")));
    assertThat(engine.value("greeting", Map.of())).isNull();

    engine.functions().reload(Map.of("PYLON_TEST_GREETING", "hello"));

    assertThat(engine.value("greeting", Map.of())).isEqualTo("hello");
  }

  @Test
  void aReloadThatFailsKeepsTheOldCode() throws Exception {
    TestEngine engine = start(Map.of("version", query("return 1;")));
    Path functions = folder.resolve("functions");

    Files.move(functions, folder.resolve("aside"));
    assertThatThrownBy(() -> engine.functions().reload(Map.of()))
        .isInstanceOf(StartException.class);

    assertThat(engine.value("version", Map.of())).isEqualTo(1L);
    Files.move(folder.resolve("aside"), functions);
    engine.functions().reload(Map.of());
    assertThat(engine.value("version", Map.of())).isEqualTo(1L);
  }

  @Test
  void aFileThatNoLongerLoadsFailsAloneUntilItIsMended() throws Exception {
    TestEngine engine = start(Map.of("a", query("return 1;"), "b", query("return 1;")));

    engine.write("a", "export default query({ handler( });");
    engine.functions().reload(Map.of());

    assertThat(failure(engine.call("a"))).startsWith("FN_LOAD_FAILED 500");
    assertThat(engine.value("b", Map.of())).isEqualTo(1L);
    engine.write("a", query("return 2;"));
    engine.functions().reload(Map.of());
    assertThat(engine.value("a", Map.of())).isEqualTo(2L);
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
    assertThat(millisSince(asked)).isBetween(290L, 2_000L);

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
    assertThat(millisSince(asked)).isLessThan(1_000);

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
