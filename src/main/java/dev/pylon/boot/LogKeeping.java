package dev.pylon.boot;

import dev.pylon.model.PylonException;
import dev.pylon.store.ChangeLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the change log complete and bounded, on a thread of its own: piece by piece for as long as
 * there is something to do, then a look every minute. Writers go on in between.
 */
final class LogKeeping implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LogKeeping.class.getName());
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final ChangeLog log;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private LogKeeping(ChangeLog log) {
    this.log = log;
    this.thread = Thread.ofVirtual().name("log-keeping").unstarted(this::run);
  }

  static LogKeeping start(ChangeLog log) {
    var keeping = new LogKeeping(log);
    keeping.thread.start();
    return keeping;
  }

  private void run() {
    try {
      while (!closed.await(keep() ? 0 : PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        // On to the next piece.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean keep() {
    try {
      return log.keep();
    } catch (PylonException e) {
      LOG.log(Level.WARNING, "the change log was not kept; the next look is in a minute", e);
      return false;
    }
  }

  /** Waits for the piece it is at, which is small and has limits of its own. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
