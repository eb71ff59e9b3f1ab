package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The calls in flight on one runtime, by id.
 *
 * <p>Thread-safe. The reader thread {@linkplain #deliver delivers}; whoever starts a call
 * {@linkplain #open opens} its place and {@linkplain #close closes} it when the call has ended.
 */
final class CallTable {
  private final Map<String, RunningCall> calls = new ConcurrentHashMap<>();
  private final CountDownLatch empty = new CountDownLatch(1);
  private volatile boolean shut;
  private volatile boolean gone;

  /** What became of a frame. */
  enum Delivery {
    TAKEN,
    CALL_ENDED
  }

  /** Makes room for {@code call}; false where the runtime takes no new ones. */
  boolean open(RunningCall call) {
    if (shut) {
      return false;
    }
    put(call);
    if (shut && calls.remove(call.id(), call)) {
      return false; // shut meanwhile, and nobody has told the call
    }
    return true;
  }

  /**
   * Makes room for a call nested in one that is here: also while the runtime finishes its calls.
   */
  boolean openNested(RunningCall call) {
    if (gone) {
      return false;
    }
    put(call);
    return !(gone && calls.remove(call.id(), call));
  }

  private void put(RunningCall call) {
    if (calls.putIfAbsent(call.id(), call) != null) {
      throw new IllegalStateException("call id used twice: " + call.id());
    }
  }

  /** Ends the place of a call. Closing it twice does no harm. */
  void close(RunningCall call) {
    calls.remove(call.id(), call);
    if (shut) {
      signalIfEmpty();
    }
  }

  /**
   * Hands a frame to its call. The call's step must not block: every other call waits behind it.
   */
  Delivery deliver(RuntimeFrame.OfCall frame) {
    RunningCall call = calls.get(frame.callId());
    if (call == null) {
      return Delivery.CALL_ENDED;
    }
    call.accept(frame);
    return Delivery.TAKEN;
  }

  int size() {
    return calls.size();
  }

  /** Ends the calls that are past their deadline. */
  void expire(long nowNanos) {
    calls.values().forEach(call -> call.expire(nowNanos));
  }

  /** Lets calls go that may be run elsewhere. */
  void moveAway(long askedNanos, boolean isStuck) {
    calls.values().forEach(call -> call.runtimeLate(askedNanos, isStuck));
  }

  /** Takes no more calls; those in flight go on. */
  void shut() {
    shut = true;
    signalIfEmpty();
  }

  private void signalIfEmpty() {
    if (calls.isEmpty()) {
      empty.countDown();
    }
  }

  /** Waits until a table that was shut holds no more calls. False where the deadline came first. */
  boolean awaitEmpty(Deadline deadline) {
    try {
      return empty.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Takes no more calls and ends those in flight with {@code refusal}. */
  void refuseAll(PylonException refusal) {
    shut = true;
    gone = true;
    for (RunningCall call : List.copyOf(calls.values())) {
      if (calls.remove(call.id(), call)) {
        call.runtimeGone(refusal);
      }
    }
    signalIfEmpty();
  }
}
