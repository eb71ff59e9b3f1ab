package dev.pylon.functions;

import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.model.PylonException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls that the handler of one call makes. They take no places, so those that run under one
 * call from outside are counted together, its own and all deeper ones: a handler that calls itself
 * twice has a million of them twenty calls deep. Thread-safe.
 */
final class Nest {
  /** What the handler of the call from outside may ask for at once, of a long list of things. */
  private static final int DIRECT_MAX = 20_000;

  /** What runs deeper, in all: more than this is a handler that multiplies. */
  private static final int DEEPER_MAX = 4_000;

  private final int depth;
  private final Family family;
  private final Set<FunctionCall> inner = ConcurrentHashMap.newKeySet();

  /**
   * @param around the nest of the call that this one is nested in, or null
   */
  Nest(@Nullable Nest around) {
    this.depth = around == null ? 0 : around.depth + 1;
    this.family = around == null ? new Family() : around.family;
  }

  /** How many calls this one is nested in. */
  int depth() {
    return depth;
  }

  /** Those that run. */
  Set<FunctionCall> inner() {
    return inner;
  }

  /**
   * A call begins; {@link #leave} says it is over.
   *
   * @throws PylonException {@code FN_OVERLOADED} where there are too many
   */
  void enter(FunctionCall nested) {
    bound().add(nested.request().function());
    inner.add(nested);
  }

  void leave(FunctionCall nested) {
    inner.remove(nested);
    bound().remove();
  }

  private Bound bound() {
    return depth == 0 ? family.direct : family.deeper;
  }

  /** All calls under one from outside. */
  private static final class Family {
    private final Bound direct = new Bound(DIRECT_MAX);
    private final Bound deeper = new Bound(DEEPER_MAX);
  }

  /** So many and no more. Guarded by itself. */
  private static final class Bound {
    private final int max;
    private int inFlight;

    /** Whether there were too many. Until all are gone no more come, or they would regrow. */
    private boolean culled;

    Bound(int max) {
      this.max = max;
    }

    synchronized void add(String function) {
      if (culled || inFlight >= max) {
        culled = true;
        throw new PylonException(
            FunctionError.FN_OVERLOADED,
            "More than %,d calls ran under one; await some of them, or does \"%s\" call itself?"
                .formatted(max, function));
      }
      inFlight++;
    }

    synchronized void remove() {
      inFlight--;
      culled &= inFlight > 0;
    }
  }
}
