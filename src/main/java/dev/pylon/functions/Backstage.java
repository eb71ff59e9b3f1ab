package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.store.Reads;
import dev.pylon.store.Store;
import dev.pylon.store.Transaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What calls need of the engine while they run. Thread-safe. */
final class Backstage {
  /** More functions than this were renamed in the course of a long session. */
  private static final int FORESIGHTS_MAX = 10_000;

  private final Store store;
  private final Scheduler scheduler;
  private final InstantSource clock;
  private final Executor tasks;
  private final BiFunction<FunctionRequest, FunctionCall, Answer> nested;
  private final Predicate<String> quick;

  /** By function. */
  private final Map<String, Foresight> foresights = new ConcurrentHashMap<>();

  /**
   * @param tasks runs work that may wait
   * @param nested runs a request of a handler to its end
   * @param quick whether a function of this name has been quick so far
   */
  Backstage(
      Store store,
      Scheduler scheduler,
      InstantSource clock,
      Executor tasks,
      BiFunction<FunctionRequest, FunctionCall, Answer> nested,
      Predicate<String> quick) {
    this.store = store;
    this.scheduler = scheduler;
    this.clock = clock;
    this.tasks = tasks;
    this.nested = nested;
    this.quick = quick;
  }

  /** Rows outside of a transaction. */
  Reads rows() {
    return store;
  }

  /** Runs quick reads on this thread; false where they would have to wait, and nothing was done. */
  boolean readHere(List<? extends Runnable> reads) {
    return store.tryExecute(reads);
  }

  /** Runs one write of an action in a transaction of its own. */
  StoreOps.Result writeAlone(DbOp.Write op, Deadline patience) {
    return store.write(patience, tx -> StoreOps.apply(op, tx));
  }

  /**
   * Keeps a function for later, as {@code call} asks; the id of the job.
   *
   * @throws PylonException {@code SCHEDULE_FAILED} where it could not be written down
   */
  String schedule(FunctionCall call, RuntimeFrame.Schedule frame) {
    long now = clock.millis();
    Long delay = frame.delayMillis();
    Long at = frame.runAtMillis();
    long due = delay != null ? now + delay : at != null ? Math.max(now, at) : now;
    String id = schedule(call.transaction(), frame, due);
    Rehearsal rehearsal = call.request().rehearsal();
    if (rehearsal != null) {
      rehearsal.scheduled(frame.function(), frame.args(), due);
    }
    return id;
  }

  private String schedule(@Nullable Transaction tx, RuntimeFrame.Schedule frame, long due) {
    try {
      return scheduler.schedule(tx, frame.function(), frame.args(), due);
    } catch (PylonException e) {
      throw e.code().status() < 500
          ? e
          : new PylonException(FunctionError.SCHEDULE_FAILED, e.message(), e);
    }
  }

  boolean cancelSchedule(FunctionCall call, String jobId) {
    boolean cancelled = scheduler.cancel(call.transaction(), jobId);
    Rehearsal rehearsal = call.request().rehearsal();
    if (cancelled && rehearsal != null) {
      rehearsal.cancelled(jobId);
    }
    return cancelled;
  }

  /** Runs a function on behalf of a handler. */
  Answer runNested(FunctionCall caller, RuntimeFrame.RunFunction frame) {
    return nested.apply(
        caller.request().nested(frame.function(), frame.args(), frame.kind()), caller);
  }

  /** What is known of how the calls of a function begin; forgotten with all others now and then. */
  Foresight foresight(String function) {
    Foresight known = foresights.get(function);
    if (known != null) {
      return known;
    }
    if (foresights.size() > FORESIGHTS_MAX) {
      foresights.clear();
    }
    return foresights.computeIfAbsent(function, _ -> new Foresight());
  }

  /** Whether a function has been quick so far. */
  boolean isQuick(String function) {
    return quick.test(function);
  }

  /** Runs work that may wait. */
  void aside(Runnable work) {
    tasks.execute(work);
  }
}
