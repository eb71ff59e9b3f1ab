package dev.pylon.cli.console;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The wish to end: Ctrl-C, {@code SIGTERM}, a closed terminal, or the program itself. The first one
 * ends in good order; the second one of the user's ends at once. Thread-safe.
 */
public final class Signals implements AutoCloseable {
  /** For what comes after the calls in flight; far more than it ever takes. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** Who reads takes the last words in far less. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final CountDownLatch wished = new CountDownLatch(1);
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

  private final Duration patience;
  private volatile boolean ended;
  private volatile BooleanSupplier interruptTaken = () -> false;
  private final AtomicReference<@Nullable Runnable> leaving = new AtomicReference<>();

  /** Why to end, and the status a shell expects for it. */
  public enum Ending {
    DONE(0),
    INTERRUPT(130),
    TERMINATE(143);

    private final int status;

    Ending(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  /**
   * @param drain how long calls in flight may take at the end
   */
  public Signals(Duration drain) {
    this.patience = drain.plus(GRACE);
  }

  /**
   * Listens from now on.
   *
   * @param onHangup what to do on {@code SIGHUP}, which a closing terminal sends; null to end
   */
  public void listen(@Nullable Runnable onHangup) {
    // Here, not when the signal comes: by then nothing may be left to load a class from.
    Ending interrupt = Ending.INTERRUPT;
    Ending terminate = Ending.TERMINATE;
    on(
        "INT",
        () -> {
          if (!interruptTaken.getAsBoolean()) {
            wish(interrupt);
          }
        });
    on("TERM", () -> wish(terminate));
    on("HUP", onHangup == null ? () -> wish(terminate) : onHangup);
  }

  /** {@code taken} may keep Ctrl-C from ending the program, as an open prompt does. */
  public void onInterrupt(BooleanSupplier taken) {
    interruptTaken = taken;
  }

  /**
   * A start has begun, and all there is so far can be left as it is: until {@link #started} a wish
   * to end is granted at once, after {@code restore} has given back the terminal: a database that
   * does not answer, for one, would keep the user waiting.
   */
  public void starting(Runnable restore) {
    leaving.set(restore);
  }

  /** From now on there is something to end in good order. */
  public void started() {
    leaving.set(null);
  }

  private static void on(String signal, Runnable work) {
    Object unused = org.jline.utils.Signals.register(signal, work);
  }

  private void wish(Ending wish) {
    Runnable restore = leaving.getAndSet(null);
    boolean first = end(wish);
    if (restore != null) {
      restore.run();
    }
    if (!first || restore != null) {
      // The user does not want to wait. Children end by themselves when their input does.
      Runtime.getRuntime().halt(wish.status());
    }
  }

  /** Ends in good order; false where the end has begun already. */
  public boolean end(Ending why) {
    boolean first = ending.compareAndSet(null, why);
    wished.countDown();
    if (first) {
      CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> haltLate(why));
    }
    return first;
  }

  /** A terminal that takes no more letters, for one, must not keep us. */
  private void haltLate(Ending why) {
    if (!ended) {
      Runtime.getRuntime().halt(why.status());
    }
  }

  /**
   * Says {@code words} to somebody who may have stopped reading, as a suspended terminal has: it is
   * waited for a second at most.
   *
   * @return whether they were said
   */
  public boolean say(Runnable words) throws InterruptedException {
    ExecutorService voice =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon(true).name("last-words").factory());
    voice.execute(words);
    voice.shutdown();
    return voice.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The same when nothing is left to be done: where nobody reads, the program ends here. */
  public void sayLast(Runnable words) throws InterruptedException {
    @Nullable Ending why = ending.get();
    if (!say(words) && why != null) {
      Runtime.getRuntime().halt(why.status());
    }
  }

  /** Whether somebody wished to end. */
  public boolean isEnding() {
    return wished.getCount() == 0;
  }

  /** Waits for the first wish to end. */
  public Ending await() throws InterruptedException {
    while (!wished.await(1, TimeUnit.HOURS)) {
      // A server may run for years; a wait without any deadline is not how this house waits.
    }
    Ending why = ending.get();
    return why == null ? Ending.DONE : why;
  }

  /** Everything has ended in good order. */
  @Override
  public void close() {
    ended = true;
  }
}
