package dev.pylon.jobs;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rings once at the earliest moment that was asked for. Thread-safe.
 *
 * <p>The ticker counts on the nano line and the moments are of the clock, so it may ring early
 * where the clock was set back: whoever is woken looks at the clock again.
 */
final class Alarm {
  private final ScheduledExecutorService ticker;
  private final InstantSource clock;
  private final Runnable wake;
  private @Nullable ScheduledFuture<?> pending;
  private long atMillis = Long.MAX_VALUE;
  private boolean closed;

  Alarm(ScheduledExecutorService ticker, InstantSource clock, Runnable wake) {
    this.ticker = ticker;
    this.clock = clock;
    this.wake = wake;
  }

  /** Sees that it rings at {@code millis}, if not before. */
  synchronized void setNoLaterThan(long millis) {
    if (closed || millis >= atMillis) {
      return;
    }
    if (pending != null) {
      pending.cancel(false);
    }
    atMillis = millis;
    pending =
        ticker.schedule(this::ring, Math.max(0, millis - clock.millis()), TimeUnit.MILLISECONDS);
  }

  private void ring() {
    synchronized (this) {
      pending = null;
      atMillis = Long.MAX_VALUE;
    }
    wake.run();
  }

  synchronized void close() {
    closed = true;
    if (pending != null) {
      pending.cancel(false);
    }
  }
}
