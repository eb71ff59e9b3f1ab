package dev.pylon.db.sqlite;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.OpenTransaction;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Work;
import java.util.function.Supplier;

/**
 * One turn of the writer. Statements may be given from several threads; they run on the writer's,
 * to which all that changes here is confined.
 *
 * <p>It begins with its first statement and ends in one piece of work, so nobody waits for a begin,
 * and the next turn can be given away as soon as the end is queued: whatever the next transaction
 * asks is queued behind it.
 *
 * <pre>
 *   NEW ──► OPEN ──► ENDED
 * </pre>
 */
final class SqliteTransaction extends OpenTransaction {
  private static final Sql BEGIN = Sql.of("BEGIN IMMEDIATE");
  private static final Sql COMMIT = Sql.of("COMMIT");
  private static final Sql ROLLBACK = Sql.of("ROLLBACK");
  private static final Sql SAVEPOINT = Sql.of("SAVEPOINT op");
  private static final Sql RELEASE = Sql.of("RELEASE op");
  private static final Sql ROLLBACK_TO = Sql.of("ROLLBACK TO op");

  private enum State {
    NEW,
    OPEN,
    ENDED
  }

  private final Lanes writer;

  /** Written by the writer's thread only. */
  private volatile State state = State.NEW;

  SqliteTransaction(Lanes writer) {
    this.writer = writer;
  }

  /**
   * Queues the commit. Where it fails everything is rolled back.
   *
   * @param then run right after the commit, where it ran
   */
  <R> Awaited<R, RuntimeException> commit(Supplier<R> then) {
    return writer.start(session -> {
      try {
        begun(
            session,
            last -> {
              doLast(last);
              return last.execute(COMMIT);
            });
      } catch (RuntimeException | Error e) {
        rollBackAfter(session, e);
        throw e;
      }
      state = State.ENDED;
      return then.get();
    });
  }

  private void rollBackAfter(Session session, Throwable failure) {
    try {
      rollBack(session);
    } catch (DatabaseException e) {
      failure.addSuppressed(e);
    }
  }

  /** Queues the undoing of everything. */
  Awaited<Boolean, RuntimeException> rollBack() {
    return writer.start(this::rollBack);
  }

  private boolean rollBack(Session session) {
    State before = state;
    state = State.ENDED;
    if (before != State.OPEN) {
      return false;
    }
    try {
      session.execute(ROLLBACK);
    } catch (DatabaseException e) {
      if (broken() == null) {
        throw e;
      }
      // SQLite had rolled back before us: there is no transaction to end.
    }
    return true;
  }

  @Override
  public <R, X extends Exception> R run(Work<R, X> work) throws X {
    return writer.call(session -> begun(session, work));
  }

  private <R, X extends Exception> R begun(Session session, Work<R, X> work) throws X {
    return guarded(
        session,
        writing -> {
          begin(writing);
          return work.run(writing);
        });
  }

  private void begin(Session session) {
    if (state == State.NEW) {
      session.execute(BEGIN);
      state = State.OPEN;
    }
  }

  @Override
  protected void requireOpen() {
    if (state == State.ENDED) {
      throw new IllegalStateException("the transaction has ended");
    }
  }

  @Override
  public <R, X extends Exception> R atomically(Work<R, X> work) throws X {
    return run(session -> inSavepoint(session, work));
  }

  private <R, X extends Exception> R inSavepoint(Session session, Work<R, X> work) throws X {
    session.execute(SAVEPOINT);
    try {
      R result = work.run(session);
      session.execute(RELEASE);
      return result;
    } catch (Throwable e) {
      undo(session, e);
      throw e;
    }
  }

  private static void undo(Session session, Throwable failure) {
    if (failure instanceof DatabaseException refused && refused.reason().endsTransaction()) {
      return;
    }
    session.execute(ROLLBACK_TO);
    session.execute(RELEASE);
  }

  @Override
  public void execute(Runnable work) {
    requireOpen();
    writer.submit(_ -> work.run());
  }
}
