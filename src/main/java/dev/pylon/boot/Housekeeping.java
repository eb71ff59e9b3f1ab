package dev.pylon.boot;

import dev.pylon.model.PylonException;
import dev.pylon.store.Store;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Does for the rows what can be done beside the serving of them, on a thread of its own: puts rows
 * into new search indexes, keeps the change log complete and bounded. Piece by piece for as long as
 * there is something to do, then a look every minute. Writers go on in between.
 */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Housekeeping.class.getName());
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final List<Chore> chores;
  private final Semaphore calls = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /** Something to be done in pieces. */
  @FunctionalInterface
  private interface Chore {
    /** Does a piece, and says whether there is more. */
    boolean doSome();
  }

  private Housekeeping(Store store) {
    this.chores = List.of(store::fillIndexes, store.log()::keep);
    this.thread = Thread.ofVirtual().name("housekeeping").unstarted(this::run);
  }

  static Housekeeping start(Store store) {
    var keeping = new Housekeeping(store);
    keeping.thread.start();
    return keeping;
  }

  /** Something may be to do: the next look is now. */
  void call() {
    calls.release();
  }

  private void run() {
    try {
      while (!closed) {
        boolean more = false;
        for (Chore chore : chores) {
          more |= doSome(chore);
        }
        if (!more && calls.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
          calls.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A chore that fails keeps nobody from the others. */
  private static boolean doSome(Chore chore) {
    try {
      return chore.doSome();
    } catch (PylonException e) {
      LOG.log(Level.WARNING, "rows were not kept in order; the next look is in a minute", e);
      return false;
    }
  }

  /** Waits for the piece it is at, which is small and has limits of its own. */
  @Override
  public void close() {
    closed = true;
    call();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
