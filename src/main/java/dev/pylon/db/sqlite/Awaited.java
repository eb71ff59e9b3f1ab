package dev.pylon.db.sqlite;

import dev.pylon.db.Session;
import dev.pylon.db.Work;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Work whose result somebody waits for. Run by one SQLite thread, awaited by the thread that made
 * it.
 *
 * <p>The wait ends with the statement: {@link SqliteDatabase} stops statements that run too long,
 * so this wait needs no clock of its own. An interrupt does not cut it short, because the work uses
 * what the waiting thread lent it; the interrupt is kept for whoever waits next.
 */
final class Awaited<R, X extends Exception> implements Task {
  private final Work<R, X> work;
  private final Thread waiter = Thread.currentThread();
  private @Nullable R result;
  private @Nullable Throwable failure;
  private volatile boolean done;

  Awaited(Work<R, X> work) {
    this.work = work;
  }

  @Override
  public void run(Session session) {
    try {
      result = work.run(session);
    } catch (Throwable e) {
      failure = e;
    }
    done = true;
    LockSupport.unpark(waiter);
  }

  /** The result of the work, once it has run. */
  R await() throws X {
    boolean interrupted = false;
    while (!done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      waiter.interrupt();
    }
    return answer();
  }

  @SuppressWarnings({
    "unchecked",
    "NullAway"
  }) // the work throws X or what is unchecked, and gives R
  private R answer() throws X {
    switch (failure) {
      case null -> {
        return result;
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw (X) e;
    }
  }
}
