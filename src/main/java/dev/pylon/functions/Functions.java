package dev.pylon.functions;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.runtime.Lease;
import dev.pylon.functions.runtime.Registry;
import dev.pylon.functions.runtime.RuntimePool;
import dev.pylon.functions.runtime.StartException;
import dev.pylon.json.RawJson;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.store.Store;
import dev.pylon.trace.Trace;
import dev.pylon.trace.Traces;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs functions, whoever calls: HTTP, other functions, jobs. Thread-safe; {@link #call} blocks and
 * belongs on a virtual thread.
 */
public final class Functions implements AutoCloseable {
  /** Later than any deadline of a call. */
  private static final Duration CALL_MAX = Duration.ofDays(365);

  /** Runs of one call, where its runtime was stuck or killed for the doing of others. */
  private static final int RUNS_MAX = 3;

  /** A function that took less the last time is hardly what keeps an event loop. */
  private static final double QUICK_MILLIS = 100;

  private final FunctionSettings settings;
  private final RuntimePool pool;
  private final Store store;
  private final Traces traces;
  private final InstantSource clock;
  private final Door door;
  private final AtomicLong callNumbers = new AtomicLong();
  private final Semaphore ahead = new Semaphore(Mutation.AHEAD_MAX, true);
  private final ExecutorService tasks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-aside-", 0).factory());
  private final Backstage backstage;

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
    this.clock = clock;
    this.door = new Door(settings, pool);
    this.backstage = new Backstage(store, scheduler, clock, tasks, this::nested, this::isQuick);
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
    return switch (admit(request, request::args)) {
      case Admission.Denied(CallOutcome outcome) -> outcome;
      case Admission.Granted granted -> run(granted);
    };
  }

  /**
   * Asks ahead for a call, so that its door can still refuse in any form: whether there is such a
   * function, its arguments can be had, and the caller is within its limit; in this order.
   *
   * @param args of the call; what it throws is a refusal
   */
  public Admission admit(FunctionRequest request, Supplier<RawJson> args) {
    @Nullable Definition function = null;
    try {
      function = door.find(request);
      FunctionRequest complete = request.with(args.get());
      if (request.source().isOutside()) {
        door.limit(request);
      }
      return new Admission.Granted(complete, function);
    } catch (PylonException refusal) {
      var recorder = new CallRecorder(request, nextId(), null, clock.millis());
      return new Admission.Denied(ended(recorder, function, Answer.Failed.of(refusal), true));
    }
  }

  /** Runs a call that was let in. */
  public CallOutcome run(Admission.Granted granted) {
    return attempt(granted.request(), granted.function(), RUNS_MAX - 1);
  }

  /** What is said where a project has no functions. */
  public static PylonException notConfigured() {
    return new PylonException(
        FunctionError.FUNCTIONS_NOT_AVAILABLE, "TypeScript function runtime is not configured");
  }

  /** One attempt, and another one where somebody else's handler kept the runtime or ended it. */
  private CallOutcome attempt(FunctionRequest request, Definition function, int runsLeft) {
    String id = nextId();
    var recorder = new CallRecorder(request, id, null, clock.millis());
    var call = new FunctionCall(id, request, recorder, backstage, null);
    if (runsLeft > 0 && request.rehearsal() == null) {
      call.mayMove();
    }
    Answer answer;
    try {
      answer = run(call, function, recorder, pool.lend(call), Deadline.after(CALL_MAX));
    } catch (PylonException refusal) {
      answer = Answer.Failed.of(refusal);
    }
    if (call.tookRuntimeDown()) {
      recorder.tookRuntimeDown();
    }
    CallOutcome outcome = ended(recorder, function, answer, true);
    return runsLeft > 0 && (call.wasMoved() || call.isBystander())
        ? attempt(request.attempt(request.attempt() + 1), function, runsLeft - 1)
        : outcome;
  }

  private boolean isQuick(String function) {
    return traces
        .newestReturned(function)
        .filter(trace -> trace.durationMillis() < QUICK_MILLIS)
        .isPresent();
  }

  /** A call that the handler of {@code caller} makes, on its runtime and in its time. */
  private Answer nested(FunctionRequest request, FunctionCall caller) {
    String id = nextId();
    var recorder = new CallRecorder(request, id, caller.id(), clock.millis());
    var call = new FunctionCall(id, request, recorder, backstage, caller);
    @Nullable Definition function = null;
    Answer answer;
    try {
      function = Door.find(request, caller);
      answer = nested(call, function, recorder, caller);
    } catch (PylonException refusal) {
      answer = Answer.Failed.of(refusal);
    }
    return ended(recorder, function, answer, false).answer();
  }

  private Answer nested(
      FunctionCall call, Definition function, CallRecorder recorder, FunctionCall caller) {
    caller.nest().enter(call);
    try {
      return run(call, function, recorder, caller.lease().nested(call), caller.deadline());
    } finally {
      caller.nest().leave(call);
    }
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
        lease.timedOut(function.name(), tasks);
      }
      return answer;
    }
  }

  private Duration timeout(Definition function) {
    Long own = function.timeoutMillis();
    return pool.callTimeout(
        own == null
            ? settings.callTimeout()
            : Duration.ofMillis(Math.min(own, CALL_MAX.toMillis())));
  }

  private Answer mutate(FunctionCall call, CallRecorder recorder) {
    Deadline patience = Deadline.after(settings.queueTimeout()).min(call.deadline());
    return new Mutation(call, recorder, backstage, this::nextId, ahead).run(store, patience);
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
}
