package dev.pylon.boot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to the one who shows them, on a thread of its own: a terminal that does not take
 * what is written must not hold up calls. Calls that are too many to show are counted instead.
 * Thread-safe.
 */
final class DevEvents implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DevEvents.class.getName());

  /** Events that may wait to be shown: some screens full. */
  private static final int WAITING_MAX = 2_048;

  /**
   * How long an event that must not be lost waits for a place, and how long the last ones are shown
   * for.
   */
  private static final long PATIENCE_MILLIS = 1_000;

  /** Wakes the thread, which then sees that it should end. Never shown. */
  private static final DevEvent END = new DevEvent.Skipped(0);

  private final BlockingQueue<DevEvent> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final AtomicInteger skipped = new AtomicInteger();
  private final Consumer<DevEvent> listener;
  private final Thread thread;
  private volatile boolean closed;

  DevEvents(Consumer<DevEvent> listener) {
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("dev-events").daemon(true).start(this::run);
  }

  /** Queues an event that one of many others replaces. Never blocks. */
  void offer(DevEvent event) {
    if (!waiting.offer(event)) {
      skipped.incrementAndGet();
    }
  }

  /** Queues an event that should not be lost. Waits a second at most. */
  void put(DevEvent event) {
    try {
      if (!waiting.offer(event, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "an event could not be shown event={0}", event);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed || !waiting.isEmpty()) {
        @Nullable DevEvent event = waiting.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        int missed = skipped.getAndSet(0);
        if (missed > 0) {
          show(new DevEvent.Skipped(missed));
        }
        if (event != null && event != END) {
          show(event);
        }
      }
    } catch (InterruptedException e) {
      // Told to end: what could not be shown in time is not shown.
    }
  }

  private void show(DevEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "an event was not shown", e);
    }
  }

  /** Shows what is waiting, for a second at most. */
  @Override
  public void close() {
    closed = true;
    offer(END);
    try {
      if (!thread.join(Duration.ofMillis(PATIENCE_MILLIS))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
