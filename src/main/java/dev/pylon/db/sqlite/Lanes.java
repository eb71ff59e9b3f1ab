package dev.pylon.db.sqlite;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.Work;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few SQLite threads with one queue. Thread-safe.
 *
 * <p>Most statements take microseconds, less than waking a thread does. So one thread empties the
 * queue for as long as it gets on, and the others sleep: on few cores a second thread would only
 * take time from whoever asks. A second one is woken at once where the first has been at one
 * statement for {@link #STUCK}. Where work is queued behind a statement that has just begun, a
 * sleeping lane is made to watch: it looks every {@link #LOOK}, and helps when the queue does not
 * move or grows long.
 *
 * <p>No work is forgotten: whoever queues it looks at the lanes afterwards, and a lane that goes to
 * sleep looks at the queue afterwards.
 *
 * <p>Each read outside a transaction takes and gives back a lock of the file, two system calls that
 * cost more than a look-up by id. Reading lanes therefore read what is waiting together in one
 * transaction. Work carries the number of its arrival: what arrived after the transaction began is
 * read in another, so everybody sees what was committed before they asked.
 *
 * <p>Whoever has look-ups to make and need not fear to wait for them may {@linkplain #tryRun
 * borrow} a sleeping lane's connection instead of waking its thread.
 */
final class Lanes {
  /** A statement this long is not one of the quick ones. */
  private static final long STUCK = TimeUnit.MICROSECONDS.toNanos(500);

  /** How often a watching lane looks: the longest a quick statement waits behind a slow one. */
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(1);

  /** Looks at an empty queue before a watching lane sleeps again. */
  private static final int QUIET_LOOKS = 20;

  /** Work waiting at which a second lane is worth its wake-up. */
  private static final int LONG_QUEUE = 128;

  /** Work waiting at which more is refused. Calls in flight are bounded well below it. */
  private static final int QUEUE_MAX = 100_000;

  private final Queue<Arrival> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong arrived = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final boolean readTogether;
  private final List<Lane> lanes = new ArrayList<>();
  private volatile boolean closed;

  /** Work and the number of its arrival. */
  private record Arrival(long number, Task task) {}

  /** One lane for {@code connection}, which does its work as it comes. */
  static Lanes ofWriter(String name, Connection connection, Duration statementLimit) {
    return new Lanes(name, List.of(connection), statementLimit, false);
  }

  /** Lanes for {@code connections}, which may not write. */
  static Lanes ofReaders(String name, List<Connection> connections, Duration statementLimit) {
    return new Lanes(name, connections, statementLimit, true);
  }

  /** Lanes over {@code connections}, which they will close. None runs before {@link #start}. */
  private Lanes(
      String name, List<Connection> connections, Duration statementLimit, boolean readTogether) {
    this.readTogether = readTogether;
    for (Connection connection : connections) {
      String lane = connections.size() == 1 ? name : name + "-" + (lanes.size() + 1);
      lanes.add(new Lane(lane, connection, statementLimit, this));
    }
  }

  void start() {
    lanes.forEach(Lane::start);
  }

  /** The lane we are on, or null on any other thread. */
  @Nullable Lane current() {
    for (Lane lane : lanes) {
      if (lane.isCurrent()) {
        return lane;
      }
    }
    return null;
  }

  /** Runs {@code work} on a lane and waits for it; directly where we are on one. */
  <R, X extends Exception> R call(Work<R, X> work) throws X {
    return start(work).await();
  }

  /** Queues {@code work}, for us to await; done when this returns where we are on a lane. */
  <R, X extends Exception> Awaited<R, X> start(Work<R, X> work) {
    var awaited = new Awaited<>(work);
    Lane here = current();
    if (here == null) {
      submit(awaited);
    } else {
      awaited.run(here.session());
    }
    return awaited;
  }

  /** Queues {@code task} and returns at once. */
  void submit(Task task) {
    if (closed) {
      throw closed();
    }
    if (waiting() >= QUEUE_MAX) {
      throw new DatabaseException(
          DatabaseException.Reason.BUSY, "too many statements are waiting", null);
    }
    var arrival = new Arrival(arrived.incrementAndGet(), task);
    queue.add(arrival);
    seeThatItRuns();
    if (closed && queue.remove(arrival)) {
      // The lanes may have gone between our first look and our entry.
      throw closed();
    }
  }

  /**
   * Runs {@code work} on this thread with the connection of a lane that sleeps; false where none
   * does, and nothing was done.
   */
  boolean tryRun(List<? extends Runnable> work) {
    if (closed) {
      return false;
    }
    for (Lane lane : lanes) {
      if (lane.borrow()) {
        try {
          lane.read(work);
        } finally {
          lane.giveBack();
          if (closed || !queue.isEmpty()) {
            lane.wake();
          }
        }
        return true;
      }
    }
    return false;
  }

  private static DatabaseException closed() {
    return new DatabaseException(
        DatabaseException.Reason.INTERRUPTED, "the database is closed", null);
  }

  private void seeThatItRuns() {
    if (anyBrisk()) {
      seeThatItIsWatched();
      return;
    }
    for (Lane lane : lanes) {
      if (lane.wake()) {
        return;
      }
    }
    // All are at something slow. Each looks at the queue before it sleeps.
  }

  private void seeThatItIsWatched() {
    if (any(Lane.State.WATCHING)) {
      return;
    }
    for (Lane lane : lanes) {
      if (lane.watch()) {
        return;
      }
    }
  }

  /** The life of a lane. */
  void drive(Lane lane) {
    while (true) {
      switch (lane.state()) {
        case RUNNING -> {
          drain(lane);
          lane.move(Lane.State.RUNNING, Lane.State.IDLE);
          if (!queue.isEmpty()) {
            lane.wake();
          }
        }
        case WATCHING -> watch(lane);
        case IDLE -> {
          if (closed && queue.isEmpty()) {
            return;
          }
          if (closed) {
            lane.wake();
          } else {
            LockSupport.park(this);
          }
        }
        case LENT -> LockSupport.park(this);
      }
    }
  }

  private void drain(Lane lane) {
    if (!readTogether) {
      Arrival next;
      while ((next = queue.poll()) != null) {
        taken.incrementAndGet();
        lane.run(next.task());
      }
      return;
    }
    long together = 0; // up to which arrival the transaction serves; 0 outside one
    while (true) {
      Arrival next = queue.poll();
      if (next == null || next.number() > together) {
        if (together > 0) {
          lane.endReading();
          together = 0;
        }
        if (next == null) {
          return;
        }
        if (!queue.isEmpty()) {
          together = arrived.get();
          lane.beginReading();
        }
      }
      taken.incrementAndGet();
      lane.run(next.task());
    }
  }

  private void watch(Lane lane) {
    int quiet = 0;
    while (lane.state() == Lane.State.WATCHING) {
      LockSupport.parkNanos(this, LOOK);
      if (!queue.isEmpty() && (waiting() > LONG_QUEUE || !anyBrisk())) {
        lane.wake();
      } else if (closed || (++quiet > QUIET_LOOKS && !any(Lane.State.RUNNING))) {
        lane.move(Lane.State.WATCHING, Lane.State.IDLE);
        if (!queue.isEmpty()) {
          lane.wake();
        }
      }
    }
  }

  private long waiting() {
    return arrived.get() - taken.get();
  }

  private boolean anyBrisk() {
    for (Lane lane : lanes) {
      if (lane.isBrisk(STUCK)) {
        return true;
      }
    }
    return false;
  }

  private boolean any(Lane.State state) {
    for (Lane lane : lanes) {
      if (lane.state() == state) {
        return true;
      }
    }
    return false;
  }

  /**
   * Lets the lanes finish what is queued, within {@code patience}, and closes their connections.
   */
  void close(Duration patience) {
    closed = true;
    lanes.forEach(Lane::unpark);
    lanes.forEach(lane -> lane.close(patience));
  }
}
