package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.functions.runtime.Lease;
import dev.pylon.functions.runtime.Registry;
import dev.pylon.functions.runtime.RuntimePool;
import dev.pylon.functions.runtime.StartException;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.store.Reads;
import dev.pylon.store.Store;
import dev.pylon.store.StoreError;
import dev.pylon.store.Transaction;
import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import dev.pylon.trace.Traces;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs functions, whoever calls: HTTP, other functions, jobs. Thread-safe; {@link #call} blocks and
 * belongs on a virtual thread.
 */
public final class Functions implements AutoCloseable {
  /** Later than any deadline of a call. */
  private static final Duration CALL_MAX = Duration.ofDays(365);

  /** Calls that may be nested in one another; more is a function that calls itself. */
  private static final int DEPTH_MAX = 32;

  /** A runtime that does not answer a probe for so long after a timeout is stuck, not busy. */
  private static final Duration PROBE_PATIENCE = Duration.ofMillis(500);

  private final FunctionSettings settings;
  private final RuntimePool pool;
  private final Store store;
  private final Traces traces;
  private final Scheduler scheduler;
  private final InstantSource clock;
  private final SlidingLog limiter;
  private final AtomicLong callNumbers = new AtomicLong();
  private final ExecutorService tasks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-aside-", 0).factory());
  private final FunctionCall.Backstage backstage = new StoreBackstage();

  /** The pool is closed with the functions; the store is not. */
  public Functions(
      FunctionSettings settings,
      RuntimePool pool,
      Store store,
      Traces traces,
      Scheduler scheduler,
      InstantSource clock) {
    this.settings = settings;
    this.pool = pool;
    this.store = store;
    this.traces = traces;
    this.scheduler = scheduler;
    this.clock = clock;
    this.limiter = new SlidingLog(settings.rateMax(), settings.rateWindow());
  }

  /** What can be called now. */
  public Registry registry() {
    return pool.registry();
  }

  /** The same as a list, followed by the files that could not be loaded. */
  public List<FunctionInfo> list() {
    Registry registry = pool.registry();
    var list = new ArrayList<FunctionInfo>();
    registry.functions().values().forEach(function -> list.add(FunctionInfo.Callable.of(function)));
    registry.failed().values().forEach(failure -> list.add(FunctionInfo.Broken.of(failure)));
    return List.copyOf(list);
  }

  /** Whether a caller from outside may call {@code name}; waits while the functions come up. */
  public boolean isOffered(String name) {
    Definition function = awaitRegistry().functions().get(name);
    return function != null && !function.internal();
  }

  /** Why nothing can be called, if so. */
  public Optional<String> unavailable() {
    return pool.isUp() ? Optional.empty() : Optional.ofNullable(pool.failure());
  }

  /**
   * Waits until functions can be called; false where the deadline came first or the start failed.
   */
  public boolean awaitUp(Deadline deadline) {
    return pool.awaitUp(deadline);
  }

  /**
   * Loads the code anew beside the running one and swaps; no call fails for it.
   *
   * @param environment changes to the functions' environment; a null value removes
   * @throws StartException where the new code did not come up; the old one goes on
   */
  public Reloaded reload(Map<String, @Nullable String> environment) throws StartException {
    Registry before = pool.registry();
    return Reloaded.between(before, pool.reload(environment));
  }

  /**
   * The same, where {@code accept} may say no to what was loaded, given what can be called now:
   * then the old code goes on, and the result is empty.
   */
  public Optional<Reloaded> reload(
      Map<String, @Nullable String> environment, BiPredicate<Registry, Registry> accept)
      throws StartException {
    Registry before = pool.registry();
    return pool.reload(environment, accept).map(after -> Reloaded.between(before, after));
  }

  /** Runs a function to its end. Never throws: every refusal and failure is in the answer. */
  public CallOutcome call(FunctionRequest request) {
    return turnedAway(request).orElseGet(() -> callAdmitted(request));
  }

  /**
   * Asks ahead for a call, so that its door can still refuse in any form: the refusal where there
   * is no such function or the caller is over its limit, else nothing, and the call counts as made.
   */
  public Optional<CallOutcome> turnedAway(FunctionRequest request) {
    @Nullable Definition function = null;
    try {
      function = find(request);
      if (request.source().isOutside()) {
        limit(request);
      }
      return Optional.empty();
    } catch (PylonException refusal) {
      return Optional.of(refused(request, function, refusal));
    }
  }

  /** The same for a refusal of the door itself, such as for arguments that are not JSON. */
  public CallOutcome refused(FunctionRequest request, PylonException refusal) {
    return refused(request, null, refusal);
  }

  private CallOutcome refused(
      FunctionRequest request, @Nullable Definition function, PylonException refusal) {
    var recorder = new CallRecorder(request, nextId(), null, clock.millis());
    return ended(recorder, function, Answer.Failed.of(refusal), true);
  }

  /** Runs a call that was not {@linkplain #turnedAway turned away}. */
  public CallOutcome callAdmitted(FunctionRequest request) {
    return call(request, null);
  }

  /** What is said where a project has no functions. */
  public static PylonException notConfigured() {
    return new PylonException(
        FunctionError.FUNCTIONS_NOT_AVAILABLE, "TypeScript function runtime is not configured");
  }

  /**
   * One attempt, and a second one for a query that another function's endless loop took down with
   * its runtime.
   */
  private CallOutcome call(FunctionRequest request, @Nullable FunctionCall caller) {
    String id = nextId();
    var recorder =
        new CallRecorder(request, id, caller == null ? null : caller.id(), clock.millis());
    var call = new FunctionCall(id, request, recorder, backstage, caller);
    @Nullable Definition function = null;
    Answer answer;
    try {
      function = caller == null ? find(request) : find(request, caller);
      answer = run(call, function, recorder, caller);
    } catch (PylonException refusal) {
      answer = Answer.Failed.of(refusal);
    }
    CallOutcome outcome = ended(recorder, function, answer, caller == null);
    return caller == null && request.attempt() == 1 && call.isBystander()
        ? call(request.attempt(2), null)
        : outcome;
  }

  private String nextId() {
    return "c_" + callNumbers.getAndIncrement();
  }

  private CallOutcome ended(
      CallRecorder recorder, @Nullable Definition function, Answer answer, boolean fromOutside) {
    CallOutcome outcome = recorder.outcome(answer);
    Trace trace = recorder.trace(outcome, function == null ? null : function.kind().wireName());
    if (fromOutside && recorder.neverSent() && isRefusal(answer)) {
      traces.addRefused(trace);
    } else {
      traces.add(trace);
    }
    return outcome;
  }

  /**
   * Whether the caller was turned away, in contrast to a call that our own trouble kept from
   * running.
   */
  private static boolean isRefusal(Answer answer) {
    return answer instanceof Answer.Failed failed && failed.status() < 500;
  }

  private Definition find(FunctionRequest request) {
    Registry registry = awaitRegistry();
    Definition function = registry.functions().get(request.function());
    if (function == null || (function.internal() && request.source().isOutside())) {
      throw notFound(registry, request.function());
    }
    if (request.webhook() != null && function.kind() != FunctionKind.ACTION) {
      throw new PylonException(
          FunctionError.NOT_AN_ACTION,
          "\"%s\" is not an action — only actions can be webhook targets"
              .formatted(function.name()));
    }
    return function;
  }

  private void limit(FunctionRequest request) {
    String user = request.identity().userId();
    String who = user != null ? user : Objects.requireNonNullElse(request.clientAddress(), "anon");
    long wait = limiter.tryAccept(request.function() + "::" + who, System.nanoTime());
    if (wait > 0) {
      throw new PylonException(
              FunctionError.RATE_LIMITED,
              "%s \"%s\" rate limit exceeded"
                  .formatted(
                      request.source() == Source.WEBHOOK ? "Webhook" : "Function",
                      request.function()))
          .with("retry_after_secs", wait);
    }
  }

  private Registry awaitRegistry() {
    if (pool.registry() == Registry.EMPTY) {
      pool.awaitUp(Deadline.after(settings.queueTimeout()));
    }
    return pool.registry();
  }

  private PylonException notFound(Registry registry, String name) {
    LoadFailure failure = registry.failed().get(name);
    if (failure != null) {
      return new PylonException(
              FunctionError.FN_LOAD_FAILED, "Function \"%s\" could not be loaded".formatted(name))
          .with("load_error", failure.text());
    }
    String reason = pool.failure();
    if (reason != null) {
      return new PylonException(
              FunctionError.FUNCTIONS_NOT_AVAILABLE, "TypeScript function runtime is not running")
          .with("reason", reason);
    }
    return new PylonException(
        FunctionError.FN_NOT_FOUND, "Function \"%s\" is not registered".formatted(name));
  }

  private static Definition find(FunctionRequest request, FunctionCall caller) {
    Definition function =
        caller
            .lease()
            .find(request.function())
            .orElseThrow(() ->
                new PylonException(
                    FunctionError.FN_NOT_FOUND,
                    "Function \"%s\" is not registered".formatted(request.function())));
    if (request.kind() != null && request.kind() != function.kind()) {
      throw new PylonException(
          FunctionError.FN_TYPE_MISMATCH,
          "Function \"%s\" is registered as %s, not %s"
              .formatted(function.name(), function.kind().wireName(), request.kind().wireName()));
    }
    if (caller.depth() >= DEPTH_MAX) {
      throw new PylonException(
          FunctionError.FN_OVERLOADED,
          "Calls are nested more than %d deep; does \"%s\" call itself?"
              .formatted(DEPTH_MAX, function.name()));
    }
    refuseForbiddenNesting(function, caller);
    return function;
  }

  private static void refuseForbiddenNesting(Definition function, FunctionCall caller) {
    if (function.kind() == FunctionKind.QUERY) {
      return;
    }
    switch (caller.kind()) {
      case MUTATION ->
          throw new PylonException(
              FunctionError.NESTED_MUTATION,
              ("ctx.runMutation(\"%s\") is not allowed from inside another mutation handler:"
                      + " it would need a transaction of its own inside this one."
                      + " Share the code as a plain function, or call both from an action.")
                  .formatted(function.name()));
      case QUERY ->
          throw new PylonException(
              FunctionError.READ_ONLY,
              "A query cannot run the %s \"%s\""
                  .formatted(function.kind().wireName(), function.name()));
      case ACTION -> {}
    }
  }

  private Answer run(
      FunctionCall call,
      Definition announced,
      CallRecorder recorder,
      @Nullable FunctionCall caller) {
    if (caller == null) {
      return run(call, announced, recorder, pool.lend(call), Deadline.after(CALL_MAX));
    }
    caller.entered(call);
    try {
      return run(call, announced, recorder, caller.lease().nested(call), caller.deadline());
    } finally {
      caller.left(call);
    }
  }

  private Answer run(
      FunctionCall call, Definition announced, CallRecorder recorder, Lease lent, Deadline latest) {
    try (Lease lease = lent) {
      // The runtime that was lent may have loaded newer code than the registry we looked into.
      Definition function = lease.find(announced.name()).orElse(announced);
      Deadline deadline = Deadline.after(timeout(function));
      call.prepare(lease, function, deadline.min(latest));
      Answer answer =
          function.kind() == FunctionKind.MUTATION ? mutate(call, recorder) : call.run(null);
      if (answer instanceof Answer.Failed failed
          && failed.code().equals(FunctionError.FN_TIMEOUT.name())
          && failed.status() == FunctionError.FN_TIMEOUT.status()) {
        tasks.execute(() -> lease.killUnlessAlive(PROBE_PATIENCE, function.name()));
      }
      return answer;
    }
  }

  private Duration timeout(Definition function) {
    Long own = function.timeoutMillis();
    return pool.callTimeout(own == null ? settings.callTimeout() : Duration.ofMillis(own));
  }

  private Answer mutate(FunctionCall call, CallRecorder recorder) {
    Deadline patience = Deadline.after(settings.queueTimeout()).min(call.deadline());
    try {
      Answer answer =
          store.write(
              patience,
              tx -> {
                Answer ended = committable(call.run(tx));
                call.request().beforeCommit().accept(tx);
                return ended;
              });
      recorder.committed();
      return answer;
    } catch (RolledBack rolledBack) {
      recorder.rolledBack();
      return rolledBack.answer;
    } catch (PylonException refusal) {
      recorder.rolledBack();
      if (refusal.code() == StoreError.LOCK_FAILED) {
        throw new PylonException(
                FunctionError.FN_OVERLOADED,
                "Other mutations were writing for longer than a call may wait; try again shortly",
                refusal)
            .with("retry_after_secs", 1);
      }
      throw refusal;
    }
  }

  /** What a transaction may commit: an answer that is no failure. */
  private static Answer committable(Answer answer) throws RolledBack {
    if (answer instanceof Answer.Failed failed) {
      throw new RolledBack(failed);
    }
    return answer;
  }

  /** Carries a handler's failure out of its transaction, which it rolls back. */
  private static final class RolledBack extends Exception {
    private final transient Answer.Failed answer;

    RolledBack(Answer.Failed answer) {
      super(answer.code(), null, false, false);
      this.answer = answer;
    }
  }

  /** Lends no more runtimes, gives the calls in flight {@code drain}, ends the children. Waits. */
  public void close(Duration drain) {
    pool.close(drain);
    tasks.shutdownNow();
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }

  private final class StoreBackstage implements FunctionCall.Backstage {
    @Override
    public Reads rows() {
      return store;
    }

    @Override
    public StoreOps.Result writeAlone(DbOp.Write op, Deadline patience) {
      return store.write(patience, tx -> StoreOps.apply(op, tx));
    }

    @Override
    public String schedule(@Nullable Transaction tx, RuntimeFrame.Schedule frame) {
      long now = clock.millis();
      Long delay = frame.delayMillis();
      Long at = frame.runAtMillis();
      long due = delay != null ? now + delay : at != null ? Math.max(now, at) : now;
      return scheduler.schedule(tx, frame.function(), frame.args(), due);
    }

    @Override
    public boolean cancelSchedule(@Nullable Transaction tx, String jobId) {
      return scheduler.cancel(tx, jobId);
    }

    @Override
    public Answer runNested(FunctionCall caller, RuntimeFrame.RunFunction frame) {
      FunctionRequest nested =
          caller.request().nested(frame.function(), frame.args(), frame.kind());
      return call(nested, caller).answer();
    }

    @Override
    public void aside(Runnable work) {
      tasks.execute(work);
    }
  }
}
