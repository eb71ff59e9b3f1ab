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
 *
 * @param standIn takes the calls while all others are late, or null
 */
record Generation(
    List<ChildRuntime> runtimes,
    Registry registry,
    Semaphore places,
    Starter.@Nullable Loaded standIn) {
  /** Permits that let everybody go on who waits for a place in a generation that is over. */
  private static final int EVERYBODY = 1_000_000;

  static Generation of(List<ChildRuntime> runtimes, Registry registry, RuntimeSpec spec) {
    int places = spec.builtIn() ? spec.callsMax() * spec.workers() : spec.workers();
    return new Generation(List.copyOf(runtimes), registry, new Semaphore(places), null);
  }

  /** The same after one of its runtimes was replaced. */
  Generation with(ChildRuntime fresh, ChildRuntime dead, Registry loaded) {
    var changed = new ArrayList<>(runtimes);
    changed.set(changed.indexOf(dead), fresh);
    return new Generation(List.copyOf(changed), loaded, places, standIn);
  }

  /** The same with another one to stand in, or none. */
  Generation with(Starter.@Nullable Loaded other) {
    return new Generation(runtimes, registry, places, other);
  }

  /** All that may have calls. */
  List<ChildRuntime> all() {
    if (standIn == null) {
      return runtimes;
    }
    var all = new ArrayList<>(runtimes);
    all.add(standIn.runtime());
    return all;
  }

  /** What {@code runtime}, one of these, has loaded. */
  Registry loadedBy(ChildRuntime runtime) {
    return standIn != null && standIn.runtime() == runtime ? standIn.registry() : registry;
  }

  /**
   * The runtime to ask next, or null where none is up: the one with the fewest calls of those that
   * are not late, else the one that stands in, else whoever is alive.
   */
  @Nullable ChildRuntime leastBusy() {
    if (runtimes.size() == 1) {
      ChildRuntime only = runtimes.getFirst();
      return only.isAlive() && !only.isLate() ? only : standInOr(only.isAlive() ? only : null);
    }
    ChildRuntime best = null;
    ChildRuntime late = null;
    int least = Integer.MAX_VALUE;
    for (ChildRuntime runtime : runtimes) {
      int inFlight = runtime.inFlight();
      if (runtime.isAlive() && runtime.isLate()) {
        late = runtime;
      } else if (runtime.isAlive() && inFlight < least) {
        best = runtime;
        least = inFlight;
      }
    }
    return best != null ? best : standInOr(late);
  }

  private @Nullable ChildRuntime standInOr(@Nullable ChildRuntime late) {
    return hasStandIn() && standIn != null ? standIn.runtime() : late;
  }

  /** Whether one stands in and can take calls. */
  boolean hasStandIn() {
    return standIn != null && standIn.runtime().isAlive() && !standIn.runtime().isLate();
  }

  /** Sends whoever waits for a place here to look for the next generation. */
  void dismissWaiting() {
    places.release(EVERYBODY);
  }
}
