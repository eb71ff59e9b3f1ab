package dev.pylon.db.postgres;

import dev.pylon.model.Deadline;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/**
 * Who may write now. Thread-safe.
 *
 * <p>Some write at the same time. One who has met a conflict asks to be alone for its next run:
 * then nobody in this process can get in its way again. It waits for those who are at work, not for
 * those who are queued, who wait for it; so it waits for no more than there are turns, and a
 * thousand writers of one row all get their turn. First come, first served, the lonely first.
 */
final class Turns {
  private final int most;
  private final Queue<Waiter> lonely = new ArrayDeque<>();
  private final Queue<Waiter> queued = new ArrayDeque<>();
  private int taken;

  private static final class Waiter {
    private final Thread thread = Thread.currentThread();
    private final int wanted;
    private boolean admitted;

    Waiter(int wanted) {
      this.wanted = wanted;
    }
  }

  /** {@code most} may write at the same time. */
  Turns(int most) {
    this.most = most;
  }

  /**
   * Waits for a turn beside others.
   *
   * @return whether there was one before {@code patience} ended
   */
  boolean take(Deadline patience) throws InterruptedException {
    return take(queued, new Waiter(1), patience);
  }

  /** Waits for all turns at once; as {@link #take}. */
  boolean takeAll(Deadline patience) throws InterruptedException {
    return take(lonely, new Waiter(most), patience);
  }

  private boolean take(Queue<Waiter> queue, Waiter waiter, Deadline patience)
      throws InterruptedException {
    synchronized (this) {
      queue.add(waiter);
      admit();
    }
    while (!isAdmitted(waiter)) {
      boolean interrupted = Thread.interrupted();
      if (interrupted || patience.isPast()) {
        return !leave(queue, waiter, interrupted);
      }
      LockSupport.parkNanos(this, patience.remainingNanos());
    }
    return true;
  }

  private synchronized boolean isAdmitted(Waiter waiter) {
    return waiter.admitted;
  }

  /** Gives up the place in the queue; false where the turn came just then. */
  private synchronized boolean leave(Queue<Waiter> queue, Waiter waiter, boolean interrupted)
      throws InterruptedException {
    if (waiter.admitted && !interrupted) {
      return false;
    }
    if (waiter.admitted) {
      taken -= waiter.wanted;
    } else {
      queue.remove(waiter);
    }
    admit();
    if (interrupted) {
      throw new InterruptedException();
    }
    return true;
  }

  /** How many wait for a turn. */
  synchronized int waiting() {
    return lonely.size() + queued.size();
  }

  /** Gives back one turn. */
  synchronized void giveBack() {
    taken--;
    admit();
  }

  /** Gives back all turns. */
  synchronized void giveBackAll() {
    taken -= most;
    admit();
  }

  private void admit() {
    Queue<Waiter> next = lonely.isEmpty() ? queued : lonely;
    while (!next.isEmpty() && taken + next.element().wanted <= most) {
      Waiter waiter = next.remove();
      taken += waiter.wanted;
      waiter.admitted = true;
      LockSupport.unpark(waiter.thread);
    }
  }
}
