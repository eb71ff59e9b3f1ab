package dev.pylon.db.sqlite;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.JdbcSession;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;

/**
 * One SQLite thread and the connection that is its own. {@link Lanes} says what it does next:
 *
 * <pre>
 *   IDLE ──► RUNNING ──► IDLE        woken for work, empties the queue, parks
 *   IDLE ──► WATCHING ──► RUNNING    looks now and then whether the others get on, and helps if not
 *            WATCHING ──► IDLE       nothing has happened for a while
 *   IDLE ──► LENT ──► IDLE           its connection is used by another thread while its own sleeps
 * </pre>
 *
 * Whoever wakes a lane moves it out of IDLE or WATCHING first, so nobody wakes it twice; only the
 * lane itself leaves RUNNING, and only the borrower LENT. Thread-safe, except {@link #run} and the
 * session, which are the thread's, or the borrower's.
 */
final class Lane {
  private static final System.Logger LOG = System.getLogger(Lane.class.getName());

  /**
   * Prepared statements kept; an application has a handful for each entity and each query it
   * writes.
   */
  private static final int STATEMENTS_MAX = 256;

  /** Virtual machine steps between two looks at the clock: about a millisecond of work. */
  private static final int STEPS_PER_LOOK = 100_000;

  private static final Sql BEGIN = Sql.of("BEGIN");
  private static final Sql COMMIT = Sql.of("COMMIT");
  private static final Sql ROLLBACK = Sql.of("ROLLBACK");

  enum State {
    IDLE,
    WATCHING,
    RUNNING,
    LENT
  }

  private final Connection connection;
  private final JdbcSession session;

  /** What a borrower reads with. */
  private final KeptRows kept;

  private final Thread thread;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

  /** When the task it is at began, on the nano line. */
  private volatile long since;

  private volatile @Nullable Thread borrower;

  /**
   * Takes charge of {@code connection}. A statement that runs longer than {@code limit} is stopped.
   */
  Lane(String name, Connection connection, Duration limit, Lanes lanes) {
    this.connection = connection;
    this.session = new JdbcSession(connection, SqliteDialect.INSTANCE, STATEMENTS_MAX);
    this.kept = new KeptRows(session);
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> lanes.drive(this));
    stopAfter(limit);
  }

  private void stopAfter(Duration limit) {
    long limitNanos = limit.toNanos();
    try {
      ProgressHandler.setHandler(
          connection,
          STEPS_PER_LOOK,
          new ProgressHandler() {
            @Override
            protected int progress() {
              return nanosAtWork() > limitNanos ? 1 : 0;
            }
          });
    } catch (SQLException e) {
      throw SqliteDialect.INSTANCE.translate(e);
    }
  }

  void start() {
    thread.start();
  }

  boolean isCurrent() {
    Thread here = Thread.currentThread();
    return here == thread || here == borrower;
  }

  /** What the work that is done here reads and writes with. */
  Session session() {
    return Thread.currentThread() == borrower ? kept : session;
  }

  State state() {
    return state.get();
  }

  /** Whether it is at work and the task it is at has not been there for long. */
  boolean isBrisk(long stuckNanos) {
    return isAtWork() && nanosAtWork() < stuckNanos;
  }

  private boolean isAtWork() {
    State now = state.get();
    return now == State.RUNNING || now == State.LENT;
  }

  private long nanosAtWork() {
    return System.nanoTime() - since;
  }

  boolean move(State from, State to) {
    return state.get() == from && state.compareAndSet(from, to);
  }

  /** Sends an idle or watching lane to work; false where it is at work already. */
  boolean wake() {
    if (isAtWork()) {
      return false;
    }
    since = System.nanoTime();
    if (move(State.IDLE, State.RUNNING) || move(State.WATCHING, State.RUNNING)) {
      LockSupport.unpark(thread);
      return true;
    }
    return false;
  }

  /** Makes an idle lane watch. */
  boolean watch() {
    if (move(State.IDLE, State.WATCHING)) {
      LockSupport.unpark(thread);
      return true;
    }
    return false;
  }

  /** Makes the lane this thread's until {@link #giveBack}; false where it does not sleep. */
  boolean borrow() {
    if (!move(State.IDLE, State.LENT)) {
      return false;
    }
    since = System.nanoTime();
    borrower = Thread.currentThread();
    return true;
  }

  /** Does the work of a borrower; all of it sees the same state, and no older one. */
  void read(List<? extends Runnable> work) {
    boolean together = work.size() > 1;
    if (together) {
      beginReading();
    }
    kept.begin();
    work.forEach(task -> run(_ -> task.run()));
    if (together) {
      endReading();
    }
  }

  void giveBack() {
    borrower = null;
    state.set(State.IDLE);
  }

  /** Does one task. What it throws is logged: whoever waited for a result has been told already. */
  void run(Task task) {
    since = System.nanoTime();
    try {
      task.run(session);
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "work on a database thread failed", e);
    }
  }

  /** From here on, until {@link #endReading}, all reads see one state of the database. */
  void beginReading() {
    try {
      session.execute(BEGIN);
    } catch (DatabaseException e) {
      // Each statement then reads for itself: slower, and just as right.
      LOG.log(System.Logger.Level.WARNING, "a reading transaction could not begin", e);
    }
  }

  void endReading() {
    try {
      session.execute(COMMIT);
    } catch (DatabaseException e) {
      rollBack(e);
    }
  }

  /** Nothing was written, so nothing is lost; but no later read may be kept in the old state. */
  private void rollBack(DatabaseException failure) {
    try {
      session.execute(ROLLBACK);
    } catch (DatabaseException e) {
      failure.addSuppressed(e);
      LOG.log(System.Logger.Level.DEBUG, "a reading transaction had ended before", failure);
    }
  }

  void unpark() {
    LockSupport.unpark(thread);
  }

  /**
   * Waits for the thread to end, then closes the connection.
   *
   * @throws DatabaseException where the thread is still at work after {@code patience}
   */
  void close(Duration patience) {
    try {
      if (thread.getState() != Thread.State.NEW && !thread.join(patience)) {
        throw new DatabaseException(
            DatabaseException.Reason.INTERRUPTED, "a statement did not end in time", null);
      }
      session.close();
      connection.close();
    } catch (SQLException e) {
      throw SqliteDialect.INSTANCE.translate(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException(
          DatabaseException.Reason.INTERRUPTED, "interrupted while closing the database", e);
    }
  }
}
