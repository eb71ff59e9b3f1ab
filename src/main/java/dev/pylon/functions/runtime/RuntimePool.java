package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The runtimes that answer calls, and one on standby.
 *
 * <p>How it works. A <em>generation</em> is the set of runtimes that loaded the code together;
 * calls go to the least busy runtime of the current one. Everything that changes the set – the
 * first start, a reload, the replacement of a runtime that died – is done by one <em>keeper</em>
 * thread, one thing after the other, so that there is never a question who may start or swap. A
 * reload takes the runtime on standby (booted, user code not yet imported), lets it load, and only
 * when it has said {@code ready} becomes the new generation the current one; the old one finishes
 * its calls aside. A runtime that dies is replaced from the standby in the same way: at once, or
 * after a pause that grows while starts keep failing or runtimes keep dying young.
 *
 * <p>Lending is lock-free while a runtime is up: a place (a permit of the generation), then an
 * entry in the runtime's table. The entry is what counts: a runtime that has been retired or has
 * died refuses it, and the next one is asked. Callers wait for a place, or on {@code changed} when
 * no runtime is up, with one patience for both.
 *
 * <p>Thread-safe.
 */
public final class RuntimePool implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RuntimePool.class.getName());

  private static final Duration RETRY_MIN = Duration.ofMillis(100);
  private static final Duration RETRY_MAX = Duration.ofSeconds(5);

  /** How late a deadline may be noticed. */
  private static final long EXPIRY_MILLIS = 25;

  /** A runtime that ends sooner may end again as soon as it has started. */
  private static final Duration YOUTH = Duration.ofSeconds(1);

  /** Between two runtimes that died young; callers still wait so long. */
  private static final Duration RELAPSE_MAX = Duration.ofSeconds(1);

  /**
   * A foreign runtime gives up an answer of ours after 60 s and its call with it: we are earlier.
   */
  private static final Duration FOREIGN_CALL_MAX = Duration.ofSeconds(55);

  private final RuntimeSpec spec;
  private final RuntimeListener listener;
  private final Set<ChildRuntime> retiring = ConcurrentHashMap.newKeySet();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ExecutorService keeper =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("runtime-keeper").factory());
  private final ExecutorService retirements = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService ticker;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Generation current;
  private volatile @Nullable String failure;
  private volatile boolean closed;

  // Confined to the keeper.
  private final Starter starter;
  private Duration retry = RETRY_MIN;
  private int diedYoung;

  /**
   * @param ticker wakes what is due, such as another try to start; not closed here
   */
  public RuntimePool(RuntimeSpec spec, RuntimeListener listener, ScheduledExecutorService ticker) {
    this.spec = spec;
    this.listener = listener;
    this.ticker = ticker;
    this.starter = new Starter(spec, listener, this::ended);
    this.current = Generation.of(List.of(), Registry.EMPTY, spec);
  }

  /** Brings up the first generation in the background; {@link #lend} waits for it. */
  public void start() {
    var unused =
        ticker.scheduleWithFixedDelay(
            this::expireCalls, EXPIRY_MILLIS, EXPIRY_MILLIS, TimeUnit.MILLISECONDS);
    keep(this::startOrRetry);
  }

  /**
   * Deadlines are looked at together, now and then, instead of by a timer for each call: setting
   * and cancelling one takes some microseconds of the forty that a call takes.
   */
  private void expireCalls() {
    long now = System.nanoTime();
    try {
      current.runtimes().forEach(runtime -> runtime.expireCalls(now));
      retiring.forEach(runtime -> runtime.expireCalls(now));
    } catch (RuntimeException e) {
      // The ticker forgets a task that throws, and with it every deadline to come.
      LOG.log(Level.ERROR, "deadlines could not be looked at", e);
    }
  }

  /** The functions that can be called now. */
  public Registry registry() {
    return current.registry();
  }

  /** Whether a runtime is up. */
  public boolean isUp() {
    return current.leastBusy() != null;
  }

  /** Why no runtime is up, or null where one is up or on its way for the first time. */
  public @Nullable String failure() {
    return isUp() ? null : failure;
  }

  /** Process ids of the children, standby excluded. */
  public List<Long> pids() {
    return current.runtimes().stream()
        .filter(ChildRuntime::isAlive)
        .map(ChildRuntime::pid)
        .toList();
  }

  /** Calls that run now, those on replaced runtimes excluded. */
  public int inFlight() {
    return current.runtimes().stream().mapToInt(ChildRuntime::inFlight).sum();
  }

  /** Calls that wait for a place. */
  public int waiting() {
    return waiting.get();
  }

  /**
   * Waits until functions can be called.
   *
   * @return false where the deadline came first, or a start failed
   */
  public boolean awaitUp(Deadline deadline) {
    lock.lock();
    try {
      while (!isUp() && failure == null && !closed) {
        if (deadline.isPast()) {
          return false;
        }
        changed.awaitNanos(deadline.remainingNanos());
      }
      return isUp();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lends a runtime to {@code call}, waiting for a place and for a runtime within the pool's
   * patience.
   *
   * @throws PylonException {@code FN_OVERLOADED}, {@code RUNNER_NOT_STARTED}, {@code RUNTIME_GONE}
   */
  public Lease lend(RunningCall call) {
    @Nullable Deadline deadline = null;
    while (true) {
      Generation generation = current;
      Semaphore places = generation.places();
      if (!places.tryAcquire()) {
        deadline = deadline == null ? Deadline.after(spec.patience()) : deadline;
        waitForPlace(places, deadline);
        generation = current;
      }
      if (generation.places() == places) {
        ChildRuntime runtime = generation.leastBusy();
        if (runtime != null && runtime.open(call)) {
          return new Lease(runtime, generation.registry(), call, places::release);
        }
      }
      places.release();
      deadline = deadline == null ? Deadline.after(spec.patience()) : deadline;
      waitForRuntime(deadline);
    }
  }

  private void waitForPlace(Semaphore places, Deadline deadline) {
    if (waiting.incrementAndGet() > spec.waitingMax()) {
      waiting.decrementAndGet();
      throw overloaded();
    }
    try {
      if (!places.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw overloaded();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PylonException(FunctionError.RUNTIME_GONE, "pylon runtime is shutting down", e);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private static PylonException overloaded() {
    return new PylonException(
            FunctionError.FN_OVERLOADED, "Too many function calls are in flight; try again shortly")
        .with("retry_after_secs", 1);
  }

  private void waitForRuntime(Deadline deadline) {
    lock.lock();
    try {
      if (closed) {
        throw new PylonException(FunctionError.RUNTIME_GONE, "pylon runtime is shutting down");
      }
      if (isUp()) {
        return;
      }
      if (failure != null || deadline.isPast()) {
        throw new PylonException(
            FunctionError.RUNNER_NOT_STARTED, "TypeScript function runner is not running");
      }
      changed.awaitNanos(deadline.remainingNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PylonException(FunctionError.RUNTIME_GONE, "pylon runtime is shutting down", e);
    } finally {
      lock.unlock();
    }
  }

  /** How long a call may take that wants to take {@code wish}. */
  public Duration callTimeout(Duration wish) {
    return spec.builtIn() || wish.compareTo(FOREIGN_CALL_MAX) < 0 ? wish : FOREIGN_CALL_MAX;
  }

  /**
   * Loads the code anew beside the running one and swaps. Waits for the outcome; where it fails,
   * the old code goes on answering.
   *
   * @param next changes to the environment of the functions; a null value removes
   * @return what can be called now
   * @throws StartException where the new code did not come up at all
   */
  public Registry reload(Map<String, @Nullable String> next) throws StartException {
    return reload(next, (before, after) -> true).orElseThrow();
  }

  /**
   * The same, where {@code accept} may say no to what was loaded: then the old code goes on, and
   * the result is empty.
   *
   * @param accept is given what can be called now and what was loaded; must be quick
   */
  public Optional<Registry> reload(
      Map<String, @Nullable String> next, BiPredicate<Registry, Registry> accept)
      throws StartException {
    var outcome = new CompletableFuture<Optional<Registry>>();
    keep(() -> {
      starter.environment(next);
      try {
        outcome.complete(swap(accept));
      } catch (StartException e) {
        outcome.completeExceptionally(e);
      }
    });
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
    }
  }

  private void keep(Runnable task) {
    try {
      keeper.execute(task);
    } catch (RejectedExecutionException e) {
      // Closed: nothing is brought up or replaced any more.
    }
  }

  // ---- the keeper's work ----

  private void startOrRetry() {
    if (closed || isUp()) {
      return;
    }
    try {
      swap((before, after) -> true);
    } catch (StartException e) {
      long pause = retry.toMillis();
      retry = retry.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? retry.multipliedBy(2) : RETRY_MAX;
      publishFailure(String.valueOf(e.getMessage()));
      listener.startFailed(String.valueOf(e.getMessage()), pause);
      later(this::startOrRetry, pause);
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
    Generation old = current;
    if (!accept.test(old.registry(), registry)) {
      runtimes.forEach(runtime -> retire(runtime, Duration.ZERO));
      starter.refill();
      return Optional.empty();
    }
    publish(Generation.of(runtimes, registry, spec));
    old.dismissWaiting();
    old.runtimes().forEach(runtime -> retire(runtime, spec.drain()));
    retry = RETRY_MIN;
    if (ready != null) {
      listener.loaded(ready.functions().size(), ready.failed());
    }
    starter.refill();
    return Optional.of(registry);
  }

  /** A runtime has ended: of the current generation it is replaced, a standby is refilled. */
  private void ended(ChildRuntime runtime) {
    keep(() -> {
      if (starter.lost(runtime)) {
        later(starter::refill, RETRY_MIN.toMillis());
      } else if (current.runtimes().contains(runtime)) {
        replace(runtime);
      }
    });
  }

  /** At once, but for those that follow each other in dying young: such a runtime must not spin. */
  private void replace(ChildRuntime dead) {
    diedYoung = dead.age().compareTo(YOUTH) < 0 ? diedYoung + 1 : 0;
    if (diedYoung <= 1) {
      bringBack(dead);
      return;
    }
    long pause = RETRY_MIN.toMillis() << Math.min(diedYoung - 2, 10);
    later(() -> bringBack(dead), Math.min(pause, RELAPSE_MAX.toMillis()));
  }

  private void bringBack(ChildRuntime dead) {
    if (closed || !current.runtimes().contains(dead)) {
      return;
    }
    try {
      Starter.Loaded fresh = starter.load();
      publish(current.with(fresh.runtime(), dead, Registry.of(fresh.ready())));
      retry = RETRY_MIN;
      starter.refill();
    } catch (StartException e) {
      if (isUp()) {
        later(() -> bringBack(dead), RETRY_MAX.toMillis());
      } else {
        startOrRetry();
      }
    }
  }

  private void later(Runnable work, long pauseMillis) {
    var unused = ticker.schedule(() -> keep(work), pauseMillis, TimeUnit.MILLISECONDS);
  }

  private void retire(ChildRuntime runtime, Duration drain) {
    retiring.add(runtime);
    retirements.execute(() -> {
      runtime.retire(drain);
      retiring.remove(runtime);
    });
  }

  private void publish(Generation generation) {
    lock.lock();
    try {
      current = generation;
      failure = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void publishFailure(String reason) {
    lock.lock();
    try {
      failure = reason;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lends no more, gives the calls in flight {@code drain}, then ends every child. Waits for it.
   */
  public void close(Duration drain) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    keep(() -> {
      current.runtimes().forEach(runtime -> retire(runtime, drain));
      starter.close().ifPresent(standby -> retire(standby, Duration.ZERO));
    });
    keeper.shutdown();
    awaitEnd(keeper, RuntimeSpec.HANDSHAKE_TIMEOUT);
    retirements.shutdown();
    awaitEnd(retirements, drain.plusSeconds(4));
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

  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
