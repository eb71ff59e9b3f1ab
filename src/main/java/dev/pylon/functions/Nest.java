package dev.pylon.functions;

import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.model.PylonException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls that the handler of one call makes. They take no places, so all that run under one call
 * from outside, at whatever depth, are counted together: a handler that calls itself twice has a
 * million of them twenty calls deep. Thread-safe.
 */
final class Nest {
  /** A handler may well ask for thousands at once; more than this is one that multiplies. */
  private static final int IN_FLIGHT_MAX = 4_000;

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
    family.add(nested.request().function());
    inner.add(nested);
  }

  void leave(FunctionCall nested) {
    inner.remove(nested);
    family.remove();
  }

  /** All calls under one from outside. Guarded by itself. */
  private static final class Family {
    private int inFlight;

    /** Whether there were too many. Until all are gone no more come, or they would regrow. */
    private boolean culled;

    synchronized void add(String function) {
      if (culled || inFlight >= IN_FLIGHT_MAX) {
        culled = true;
        throw new PylonException(
            FunctionError.FN_OVERLOADED,
            "More than %,d calls ran under one; await some of them, or does \"%s\" call itself?"
                .formatted(IN_FLIGHT_MAX, function));
      }
      inFlight++;
    }

    synchronized void remove() {
      inFlight--;
      culled &= inFlight > 0;
    }
  }
}
