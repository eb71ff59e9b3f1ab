package dev.pylon.functions;

import static dev.pylon.functions.TestEngine.action;
import static dev.pylon.functions.TestEngine.failure;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.query;
import static dev.pylon.functions.TestEngine.source;
import static dev.pylon.functions.TestEngine.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.NeedsBun;
import dev.pylon.db.Database;
import dev.pylon.functions.TestEngine.Limits;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.store.Change;
import dev.pylon.store.StoreError;
import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import dev.pylon.trace.TraceQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a call does and how it ends (functions contract, 5), with real handlers over real rows, on
 * either database.
 */
@NeedsBun
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FunctionsContract {
  private TestEngine engine;

  /** Opens an empty database. */
  abstract Database openDatabase(Path folder);

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    var sources = new LinkedHashMap<String, String>();
    sources.put("echo", query("return args;"));
    sources.put("nothing", query("return undefined;"));
    sources.put("whoAmI", query("return ctx.auth;"));
    sources.put(
        "add",
        mutation(
            """
            const id = await ctx.db.insert("Note", { text: args.text });
            if (args.fail) throw ctx.error("TOO_SAD", "no notes today");
            if (args.crash) throw new Error("secret " + id);
            return id;\
            """));
    sources.put("notes", query("return ctx.db.query(\"Note\", { text: args.text });"));
    sources.put(
        "rename",
        mutation(
            """
            const found = await ctx.db.lookup("Note", "text", args.from);
            await ctx.db.update("Note", found.id, { text: args.to });
            return (await ctx.db.get("Note", found.id)).text;\
            """));
    sources.put("sneaky", query("return (ctx.db as any).insert(\"Note\", { text: \"sneaky\" });"));
    sources.put(
        "catches",
        mutation(
            """
            try {
              await ctx.db.insert("Nowhere", {});
            } catch (e: any) {
              await ctx.db.insert("Note", { text: args.text });
              return e.code;
            }\
            """));
    sources.put(
        "takeEither",
        mutation(
            """
            try {
              await ctx.db.insert("Slot", { name: args.name });
            } catch (e: any) {
              const note = await ctx.db.insert("Note", { text: args.name });
              const slot = await ctx.db.lookup("Slot", "name", args.name);
              return { code: e.code, note, slot: slot.name };
            }
            return null;\
            """));
    sources.put(
        "twice",
        mutation(
            """
            await ctx.db.insert("Slot", { name: args.name });
            await ctx.db.insert("Slot", { name: args.name });\
            """));
    sources.put(
        "announce",
        mutation(
            """
            const id = await ctx.db.insert("Note", { text: args.text });
            const job = await ctx.scheduler.runAfter(1500, "echo", { id, text: args.text });
            if (args.fail) throw ctx.error("NO", "no");
            return job;\
            """));
    sources.put(
        "plan",
        action(
            "await ctx.scheduler.runAfter(10, \"echo\", {}); throw ctx.error(\"LATER\", \"x\");"));
    sources.put("callsQuery", action("return ctx.runQuery(\"echo\", { hi: 1 });"));
    sources.put(
        "actThenFail",
        action(
            """
            await ctx.runMutation("add", { text: args.text });
            throw ctx.error("AFTERWARDS", "too late");\
            """));
    sources.put(
        "passesOn", action("return ctx.runMutation(\"add\", { text: args.text, fail: true });"));
    sources.put(
        "catchesNested",
        action(
            """
            try { await ctx.runMutation("add", { text: args.text, fail: true }); }
            catch (e: any) { return [e.code, e.message]; }\
            """));
    sources.put("runsQueryAsMutation", action("return ctx.runMutation(\"echo\", {});"));
    sources.put("runsUnknown", action("return ctx.runQuery(\"nowhere\", {});"));
    sources.put(
        "mutationInMutation",
        mutation(
            """
            await ctx.db.insert("Note", { text: args.text });
            return (ctx as any).runMutation("add", { text: args.text });\
            """));
    sources.put("nestedWho", action("return ctx.runQuery(\"whoAmI\", {});"));
    sources.put("deep", action("return ctx.runAction(\"deep\", {});"));
    sources.put("writes", action("return ctx.db.insert(\"Note\", { text: args.text });"));
    sources.put("hidden", source("query", "internal: true", "return \"psst\";"));
    sources.put("opensHidden", action("return ctx.runQuery(\"hidden\", {});"));
    sources.put("typed", source("query", "args: { n: v.int() }", "return args.n;"));
    sources.put("talks", query("console.log(\"one\", 2); console.warn(\"two\"); return null;"));
    sources.put(
        "streams", action("ctx.stream.write(\"a\"); ctx.stream.write(\"é\"); return \"end\";"));
    sources.put("big", query("return \"é\".repeat(10_000);"));
    sources.put(
        "many",
        mutation(
            """
            for (let i = 0; i < 600; i++) await ctx.db.get("Note", "none");
            return 600;\
            """));
    sources.put(
        "abyss", query("let a: any = []; for (let i = 0; i < 200; i++) a = [a]; return a;"));
    sources.put("broken", "export default 5 5;");
    engine = TestEngine.start(folder, openDatabase(folder), Limits.ORDINARY, sources);
  }

  @AfterAll
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private Answer call(String function, Object... namesAndValues) {
    var args = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      args.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return engine.call(function, args);
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return Json.asObject((Map<?, ?>) Objects.requireNonNull(value));
  }

  private static String unique() {
    return UUID.randomUUID().toString();
  }

  private int notesOf(String text) {
    return engine.store().query("Note", Map.of("text", text)).size();
  }

  // ---- values ----

  @Test
  void aValueComesBackAsItWasGiven() {
    var args = Map.of("n", 1.5, "list", List.of(1L, "x"), "big", 9_007_199_254_740_991L);

    assertThat(engine.value("echo", args)).isEqualTo(args);
  }

  @Test
  void argumentsNeedNotBeAnObjectForAFunctionThatDeclaresNone() {
    assertThat(
            value(
                engine
                    .functions()
                    .call(
                        FunctionRequest.of(
                            "echo", Json.raw(List.of(1L, 2L)), Identity.ANONYMOUS, Source.HTTP))
                    .answer()))
        .isEqualTo(List.of(1L, 2L));
  }

  @Test
  void returningNothingIsNull() {
    assertThat(engine.value("nothing", Map.of())).isNull();
  }

  // ---- who is asking ----

  @Test
  void anAnonymousCallerIsNullNotUndefined() {
    assertThat(object(engine.value("whoAmI", Map.of())))
        .contains(entry("userId", null), entry("tenantId", null), entry("isAdmin", false));
  }

  @Test
  void aNestedCallIsMadeByTheSameCaller() {
    var caller = new Identity("u_1", true, "org_7", List.of("editor"), false);

    Object seen =
        value(
            engine
                .functions()
                .call(FunctionRequest.of("nestedWho", Json.raw(Map.of()), caller, Source.HTTP))
                .answer());

    assertThat(object(seen))
        .contains(
            entry("userId", "u_1"),
            entry("tenantId", "org_7"),
            entry("isAdmin", true),
            entry("roles", List.of("editor")));
    Trace trace = engine.trace("whoAmI");
    assertThat(trace.userId()).isEqualTo("u_1");
    assertThat(trace.tenantId()).isEqualTo("org_7");
  }

  // ---- mutations ----

  @Test
  void whatAMutationWroteIsThereWhenItReturns() {
    String text = unique();

    Object id = engine.value("add", Map.of("text", text));

    assertThat(engine.store().get("Note", String.valueOf(id)).orElseThrow())
        .containsEntry("text", text);
  }

  @Test
  void aMutationReadsItsOwnWrites() {
    String text = unique();
    engine.value("add", Map.of("text", text));

    assertThat(engine.value("rename", Map.of("from", text, "to", text + "!")))
        .isEqualTo(text + "!");
    assertThat(notesOf(text)).isZero();
  }

  @Test
  void theCallersOwnRowsCommitWithAMutationOrNeither() {
    String kept = unique();
    String gone = unique();
    FunctionRequest request =
        FunctionRequest.of("add", RawJson.EMPTY_OBJECT, Identity.SYSTEM, Source.JOB);

    Answer done =
        engine
            .functions()
            .call(
                request
                    .with(Json.raw(Map.of("text", kept)))
                    .beforeCommit(tx -> tx.insert("Note", Map.of("text", kept))))
            .answer();
    Answer refused =
        engine
            .functions()
            .call(
                request
                    .with(Json.raw(Map.of("text", gone)))
                    .beforeCommit(tx -> {
                      throw new PylonException(FunctionError.CALL_ENDED, "not any more");
                    }))
            .answer();

    assertThat(done).isInstanceOf(Answer.Returned.class);
    assertThat(notesOf(kept)).isEqualTo(2);
    assertThat(failure(refused)).isEqualTo("CALL_ENDED 400 not any more");
    assertThat(notesOf(gone)).isZero();
  }

  @Test
  void whatAFailedMutationWroteIsGone() {
    String text = unique();

    assertThat(failure(call("add", "text", text, "fail", true)))
        .isEqualTo("TOO_SAD 400 no notes today");
    assertThat(notesOf(text)).isZero();
    assertThat(engine.trace("add").rolledBack()).isTrue();
  }

  @Test
  void anAuthorsCodeKeepsItsWordsAndAMistakeDoesNot() {
    Answer.Failed failed = (Answer.Failed) call("add", "text", unique(), "crash", true);

    assertThat(failure(failed)).isEqualTo("HANDLER_ERROR 400 Internal handler error");
    assertThat(failed.detail()).isNotNull();
    assertThat(failed.detail()).extractingByKey("message").asString().startsWith("secret ");
    assertThat(failed.detail()).extractingByKey("file").asString().endsWith("functions/add.ts");
  }

  @Test
  void anOperationThatFailedCanBeCaughtAndTheMutationGoesOn() {
    String text = unique();

    assertThat(value(call("catches", "text", text))).isEqualTo("ENTITY_NOT_FOUND");
    assertThat(notesOf(text)).isEqualTo(1);
  }

  @Test
  void aBrokenConstraintCanBeCaughtAndTheMutationGoesOn() {
    String name = unique();
    assertThat(value(call("takeEither", "name", name))).isNull();

    assertThat(object(value(call("takeEither", "name", name))))
        .containsEntry("code", "INSERT_FAILED")
        .containsEntry("slot", name);

    assertThat(notesOf(name)).isOne();
    assertThat(engine.store().query("Slot", Map.of("name", name))).hasSize(1);
  }

  @Test
  void aUniqueViolationTellsTheHandlerAndRollsBack() {
    String name = unique();

    Answer answer = call("twice", "name", name);

    assertThat(failure(answer))
        .isEqualTo(
            "INSERT_FAILED 400 \"Slot\" has a unique constraint on \"name\","
                + " and another row has the same");
    assertThat(engine.store().lookup("Slot", "name", name)).isEmpty();
  }

  @Test
  void changesAreAnnouncedInTheOrderOfTheOperationsAndOnlyAfterTheCommit() {
    List<Change> announced = new CopyOnWriteArrayList<>();
    String text = unique();
    engine.store().onCommit(announced::addAll);

    call("add", "text", text, "fail", true);
    call("add", "text", text);
    call("rename", "from", text, "to", text + "2");

    assertThat(announced.stream().filter(change -> isAbout(change, text)))
        .extracting(Change::kind)
        .containsExactly(Change.Kind.INSERT, Change.Kind.UPDATE);
  }

  private static boolean isAbout(Change change, String text) {
    return change.data() != null && String.valueOf(change.data().get("text")).startsWith(text);
  }

  // ---- queries ----

  @Test
  void aQueryCannotWrite() {
    assertThat(call("sneaky")).isInstanceOf(Answer.Failed.class);
    assertThat(notesOf("sneaky")).isZero();
  }

  // ---- actions and nested calls ----

  @Test
  void anActionsWritesCommitOneByOne() {
    String text = unique();

    value(call("writes", "text", text));

    assertThat(notesOf(text)).isEqualTo(1);
  }

  @Test
  void aNestedMutationCommitsByItself() {
    String text = unique();

    assertThat(failure(call("actThenFail", "text", text))).isEqualTo("AFTERWARDS 400 too late");
    assertThat(notesOf(text)).isEqualTo(1);
  }

  @Test
  void aNestedFailurePassesThroughUnchanged() {
    assertThat(failure(call("passesOn", "text", unique()))).isEqualTo("TOO_SAD 400 no notes today");
  }

  @Test
  void aNestedFailureCanBeCaught() {
    assertThat(value(call("catchesNested", "text", unique())))
        .isEqualTo(List.of("TOO_SAD", "no notes today"));
  }

  @Test
  void theKindOfANestedFunctionMustFit() {
    assertThat(failure(call("runsQueryAsMutation")))
        .isEqualTo("FN_TYPE_MISMATCH 400 Function \"echo\" is registered as query, not mutation");
  }

  @Test
  void aNestedFunctionThatIsNotThereIsNotFoundWhereverItArises() {
    assertThat(failure(call("runsUnknown"))).startsWith("FN_NOT_FOUND 404 ");
  }

  @Test
  void aMutationInsideAMutationIsRefusedAndRollsBack() {
    String text = unique();

    Answer answer = call("mutationInMutation", "text", text);

    assertThat(answer).isInstanceOf(Answer.Failed.class);
    assertThat(notesOf(text)).isZero();
  }

  @Test
  void callsDoNotNestWithoutEnd() {
    assertThat(failure(call("deep")))
        .startsWith("NESTED_TOO_DEEP 400 Calls are nested more than 32 deep");
  }

  @Test
  void internalFunctionsAreForOtherFunctionsOnly() {
    assertThat(failure(call("hidden")))
        .isEqualTo("FN_NOT_FOUND 404 Function \"hidden\" is not registered");
    assertThat(value(call("opensHidden"))).isEqualTo("psst");
  }

  // ---- scheduling ----

  @Test
  void aJobOfAMutationIsKeptWithItsCommit() {
    String text = unique();

    Object job = value(call("announce", "text", text));

    assertThat(engine.scheduler().jobs())
        .filteredOn(kept -> kept.id().equals(job))
        .singleElement()
        .satisfies(kept -> assertThat(kept.function()).isEqualTo("echo"));
    assertThat(engine.trace("announce").schedules())
        .containsExactly(new Trace.Scheduled("echo", 1_500L, null));
  }

  @Test
  void aJobOfAMutationThatFailsIsNotKept() {
    String text = unique();

    call("announce", "text", text, "fail", true);

    assertThat(engine.scheduler().jobs()).noneMatch(job -> job.args().contains(text));
    assertThat(engine.trace("announce").schedules()).hasSize(1);
  }

  @Test
  void aJobOfAnActionOutlivesItsFailure() {
    assertThat(failure(call("plan"))).isEqualTo("LATER 400 x");
    assertThat(engine.scheduler().jobs())
        .anyMatch(job -> job.function().equals("echo") && job.args().equals("{}"));
  }

  /** A 503 of ours: a job that meets it is tried again, which costs it no attempt. */
  @Test
  void aJobThatCannotBeKeptIsToldToItsHandler() {
    engine
        .scheduler()
        .refuses(new PylonException(StoreError.BEGIN_FAILED, "\"echo\" could not be scheduled"));
    try {
      assertThat(failure(call("plan")))
          .isEqualTo("SCHEDULE_FAILED 503 \"echo\" could not be scheduled");
      assertThat(failure(call("announce", "text", unique()))).startsWith("SCHEDULE_FAILED 503 ");
    } finally {
      engine.scheduler().refuses(null);
    }
  }

  // ---- refusals ----

  @Test
  void argumentsAreCheckedByTheValidators() {
    assertThat(failure(call("typed", "n", "x")))
        .isEqualTo("INVALID_ARGS 400 n: expected number, got string");
    assertThat(failure(call("typed")))
        .isEqualTo("INVALID_ARGS 400 Missing required field \"n\" (type: int)");
  }

  @Test
  void aBrokenFileFailsAlone() {
    assertThat(failure(call("broken")))
        .isEqualTo("FN_LOAD_FAILED 500 Function \"broken\" could not be loaded");
    assertThat(engine.functions().list())
        .filteredOn(function -> function instanceof FunctionInfo.Broken)
        .extracting(FunctionInfo::name)
        .containsExactly("broken");
  }

  @Test
  void aRefusedCallDoesNotPushOutRealTraces() {
    call("nowhere");

    assertThat(engine.traces().recent(TraceQuery.ALL, 1_000))
        .noneMatch(trace -> trace.fnName().equals("nowhere"));
    assertThat(engine.traces().refused(TraceQuery.ALL, 100))
        .anyMatch(trace -> trace.fnName().equals("nowhere"));
  }

  /** A value deeper than we read is a broken frame: its call hears of it at once. */
  @Test
  void aValueNobodyCanReadEndsTheCallAtOnce() {
    long before = System.nanoTime();

    assertThat(failure(call("abyss")))
        .startsWith("PROTOCOL_ERROR 500 The runtime sent a frame that cannot be read: ");
    assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
  }

  // ---- traces ----

  @Test
  void aTraceTellsTheOperationsInTheirOrder() {
    String text = unique();
    engine.value("add", Map.of("text", text));
    engine.value("rename", Map.of("from", text, "to", text));

    Trace trace = engine.trace("rename");

    assertThat(trace.ops()).extracting(Trace.Op::op).containsExactly("lookup", "update", "get");
    assertThat(trace.ops()).extracting(Trace.Op::entity).containsOnly("Note");
    assertThat(trace.ops()).extracting(Trace.Op::rowCount).containsExactly(1, null, 1);
    assertThat(trace.ops())
        .isSortedAccordingTo((a, b) -> Double.compare(a.startMillis(), b.startMillis()));
    assertThat(trace.fnType()).isEqualTo("mutation");
    assertThat(trace.durationMillis()).isPositive();
    assertThat(trace.outcome()).isInstanceOf(Trace.Ok.class);
  }

  @Test
  void aTraceHoldsTheConsoleLinesOfItsHandler() {
    value(call("talks"));

    assertThat(engine.trace("talks").logs())
        .extracting(line -> line.level() + " " + line.text())
        .containsExactly("info one 2", "warn two");
  }

  @Test
  void aTraceOfANestedCallNamesItsCaller() {
    CallOutcome outcome = engine.outcome("callsQuery", Map.of());

    Trace nested = engine.traces().children(outcome.callId()).getFirst();

    assertThat(nested.fnName()).isEqualTo("echo");
    assertThat(nested.source()).isEqualTo(Source.NESTED);
    assertThat(engine.trace("callsQuery").ops()).extracting(Trace.Op::op).containsExactly("run_fn");
  }

  @Test
  void aStreamIsCountedInBytesAndChunks() {
    var heard = new ArrayList<String>();

    CallOutcome outcome =
        engine
            .functions()
            .call(
                TestEngine.request("streams", Map.of()).streamingTo((_, data) -> heard.add(data)));

    assertThat(value(outcome.answer())).isEqualTo("end");
    assertThat(heard).containsExactly("a", "é");
    assertThat(engine.trace("streams").streamChunks()).isEqualTo(2);
    assertThat(engine.trace("streams").streamBytes()).isEqualTo(3);
  }

  @Test
  void aTraceKeepsTheBeginningOfALargeValue() {
    assertThat(value(call("big"))).isEqualTo("é".repeat(10_000));

    Trace trace = engine.trace("big");
    assertThat(trace.valueTruncated()).isTrue();
    assertThat(((Trace.Ok) trace.outcome()).value().size()).isLessThan(9_000);
  }

  @Test
  void aTraceKeepsFiveHundredOperationsAndCountsTheRest() {
    assertThat(value(call("many"))).isEqualTo(600L);

    assertThat(engine.trace("many").ops()).hasSize(500);
    assertThat(engine.trace("many").opsDropped()).isEqualTo(100);
  }

  // ---- many at once ----

  @Test
  void aThousandMixedCallsAllGetTheirOwnAnswer() throws Exception {
    String run = unique();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 1_000; i++) {
        int number = i;
        calls.add(
            tasks.submit(() ->
                switch (number % 4) {
                  case 0 -> Map.of("n", (long) number).equals(value(call("echo", "n", number)));
                  case 1 -> value(call("add", "text", run)) instanceof String;
                  case 2 -> failure(call("add", "text", run, "fail", true)).startsWith("TOO_SAD");
                  default -> Map.of("hi", 1L).equals(value(call("callsQuery")));
                }));
      }
      for (Future<Boolean> call : calls) {
        assertThat(call.get()).isTrue();
      }
    }
    assertThat(notesOf(run)).isEqualTo(250);
  }
}
