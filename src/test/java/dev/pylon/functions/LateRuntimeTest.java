package dev.pylon.functions;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.action;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.query;
import static dev.pylon.functions.TestEngine.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.functions.TestEngine.Limits;
import dev.pylon.trace.Trace;
import dev.pylon.trace.TraceQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A runtime whose event loop a handler keeps: what becomes of the calls of others. */
@NeedsBun
class LateRuntimeTest extends EngineDesk {
  /** Computes until a file appears, and counts how often it was begun. */
  private static final String COMPUTE =
      """
      const { appendFileSync, existsSync } = await import("node:fs");
      appendFileSync(args.begun, "x");
      while (!existsSync(args.until));
      return process.pid;\
      """;

  /** Nothing here may be ended by its deadline: the machine may be slow. */
  private static final Limits PATIENT = Limits.ORDINARY.callTimeout(Duration.ofSeconds(50));

  private Map<String, Object> computing(Path until) {
    return Map.of("begun", folder.resolve("begun").toString(), "until", until.toString());
  }

  private void awaitBegun() {
    Eventually.within(SOON, () -> Files.exists(folder.resolve("begun")), () -> "never begun");
  }

  /** Calls {@code function} until it is known to be quick, which its first call need not be. */
  private static void warmUp(TestEngine engine, String function) {
    Eventually.within(
        SOON,
        () -> {
          value(engine.call(function));
          return engine.trace(function).durationMillis() < 50;
        },
        () -> engine.trace(function));
  }

  /** Some compute for seconds: that is their right, and no reason for the others to wait. */
  @Test
  void whileAHandlerKeepsTheEventLoopNewCallsAreAnsweredElsewhere() throws Exception {
    TestEngine engine =
        start(PATIENT, Map.of("compute", action(COMPUTE), "pid", query("return process.pid;")));
    long before = engine.runtime().pid();
    Future<Answer> computing = aside(() -> engine.call("compute", computing(signal())));
    Eventually.within(
        SOON,
        () -> engine.pool().pids().stream().anyMatch(pid -> pid != before),
        () -> "nobody took over; " + engine.log());

    assertThat(engine.value("pid", Map.of())).isNotEqualTo(before);
    assertThat(computing.isDone()).isFalse();

    Files.createFile(signal());
    assertThat(value(soon(computing))).isEqualTo(before);
    assertThat(engine.trace("compute").attempt()).isEqualTo(1);
  }

  @Test
  void whatStandsInForALateRuntimeGivesItItsCallsBack() throws Exception {
    TestEngine engine =
        start(PATIENT, Map.of("compute", action(COMPUTE), "pid", query("return process.pid;")));
    warmUp(engine, "pid");
    Object before = engine.value("pid", Map.of());

    Future<Answer> computing = aside(() -> engine.call("compute", computing(signal())));
    awaitBegun();
    Eventually.within(SOON, () -> !engine.value("pid", Map.of()).equals(before), engine::log);

    assertThat(computing.isDone()).isFalse();
    Files.createFile(signal());
    assertThat(value(soon(computing))).isEqualTo(before);
    Eventually.within(
        SOON, () -> engine.value("pid", Map.of()).equals(before), () -> "not taken back");
  }

  /** Quick so far, and so hardly the one that keeps the event loop. */
  @Test
  void aQueryInFlightOnALateRuntimeIsRunElsewhereIfItWasQuickSoFar() throws Exception {
    TestEngine engine =
        start(
            PATIENT,
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
    warmUp(engine, "held");
    Future<Answer> held = aside(() -> engine.call("held", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    Path computed = folder.resolve("computed");
    Future<Answer> computing = aside(() -> engine.call("compute", computing(computed)));
    awaitBegun();
    Files.createFile(signal());

    assertThat(value(soon(held))).isEqualTo("held");
    assertThat(computing.isDone()).isFalse();
    assertThat(engine.traces().recent(TraceQuery.ALL, 2))
        .extracting(Trace::attempt)
        .containsExactly(2, 1);
    Files.createFile(computed);
    soon(computing);
  }

  /** It was not quick the first time, and nobody knows what it is the second. */
  @Test
  void aQueryThatComputesIsRunOnceAndToItsEnd() throws Exception {
    TestEngine engine =
        start(
            PATIENT,
            Map.of(
                "compute",
                query(
                    """
                    const { appendFileSync } = await import("node:fs");
                    appendFileSync(args.begun, "x");
                    const end = Date.now() + 600; while (Date.now() < end);
                    return "computed";\
                    """)));
    Map<String, Object> args = Map.of("begun", folder.resolve("begun").toString());

    assertThat(value(engine.call("compute", args))).isEqualTo("computed");
    assertThat(value(engine.call("compute", args))).isEqualTo("computed");

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
            PATIENT,
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
    warmUp(engine, "add");
    int before = engine.store().list("Note").size();
    Future<Answer> held = aside(() -> engine.call("add", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    Path computed = folder.resolve("computed");
    Future<Answer> computing = aside(() -> engine.call("compute", computing(computed)));
    awaitBegun();
    Future<Answer> next = aside(() -> engine.call("add"));
    Files.createFile(signal());

    value(soon(held));
    value(soon(next));
    assertThat(computing.isDone()).isFalse();
    assertThat(engine.store().list("Note"))
        .hasSize(before + 2)
        .extracting(row -> row.get("text"))
        .containsOnlyOnce("held");
    Files.createFile(computed);
    soon(computing);
  }
}
