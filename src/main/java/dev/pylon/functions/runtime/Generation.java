package dev.pylon.functions.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runtimes that loaded together, what they loaded, and a permit for each call they may have.
 *
 * <p>Places belong to a generation: calls that still run on the old code do not keep anybody from
 * the new. A foreign runtime has one: its frames may collide (functions contract, 2.1).
 */
record Generation(List<ChildRuntime> runtimes, Registry registry, Semaphore places) {
  /** Permits that let everybody go on who waits for a place in a generation that is over. */
  private static final int EVERYBODY = 1_000_000;

  static Generation of(List<ChildRuntime> runtimes, Registry registry, RuntimeSpec spec) {
    int places = spec.builtIn() ? spec.callsMax() * spec.workers() : spec.workers();
    return new Generation(List.copyOf(runtimes), registry, new Semaphore(places));
  }

  /** The same after one of its runtimes was replaced. */
  Generation with(ChildRuntime fresh, ChildRuntime dead, Registry loaded) {
    var changed = new ArrayList<>(runtimes);
    changed.set(changed.indexOf(dead), fresh);
    return new Generation(List.copyOf(changed), loaded, places);
  }

  /** The runtime to ask next, or null where none is up. */
  @Nullable ChildRuntime leastBusy() {
    if (runtimes.size() == 1) {
      ChildRuntime only = runtimes.getFirst();
      return only.isAlive() ? only : null;
    }
    ChildRuntime best = null;
    int least = Integer.MAX_VALUE;
    for (ChildRuntime runtime : runtimes) {
      int inFlight = runtime.inFlight();
      if (runtime.isAlive() && inFlight < least) {
        best = runtime;
        least = inFlight;
      }
    }
    return best;
  }

  /** Sends whoever waits for a place here to look for the next generation. */
  void dismissWaiting() {
    places.release(EVERYBODY);
  }
}
