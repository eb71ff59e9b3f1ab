package dev.pylon.db.postgres;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.OpenTransaction;
import dev.pylon.db.Session;
import dev.pylon.db.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;

/**
 * One transaction on one connection. Work may be given from several threads; it runs piece by
 * piece, in the order it was given: on the thread that gave it where nobody is at work, else on a
 * thread of ours, or on the thread of a waiting giver when its turn comes.
 *
 * <p>The connection and the session belong to whoever is {@link #at}; that, and the queue, are
 * guarded by {@code this}.
 */
final class PostgresTransaction extends OpenTransaction {
  private static final System.Logger LOG = System.getLogger(PostgresTransaction.class.getName());

  private final Connection connection;
  private final PostgresSession session;
  private final Executor threads;
  private final Queue<Piece> queue = new ArrayDeque<>();

  /** Whose turn it is with the connection, or null. */
  private @Nullable Thread at;

  /** Written by whoever is at work. */
  private volatile boolean open = true;

  /**
   * Work in the queue.
   *
   * @param waiter who will do it when its turn comes; null where a thread of ours does
   */
  private record Piece(@Nullable Thread waiter, @Nullable Runnable work) {}

  PostgresTransaction(Connection connection, Executor threads) {
    this.connection = connection;
    this.threads = threads;
    this.session = new PostgresSession(connection);
  }

  @Override
  public <R, X extends Exception> R run(Work<R, X> work) throws X {
    return inTurn(() -> guarded(session, work));
  }

  @Override
  public <R, X extends Exception> R atomically(Work<R, X> work) throws X {
    return inTurn(() -> guarded(session, lent -> inSavepoint(lent, work)));
  }

  @Override
  public void execute(Runnable work) {
    synchronized (this) {
      requireOpen();
      queue.add(new Piece(null, work));
      if (at != null || queue.size() > 1) {
        return;
      }
    }
    threads.execute(this::workOff);
  }

  // ---- whose turn it is ----

  /** Something to be done with the connection. */
  @FunctionalInterface
  private interface Turn<R, X extends Exception> {
    R take() throws X;
  }

  private <R, X extends Exception> R inTurn(Turn<R, X> turn) throws X {
    if (isOurs()) {
      return turn.take();
    }
    awaitTurn();
    try {
      return turn.take();
    } finally {
      passOn();
    }
  }

  private synchronized boolean isOurs() {
    return at == Thread.currentThread();
  }

  /** Waits as long as the statements before us take, which have limits of their own. */
  private void awaitTurn() {
    var here = Thread.currentThread();
    synchronized (this) {
      if (at == null && queue.isEmpty()) {
        at = here;
        return;
      }
      queue.add(new Piece(here, null));
    }
    boolean interrupted = false;
    while (!isOurs()) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      here.interrupt();
    }
  }

  /** Gives the turn to who is next. */
  private void passOn() {
    Thread next;
    synchronized (this) {
      at = null;
      Piece piece = queue.peek();
      if (piece == null) {
        return;
      }
      next = piece.waiter();
      if (next != null) {
        queue.remove();
        at = next;
      }
    }
    if (next != null) {
      LockSupport.unpark(next);
    } else {
      threads.execute(this::workOff);
    }
  }

  /** Does what was left to us, up to what somebody else will do. */
  private void workOff() {
    while (true) {
      Runnable work;
      synchronized (this) {
        Piece piece = at == null || at == Thread.currentThread() ? queue.peek() : null;
        if (piece == null || piece.work() == null) {
          break;
        }
        at = Thread.currentThread();
        work = piece.work();
        queue.remove();
      }
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        // Whoever waited for a result has been told already.
        LOG.log(System.Logger.Level.ERROR, "work in a transaction failed", e);
      }
    }
    if (isOurs()) {
      passOn();
    }
  }

  // ---- what is done in a turn ----

  @Override
  protected void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the transaction has ended");
    }
  }

  /** One savepoint for all of {@code work}, in place of one for each of its statements. */
  private <R, X extends Exception> R inSavepoint(Session lent, Work<R, X> work) throws X {
    AutoSave each = autosave();
    Savepoint before = savepoint();
    R result;
    try {
      result = work.run(lent);
    } catch (Throwable e) {
      undo(before, each, e);
      throw e;
    }
    release(before, each);
    return result;
  }

  private AutoSave autosave() {
    try {
      return connection.unwrap(PGConnection.class).getAutosave();
    } catch (SQLException e) {
      throw PostgresFailure.translate(e);
    }
  }

  private Savepoint savepoint() {
    try {
      connection.unwrap(PGConnection.class).setAutosave(AutoSave.NEVER);
      return connection.setSavepoint();
    } catch (SQLException e) {
      throw PostgresFailure.translate(e);
    }
  }

  private void release(Savepoint savepoint, AutoSave each) {
    try {
      connection.releaseSavepoint(savepoint);
      connection.unwrap(PGConnection.class).setAutosave(each);
    } catch (SQLException e) {
      throw PostgresFailure.translate(e);
    }
  }

  private void undo(Savepoint savepoint, AutoSave each, Throwable failure) {
    try {
      connection.rollback(savepoint);
      connection.releaseSavepoint(savepoint);
      connection.unwrap(PGConnection.class).setAutosave(each);
    } catch (SQLException e) {
      failure.addSuppressed(e);
      breakBy(PostgresFailure.translate(e));
    }
  }

  // ---- its end ----

  /** Whether the database has answered it at all. */
  boolean hasAnswered() {
    return session.hasAnswered();
  }

  /**
   * Waits for the work that was given, does what is to be done last, and takes no more.
   *
   * @throws DatabaseException where nothing of it can be kept
   */
  void end() {
    inTurn(() -> {
      guarded(
          session,
          lent -> {
            doLast(lent);
            return true;
          });
      open = false;
      return true;
    });
  }

  /** Makes it last. To be called after {@link #end}, which leaves the connection to the caller. */
  void commit() {
    try {
      session.close();
      connection.commit();
    } catch (SQLException e) {
      DatabaseException failure = PostgresFailure.translate(e);
      breakBy(failure);
      throw failure;
    }
  }

  /** Waits for the work that is being done, and undoes everything. */
  void rollBack() {
    inTurn(() -> {
      open = false;
      try {
        session.close();
        connection.rollback();
      } catch (SQLException e) {
        throw PostgresFailure.translate(e);
      }
      return true;
    });
  }
}
