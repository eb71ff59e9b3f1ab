package dev.pylon.db.sqlite;

import dev.pylon.db.Database;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One turn of the writer. Statements may be given from several threads; they run on the writer's,
 * to which all that changes here is confined, except the words, which have a lock of their own.
 */
final class SqliteTransaction implements Database.Transaction {
  private static final Sql BEGIN = Sql.of("BEGIN IMMEDIATE");
  private static final Sql COMMIT = Sql.of("COMMIT");
  private static final Sql ROLLBACK = Sql.of("ROLLBACK");
  private static final Sql SAVEPOINT = Sql.of("SAVEPOINT op");
  private static final Sql RELEASE = Sql.of("RELEASE op");
  private static final Sql ROLLBACK_TO = Sql.of("ROLLBACK TO op");

  private final Lanes writer;
  private final List<Runnable> words = new ArrayList<>();
  private volatile Consumer<Session> lastWork = _ -> {};

  /** Written by the writer's thread only. */
  private volatile boolean open;

  /**
   * After such a failure SQLite may have rolled back by itself; what followed would commit alone.
   */
  private @Nullable DatabaseException broken;

  SqliteTransaction(Lanes writer) {
    this.writer = writer;
  }

  /** Begins, runs {@code work}, and commits or rolls back. */
  <R, X extends Exception> R around(Database.InTransaction<R, X> work) throws X {
    writer.call(this::begin);
    try {
      R result = work.run(this);
      writer.call(this::commit);
      return result;
    } catch (Throwable e) {
      rollBackAfter(e);
      throw e;
    }
  }

  private boolean begin(Session session) {
    session.execute(BEGIN);
    open = true;
    return true;
  }

  private boolean commit(Session session) {
    if (broken != null) {
      throw broken;
    }
    lastWork.accept(session);
    session.execute(COMMIT);
    open = false;
    return true;
  }

  private void rollBackAfter(Throwable failure) {
    try {
      writer.call(this::rollBack);
    } catch (RuntimeException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  private boolean rollBack(Session session) {
    if (!open) {
      return false;
    }
    open = false;
    try {
      session.execute(ROLLBACK);
    } catch (DatabaseException e) {
      if (broken == null) {
        throw e;
      }
      // SQLite had rolled back before us: there is no transaction to end.
    }
    return true;
  }

  @Override
  public <R, X extends Exception> R run(Work<R, X> work) throws X {
    return writer.call(session -> guarded(session, work));
  }

  private <R, X extends Exception> R guarded(Session session, Work<R, X> work) throws X {
    requireOpen();
    if (broken != null) {
      throw broken;
    }
    try {
      return work.run(session);
    } catch (DatabaseException e) {
      if (e.reason().endsTransaction()) {
        broken = e;
      }
      throw e;
    }
  }

  private void requireOpen() {
    if (!open) {
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

  @Override
  public void beforeCommit(Consumer<Session> work) {
    lastWork = work;
  }

  @Override
  public void afterCommit(Runnable word) {
    synchronized (words) {
      words.add(word);
    }
  }

  /** What was to be said after the commit, in order. */
  List<Runnable> wordsAfterCommit() {
    synchronized (words) {
      return List.copyOf(words);
    }
  }
}
