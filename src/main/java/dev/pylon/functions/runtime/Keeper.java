package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.RuntimeFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings runtimes up, replaces and retires them.
 *
 * <p>Two kinds of change. A whole generation is loaded by one thread, one after the other, so that
 * there is never a question whose code is newer. A single runtime that died, or is stuck, is
 * replaced aside, at the same time: a load may take seconds, where a module waits for something,
 * and callers shall not wait for it with an empty place. What comes too late, because a newer
 * generation stands by then, is retired.
 *
 * <p>Thread-safe.
 */
final class Keeper {
  private static final Duration RETRY_MIN = Duration.ofMillis(100);
  private static final Duration RETRY_MAX = Duration.ofSeconds(5);

  /** A runtime that ends sooner may end again as soon as it has started. */
  private static final Duration YOUTH = Duration.ofSeconds(1);

  /** Between two runtimes that died young; callers still wait so long. */
  private static final Duration RELAPSE_MAX = Duration.ofSeconds(1);

  /**
   * The standby after a load is started this much later: starting it takes a core for 40 ms, which
   * the first answers of the new code would wait for.
   */
  private static final Duration FIRST_CALLS = Duration.ofMillis(60);

  /** A handler that keeps the event loop for longer is left alone with it. */
  private static final Duration STUCK = Duration.ofSeconds(1);

  /** Stuck runtimes that are left alone at a time: each costs a process. */
  private static final int STUCK_MAX = 2;

  /** What has stood in stays for as long after, for who computes once computes again. */
  private static final Duration STANDING_IN = Duration.ofSeconds(30);

