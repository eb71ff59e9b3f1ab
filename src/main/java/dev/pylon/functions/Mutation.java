package dev.pylon.functions;

import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.runtime.Lease;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.store.Store;
import dev.pylon.store.StoreError;
import dev.pylon.store.Transaction;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A mutation: its handler runs in a transaction, and again from the start in a new one where the
 * store says that others have changed what it read. Each run is a call of its own to the runtime,
 * so that nothing an earlier run still asks for is done; all are one call to whoever made it.
 * Confined to the thread of the call.
 *
 * <p>Where writers take turns, a handler would spend the beginning of its turn on its way to the
 * runtime and back. So a few are sent ahead of their turn, and what they ask waits for it: to a
 * handler its first answer is late, as it would be if it had been sent later.
 */
final class Mutation {
  /**
   * How many may be sent ahead. One on its way is enough to keep the writer at work, and what waits
   * of a few fits into memory.
   */
  static final int AHEAD_MAX = 4;

  private final FunctionCall call;
  private final CallRecorder recorder;
  private final Backstage backstage;
  private final Supplier<String> ids;
  private final Semaphore ahead;
  private boolean isAhead;
  private boolean hasRun;

  /**
   * @param ids names further runs
   * @param ahead who may be sent before its transaction has begun
   */
  Mutation(
      FunctionCall call,
      CallRecorder recorder,
      Backstage backstage,
      Supplier<String> ids,
      Semaphore ahead) {
    this.call = call;
    this.recorder = recorder;
    this.backstage = backstage;
    this.ids = ids;
    this.ahead = ahead;
  }

  /**
   * Runs to the end, and commits where that is a good one.
   *
   * @param patience how long to wait for the writers before us
   * @throws PylonException where the transaction could not be had or not be kept
   */
  Answer run(Store store, Deadline patience) {
    getAhead(patience);
    try {
      if (call.hasEnded()) {
        return call.run(null);
      }
      call.sendAhead();
      Answer answer = store.write(patience, this::inTransaction);
      recorder.committed();
      return answer;
    } catch (RolledBack rolledBack) { // its handler failed, or it was a rehearsal
      recorder.rolledBack();
      return rolledBack.answer;
    } catch (PylonException refusal) {
      recorder.rolledBack();
      PylonException meant = refusal.code() == StoreError.LOCK_FAILED ? tooBusy(refusal) : refusal;
      call.refuse(meant);
      throw meant;
    } finally {
      beginsNow();
    }
  }

  private void getAhead(Deadline patience) {
    try {
      isAhead = ahead.tryAcquire(patience.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PylonException(FunctionError.RUNTIME_GONE, "pylon runtime is shutting down", e);
    }
    if (!isAhead) {
      throw tooBusy(null);
    }
  }

  /** The next one may be sent. */
  private void beginsNow() {
    if (isAhead) {
      isAhead = false;
      ahead.release();
    }
  }

  private static PylonException tooBusy(@Nullable PylonException why) {
    return new PylonException(
            FunctionError.FN_OVERLOADED,
            "Other mutations were writing for longer than a call may wait; try again shortly",
            why)
        .with("retry_after_secs", 1);
  }

  private Answer inTransaction(Transaction tx) throws RolledBack {
    beginsNow();
    Answer answer = hasRun ? runAgain(tx) : call.run(tx);
    hasRun = true;
    if (answer instanceof Answer.Failed failed) {
      throw new RolledBack(failed);
    }
    call.request().beforeCommit().accept(tx);
    Rehearsal rehearsal = call.request().rehearsal();
    if (rehearsal != null) {
      rehearsal.ends(tx.changes());
      throw new RolledBack(answer);
    }
    return answer;
  }

  private Answer runAgain(Transaction tx) {
    if (recorder.hasStreamed()) {
      throw new PylonException(
          StoreError.TX_CONFLICT,
          "Others changed the same rows at the same time, and what was streamed cannot be unsaid");
    }
    if (call.deadline().isPast()) {
      throw new PylonException(
          StoreError.TX_CONFLICT, "Others changed the same rows until the call's time was over");
    }
    recorder.runsAgain();
    Rehearsal rehearsal = call.request().rehearsal();
    if (rehearsal != null) {
      rehearsal.beginsAgain();
    }
    FunctionCall next = call.again(ids.get(), backstage);
    try (Lease lease = call.lease().nested(next)) {
      next.prepare(lease, call.function(), call.deadline());
      return next.run(tx);
    }
  }

  /** Carries an answer out of its transaction, which it rolls back. */
  private static final class RolledBack extends Exception {
    private final transient Answer answer;

    RolledBack(Answer answer) {
      super(null, null, false, false);
      this.answer = answer;
    }
  }
}
