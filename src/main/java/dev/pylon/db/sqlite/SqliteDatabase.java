package dev.pylon.db.sqlite;

import dev.pylon.db.Announcements;
import dev.pylon.db.Announcements.Announcement;
import dev.pylon.db.Database;
import dev.pylon.db.DatabaseError;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An SQLite database: one connection that writes and several that read, each on a thread of its
 * own. Thread-safe.
 *
 * <p>The driver is native code and would pin a virtual thread to its carrier while a statement
 * runs; so a statement crosses over to a thread of ours, and its caller waits. Writers take turns,
 * first come, first served. Readers never wait for a writer.
 */
public final class SqliteDatabase implements Database {
  /** Reading connections. They share the load only where statements are slow. */
  private static final int READERS = 4;

  /** The longest a reading statement may take. */
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);

  /** The longest a writing statement may take; an index over many rows takes a while. */
  private static final Duration WRITE_LIMIT = Duration.ofMinutes(10);

  /** How long {@link #close} waits for what is running. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private final SqliteFile file;
  private final Lanes writer;
  private final Lanes readers;
  private final Checkpoints checkpoints;
  private final Semaphore turn = new Semaphore(1, true);
  private final Announcements announcements = new Announcements();

  private SqliteDatabase(SqliteFile file, Lanes writer, Lanes readers, Checkpoints checkpoints) {
    this.file = file;
    this.writer = writer;
    this.readers = readers;
    this.checkpoints = checkpoints;
  }

  /**
   * Opens the database in {@code path}, which is made with its folder where there is none.
   *
   * @throws PylonException {@code DATABASE_UNAVAILABLE}, with what is wrong with the file
   */
  public static SqliteDatabase open(Path path) {
    return open(SqliteFile.at(path), READERS);
  }

  /** The same for a database that is asked little: it has one reading connection. */
  public static SqliteDatabase openSmall(Path path) {
    return open(SqliteFile.at(path), 1);
  }

  /** Opens an empty database that is gone when it is closed. */
  public static SqliteDatabase temporary() {
    return temporary(READERS);
  }

  /** The same for a database that is asked little: it has one reading connection. */
  public static SqliteDatabase temporarySmall() {
    return temporary(1);
  }

  private static SqliteDatabase temporary(int readers) {
    try {
      return open(SqliteFile.inTemporaryFolder(), readers);
    } catch (IOException e) {
      throw new PylonException(
          DatabaseError.DATABASE_UNAVAILABLE, "No room for a temporary database", e);
    }
  }

  private static SqliteDatabase open(SqliteFile file, int readersCount) {
    var opened = new ArrayList<Connection>();
    try {
      opened.add(file.openWriter());
      opened.add(file.openWriter());
      for (int i = 0; i < readersCount; i++) {
        opened.add(file.openReader());
      }
      var writer = Lanes.ofWriter("sqlite-writer", opened.getFirst(), WRITE_LIMIT);
      var checkpoints = Lanes.ofWriter("sqlite-checkpoints", opened.get(1), WRITE_LIMIT);
      var readers = Lanes.ofReaders("sqlite-reader", opened.subList(2, opened.size()), READ_LIMIT);
      writer.start();
      checkpoints.start();
      readers.start();
      return new SqliteDatabase(file, writer, readers, new Checkpoints(checkpoints));
    } catch (DatabaseException e) {
      var refusal =
          new PylonException(
              DatabaseError.DATABASE_UNAVAILABLE, file.path() + ": " + e.getMessage(), e);
      SqliteFile.closeAll(opened, refusal);
      throw refusal;
    }
  }

  @Override
  public Dialect dialect() {
    return SqliteDialect.INSTANCE;
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R read(Work<R, X> work) throws X {
    return readers.call(work);
  }

  @Override
  public void execute(Runnable work) {
    readers.submit(_ -> work.run());
  }

  @Override
  public boolean tryExecute(List<? extends Runnable> work) {
    return readers.tryRun(work);
  }

  @Override
  public <R, X extends Exception> R write(Deadline patience, InTransaction<R, X> work) throws X {
    awaitTurn(patience);
    var transaction = new SqliteTransaction(writer);
    R result;
    try {
      result = work.run(transaction);
    } catch (Throwable e) {
      rollBackAfter(transaction, e);
      throw e;
    }
    announcements.deliver(commit(transaction).await());
    return result;
  }

  /** Queues the commit, and gives the turn away: who has it next is queued behind. */
  private Awaited<Announcement, RuntimeException> commit(SqliteTransaction transaction) {
    try {
      return transaction.commit(() -> {
        checkpoints.committed();
        return announcements.enqueue(transaction.wordsAfterCommit());
      });
    } finally {
      turn.release();
    }
  }

  private void rollBackAfter(SqliteTransaction transaction, Throwable failure) {
    try {
      Awaited<Boolean, RuntimeException> end;
      try {
        end = transaction.rollBack();
      } finally {
        turn.release();
      }
      boolean unused = end.await();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void awaitTurn(Deadline patience) {
    try {
      if (turn.tryAcquire(patience.remainingNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException(
          DatabaseException.Reason.INTERRUPTED, "interrupted while waiting to write", e);
    }
    throw new DatabaseException(DatabaseException.Reason.BUSY, "other writers took too long", null);
  }

  @Override
  public void close() {
    // The writer last: it folds the write-ahead log into the file when nobody reads any more.
    try {
      readers.close(CLOSE_PATIENCE);
    } finally {
      try {
        checkpoints.close(CLOSE_PATIENCE);
      } finally {
        writer.close(CLOSE_PATIENCE);
      }
    }
    file.discard();
  }
}
