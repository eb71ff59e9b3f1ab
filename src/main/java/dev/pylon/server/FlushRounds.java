package dev.pylon.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioIoThread;

/**
 * Lets the streams of one I/O thread write in rounds.
 *
 * <p>An I/O thread does what it is told before it looks at its connections. Told of each chunk by
 * itself, it would do nothing else while streams are in flood, and new requests would wait for
 * their end. So a chunk that comes alone is written at once, and the others a moment later, all
 * together.
 *
 * <p>Thread-safe.
 */
final class FlushRounds {
  private static final Logger LOG = System.getLogger(FlushRounds.class.getName());

  /** Between two rounds; nobody sees the difference, and requests are read in it. */
  private static final long PAUSE_MILLIS = 1;

  private static final long PAUSE_NANOS = Duration.ofMillis(PAUSE_MILLIS).toNanos();

  private final XnioIoThread thread;
  private List<Runnable> due = new ArrayList<>();
  private long endNanos = System.nanoTime() - PAUSE_NANOS;

  FlushRounds(XnioIoThread thread) {
    this.thread = thread;
  }

  /** Has {@code flush} run on the I/O thread, in the next round. */
  synchronized void add(Runnable flush) {
    due.add(flush);
    if (due.size() > 1) {
      return;
    }
    // Only the thread itself may set its timer: told by another one in the moment in which it goes
    // to sleep, XNIO does not hear of it and sleeps on.
    boolean pause = System.nanoTime() - endNanos < PAUSE_NANOS;
    thread.execute(pause ? this::runAfterPause : this::run);
  }

  private void runAfterPause() {
    thread.executeAfter(this::run, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void run() {
    List<Runnable> round;
    synchronized (this) {
      round = due;
      due = new ArrayList<>(round.size());
    }
    round.forEach(FlushRounds::flush);
    synchronized (this) {
      endNanos = System.nanoTime();
    }
  }

  /** One stream that fails does not keep the others of its round from theirs. */
  private static void flush(Runnable flush) {
    try {
      flush.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a stream could not be written", e);
    }
  }
}
