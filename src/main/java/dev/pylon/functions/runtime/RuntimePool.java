package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The runtimes that answer calls, and one on standby.
 *
 * <p>How it works. A <em>generation</em> is the set of runtimes that loaded the code together;
 * calls go to the least busy runtime of the current one, which the {@link Roster} holds. The {@link
 * Keeper} changes it. A reload takes the runtime on standby (booted, user code not yet imported),
 * lets it load, and only when it has said {@code ready} becomes the new generation the current one;
 * the old one finishes its calls aside. A runtime that dies is replaced from the standby in the
 * same way: at once, or after a pause that grows while starts keep failing or runtimes keep dying
 * young. While a handler keeps the event loop of one, another stands in for it.
 *
 * <p>Lending is lock-free while a runtime is up: a place (a permit of the generation), then an
 * entry in the runtime's table. The entry is what counts: a runtime that has been retired or has
 * died refuses it, and the next one is asked. Callers wait for a place, or for a runtime where none
 * is up, with one patience for both.
 *
 * <p>Thread-safe.
 */
public final class RuntimePool implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RuntimePool.class.getName());

  /** How late a deadline may be noticed. */
  private static final long LOOK_MILLIS = 25;

  /**
   * A foreign runtime gives up an answer of ours after 60 s and its call with it: we are earlier.
   */
  private static final Duration FOREIGN_CALL_MAX = Duration.ofSeconds(55);

  private final RuntimeSpec spec;
  private final ScheduledExecutorService ticker;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Roster roster;
  private final Keeper keeper;

  /**
   * @param ticker wakes what is due, such as another try to start; not closed here
   */
  public RuntimePool(RuntimeSpec spec, RuntimeListener listener, ScheduledExecutorService ticker) {
    this.spec = spec;
    this.ticker = ticker;
    this.roster = new Roster(spec);
    this.keeper = new Keeper(spec, listener, ticker, roster);
  }

  /** Brings up the first generation in the background; {@link #lend} waits for it. */
  public void start() {
    var unused =
        ticker.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    keeper.start();
  }

  /**
   * Deadlines are looked at together, now and then, instead of by a timer for each call: setting
   * and cancelling one takes some microseconds of the forty that a call takes.
   */
  private void look() {
    long now = System.nanoTime();
    try {
      keeper.retiring().forEach(runtime -> runtime.look(now));
      Generation generation = roster.current();
      generation.all().forEach(runtime -> runtime.look(now));
      keeper.look(generation, now);
    } catch (RuntimeException e) {
      // The ticker forgets a task that throws, and with it every deadline to come.
      LOG.log(Level.ERROR, "deadlines could not be looked at", e);
    }
  }

  /** The functions that can be called now. */
  public Registry registry() {
    return roster.registry();
  }

  /** Whether a runtime is up. */
  public boolean isUp() {
    return roster.isUp();
  }

  /** Why no runtime is up, or null where one is up or on its way for the first time. */
  public @Nullable String failure() {
    return roster.failure();
  }

  /** Process ids of the children, standby excluded. */
  public List<Long> pids() {
    return roster.current().all().stream()
        .filter(ChildRuntime::isAlive)
        .map(ChildRuntime::pid)
        .toList();
  }

  /** Calls that run now, those on replaced runtimes excluded. */
  public int inFlight() {
    return roster.current().all().stream().mapToInt(ChildRuntime::inFlight).sum();
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
    return roster.awaitUp(deadline);
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
      Generation generation = roster.current();
      Semaphore places = generation.places();
      if (!places.tryAcquire()) {
        deadline = deadline == null ? Deadline.after(spec.patience()) : deadline;
        waitForPlace(places, deadline);
        generation = roster.current();
      }
      if (generation.places() == places) {
        ChildRuntime runtime = generation.leastBusy();
        if (runtime != null && runtime.open(call)) {
          return new Lease(runtime, generation.loadedBy(runtime), call, places::release);
        }
      }
      places.release();
      deadline = deadline == null ? Deadline.after(spec.patience()) : deadline;
      roster.awaitChange(deadline);
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
    return keeper.reload(next, accept);
  }

  /**
   * Lends no more, gives the calls in flight {@code drain}, then ends every child. Waits for it.
   */
  public void close(Duration drain) {
    if (roster.close()) {
      keeper.close(drain);
    }
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