  private final RuntimeSpec spec;
  private final RuntimeListener listener;
  private final ScheduledExecutorService ticker;
  private final Roster roster;
  private final Starter starter;
  private final Set<ChildRuntime> retiring = ConcurrentHashMap.newKeySet();
  private final ExecutorService generations =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("runtime-keeper").factory());
  private final ExecutorService asides =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("runtime-aside-", 0).factory());
  private final Set<CompletableFuture<Optional<Registry>>> reloads = ConcurrentHashMap.newKeySet();
  private final AtomicInteger diedYoung = new AtomicInteger();

  private final AtomicBoolean standInComes = new AtomicBoolean();

  /** When a runtime was late last. Confined to the ticker. */
  private long lateNanos;

  private final Weighing weighing = new Weighing(System.nanoTime());

  private volatile Duration retry = RETRY_MIN;

  Keeper(
      RuntimeSpec spec, RuntimeListener listener, ScheduledExecutorService ticker, Roster roster) {
    this.spec = spec;
    this.listener = listener;
    this.ticker = ticker;
    this.roster = roster;
    this.starter = new Starter(spec, listener, this::ended);
  }

  /** Brings up the first generation in the background, and tries until it is up. */
  void start() {
    on(generations, this::startOrRetry);
  }

  /** Runtimes that finish their calls and take no more. */
  Set<ChildRuntime> retiring() {
    return retiring;
  }

  /** Loads the code anew and swaps, where {@code accept} agrees; waits for the outcome. */
  Optional<Registry> reload(
      Map<String, @Nullable String> next, BiPredicate<Registry, Registry> accept)
      throws StartException {
    var outcome = new CompletableFuture<Optional<Registry>>();
    reloads.add(outcome);
    on(
        generations,
        () -> {
          starter.environment(next);
          try {
            outcome.complete(swap(accept));
          } catch (StartException e) {
            outcome.completeExceptionally(e);
          }
        });
    if (roster.isClosed()) {
      outcome.completeExceptionally(shuttingDown());
    }
    try {
      return outcome.get(3 * RuntimeSpec.HANDSHAKE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StartException failed
          ? failed
          : new StartException(String.valueOf(e.getMessage()), e);
    } catch (TimeoutException e) {
      throw new StartException("the reload took too long", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while reloading", e);
    } finally {
      reloads.remove(outcome);
    }
  }

  private static StartException shuttingDown() {
    return new StartException("the server is shutting down");
  }

  private static void on(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      // Closed: nothing is brought up or replaced any more.
    }
  }

  private void later(Executor executor, Runnable work, Duration pause) {
    try {
      var unused =
          ticker.schedule(() -> on(executor, work), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Closed: nothing is brought up or replaced any more.
    }
  }

  // ---- generations ----

  private void startOrRetry() {
    if (roster.isClosed() || roster.isUp()) {
      return;
    }
    try {
      swap((before, after) -> true);
    } catch (StartException e) {
      if (roster.isClosed()) {
        return;
      }
      Duration pause = retry;
      retry = pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
      roster.fail(String.valueOf(e.getMessage()));
      listener.startFailed(String.valueOf(e.getMessage()), pause.toMillis());
      later(generations, this::startOrRetry, pause);
    }
  }

  /** Brings up a new generation and makes it the current one, if it is acceptable. */
  private Optional<Registry> swap(BiPredicate<Registry, Registry> accept) throws StartException {
    var runtimes = new ArrayList<ChildRuntime>();
    RuntimeFrame.@Nullable Ready ready = null;
    try {
      for (int i = 0; i < spec.workers(); i++) {
        Starter.Loaded loaded = starter.load();
        runtimes.add(loaded.runtime());
        ready = loaded.ready();
      }
    } catch (StartException e) {
      runtimes.forEach(runtime -> retire(runtime, Duration.ZERO));
      throw e;
    }
    Registry registry = ready == null ? Registry.EMPTY : Registry.of(ready);
    Generation old =
        accept.test(roster.registry(), registry)
            ? roster.publish(Generation.of(runtimes, registry, spec))
            : null;
    if (old == null) {
      runtimes.forEach(runtime -> retire(runtime, Duration.ZERO));
      starter.refill();
      return Optional.empty();
    }
    runtimes.forEach(this::replaceIfGone);
    old.dismissWaiting();
    old.all().forEach(runtime -> retire(runtime, spec.drain()));
    retry = RETRY_MIN;
    if (ready != null) {
      listener.loaded(ready.functions().size(), ready.failed());
    }
    later(asides, starter::refill, FIRST_CALLS);
    return Optional.of(registry);
  }

  // ---- single runtimes ----

  /** A runtime has ended: of the current generation it is replaced, a standby is refilled. */
  private void ended(ChildRuntime runtime) {
    if (starter.lost(runtime)) {
      later(asides, starter::refill, RETRY_MIN);
    } else if (roster.has(runtime)) {
      replace(runtime);
    } else {
      roster.dropStandIn(runtime);
    }
  }

  /** At once, but for those that follow each other in dying young: such a runtime must not spin. */
  private void replace(ChildRuntime dead) {
    boolean young = dead.age().compareTo(YOUTH) < 0;
    int inARow = young ? diedYoung.incrementAndGet() : 0;
    if (inARow == 0) {
      diedYoung.set(0);
    }
    if (inARow <= 1) {
      on(asides, () -> bringBack(dead));
      return;
    }
    Duration pause = RETRY_MIN.multipliedBy(1L << Math.min(inARow - 2, 10));
    later(asides, () -> bringBack(dead), pause.compareTo(RELAPSE_MAX) < 0 ? pause : RELAPSE_MAX);
  }

  private void bringBack(ChildRuntime dead) {
    if (roster.isClosed() || !roster.has(dead)) {
      return;
    }
    try {
      putInPlaceOf(dead);
      retry = RETRY_MIN;
    } catch (StartException e) {
      if (roster.isUp()) {
        later(asides, () -> bringBack(dead), RETRY_MAX);
      } else {
        on(generations, this::startOrRetry);
      }
    }
  }

  // ---- runtimes that are late ----

  /**
   * Looks after runtimes whose event loop some handler keeps. At first another one only stands in:
   * for the calls to come, and for those that may be moved; as soon as the late one answers it has
   * its calls again. One that is stuck for longer loses its place to it, and ends its calls as it
   * can. Nobody is killed for computing. On the ticker.
   */
  void look(Generation generation, long nowNanos) {
    Weighing.Turn turn = weighing.next(nowNanos);
    if (turn != Weighing.Turn.NOBODY) {
      generation.all().forEach(runtime -> weigh(runtime, turn));
      retiring.forEach(runtime -> weigh(runtime, turn));
    }
    for (ChildRuntime runtime : generation.runtimes()) {
      if (runtime.isAlive() && runtime.isLate()) {
        lateNanos = nowNanos;
        lookAfter(runtime, generation, runtime.silence(nowNanos).compareTo(STUCK) >= 0);
      }
    }
    Starter.Loaded standIn = generation.standIn();
    if (standIn != null
        && standIn.runtime().inFlight() == 0
        && nowNanos - lateNanos > STANDING_IN.toNanos()) {
      dropStandIn(standIn.runtime());
    }
  }

  /**
   * One that holds more memory than it may is ended, and those who wait for it hear of it, before
   * the system ends somebody else for want of memory.
   */
  private void weigh(ChildRuntime runtime, Weighing.Turn turn) {
    if (turn.isOf(runtime.inFlight()) && runtime.outgrows(spec.memoryBytesMax())) {
      listener.log(
          "error",
          "a runtime held more than %,d MiB of memory and was ended (PYLON_FN_MEMORY_MAX)"
              .formatted(spec.memoryBytesMax() >> 20));
      on(asides, runtime::endOutgrown);
    }
  }

  private void lookAfter(ChildRuntime late, Generation generation, boolean isStuck) {
    Starter.Loaded standIn = generation.standIn();
    if (standIn == null) {
      bringStandIn(generation);
    } else if (generation.hasStandIn()) {
      late.moveAway(isStuck);
      if (isStuck && mayBeLeftAlone() && promoteStandIn(late)) {
        retire(late, spec.drain());
      }
    } else if (mayBeLeftAlone()) {
      dropStandIn(standIn.runtime()); // it is late itself
    }
  }

  private boolean mayBeLeftAlone() {
    return retiring.stream().filter(ChildRuntime::isLate).count() < STUCK_MAX;
  }

  private void dropStandIn(ChildRuntime runtime) {
    if (roster.dropStandIn(runtime)) {
      retire(runtime, spec.drain());
    }
  }

  private void bringStandIn(Generation generation) {
    if (!standInComes.compareAndSet(false, true)) {
      return;
    }
    on(
        asides,
        () -> {
          try {
            Starter.Loaded fresh = starter.load();
            if (!roster.addStandIn(generation.places(), fresh) || fresh.runtime().hasEnded()) {
              roster.dropStandIn(fresh.runtime());
              retire(fresh.runtime(), Duration.ZERO);
            }
            standInComes.set(false);
          } catch (StartException e) {
            listener.log("error", "no runtime could be had beside a late one: " + e.getMessage());
            later(asides, () -> standInComes.set(false), RETRY_MAX);
          }
          // Not at once: a start takes from those who wait what little the loop leaves them.
          later(asides, starter::refill, STUCK);
        });
  }

  private boolean promoteStandIn(ChildRuntime old) {
    ChildRuntime promoted = roster.promoteStandIn(old);
    if (promoted == null) {
      return false;
    }
    replaceIfGone(promoted);
    return true;
  }

  private void putInPlaceOf(ChildRuntime old) throws StartException {
    if (promoteStandIn(old)) {
      return;
    }
    Starter.Loaded fresh = starter.load();
    if (roster.replace(old, fresh.runtime(), fresh.registry())) {
      replaceIfGone(fresh.runtime());
    } else {
      retire(fresh.runtime(), Duration.ZERO);
    }
    starter.refill();
  }

  /** One that ended before it had its place was nobody's to replace when it did. */
  private void replaceIfGone(ChildRuntime fresh) {
    if (fresh.hasEnded()) {
      replace(fresh);
    }
  }

  private void retire(ChildRuntime runtime, Duration drain) {
    retiring.add(runtime);
    try {
      asides.execute(() -> {
        runtime.retire(drain);
        retiring.remove(runtime);
      });
    } catch (RejectedExecutionException e) {
      // Closed while it was loading.
      runtime.dismiss(Duration.ZERO);
    }
  }

  /** Gives the calls in flight {@code drain}, then ends every child. Waits for it. */
  void close(Duration drain) {
    generations.shutdownNow();
    reloads.forEach(outcome -> outcome.completeExceptionally(shuttingDown()));
    roster.current().all().forEach(runtime -> retire(runtime, drain));
    starter.close().ifPresent(standby -> retire(standby, Duration.ZERO));
    asides.shutdown();
    for (ExecutorService executor : List.of(generations, asides)) {
      awaitEnd(executor, drain.plusSeconds(4));
    }
  }

  private static void awaitEnd(ExecutorService executor, Duration patience) {
    try {
      if (!executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
