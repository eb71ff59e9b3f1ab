package dev.pylon.db.postgres;

import static java.util.Objects.requireNonNull;

import dev.pylon.db.Announcements;
import dev.pylon.db.Announcements.Announcement;
import dev.pylon.db.Database;
import dev.pylon.db.DatabaseError;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.DatabaseException.Reason;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A Postgres database: some connections that read, others that write, so that a reader never waits
 * for a mutation. Thread-safe.
 *
 * <p>Statements run on the caller's thread, or on a virtual one of ours: the driver speaks over a
 * socket and holds up nobody else. Transactions are serializable; {@link Turns} says who runs again
 * after a conflict, and how.
 */
public final class PostgresDatabase implements Database {
  private static final System.Logger LOG = System.getLogger(PostgresDatabase.class.getName());

  private static final int READERS = 8;
  private static final int WRITERS = 8;

  /** Connections for our own tables, whose transactions are short. */
  private static final int KEEPERS = 2;

  /** Work waiting at which more is refused. Calls in flight are bounded well below it. */
  private static final int QUEUE_MAX = 100_000;

  /** The longest a statement may take. */
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);

  /** The same where tables change: an index over many rows takes a while. */
  private static final Duration ALTER_LIMIT = Duration.ofMinutes(10);

  /** How long a read waits for those before it. */
  private static final Duration READ_PATIENCE = Duration.ofSeconds(10);

  /** How long a commit waits for those before it. */
  private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(30);

  /** How long one who met a conflict waits to be alone; then it goes on beside the others. */
  private static final Duration ALONE_PATIENCE = Duration.ofSeconds(1);

  /** How long it waits for a turn at all, whatever its first patience was. */
  private static final Duration RERUN_PATIENCE = Duration.ofSeconds(5);

  /** How long who tells others something waits for its turn. */
  private static final Duration TELL_PATIENCE = Duration.ofSeconds(2);

  /** How long {@link #open} waits for the server, and {@link #close} for what is running. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Whoever changes tables holds this lock of the database until its end. */
  private static final Sql LOCK_TABLES = Sql.of("SELECT pg_advisory_xact_lock(7956010, 1)");

  private static final Sql TAKE_TIME =
      Sql.of("SET LOCAL statement_timeout = " + ALTER_LIMIT.toMillis());

  private final PostgresUrl url;
  private final PostgresPool readers;
  private final PostgresPool writers;
  private final PostgresPool keepers;
  private final Turns readTurns = new Turns(READERS);
  private final Turns writeTurns = new Turns(WRITERS);
  private final Turns keepTurns = new Turns(KEEPERS);
  private final AtomicInteger waiting = new AtomicInteger();
  private final Announcements announcements = new Announcements();

  /** Held from a commit to its place among the announcements, so that both have one order. */
  private final ReentrantLock committing = new ReentrantLock(true);

  /** The session of the read this thread is in, so that a read within it needs no second one. */
  private final ScopedValue<Session> reading = ScopedValue.newInstance();

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("postgres-", 0).factory());
  private volatile boolean closed;

  private PostgresDatabase(PostgresUrl url) {
    this.url = url;
    readers =
        new PostgresPool(
            "postgres-readers",
            url,
            READERS,
            STATEMENT_LIMIT,
            "default_transaction_read_only = on");
    writers =
        new PostgresPool(
            "postgres-writers",
            url,
            WRITERS,
            STATEMENT_LIMIT,
            "default_transaction_isolation = serializable");
    keepers =
        new PostgresPool(
            "postgres-keepers",
            url,
            KEEPERS,
            STATEMENT_LIMIT,
            "default_transaction_isolation = 'read committed'");
  }

  /**
   * Opens the database at {@code url}.
   *
   * @param url {@code postgres://user:password@host:port/database?sslmode=…}
   * @throws PylonException {@code DATABASE_UNAVAILABLE}, with where it is and what is wrong
   */
  public static PostgresDatabase open(String url) {
    PostgresUrl place = PostgresUrl.parse(url);
    try (Connection connection = PostgresPool.source(place, PATIENCE).getConnection()) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "database={0} version={1}",
          place,
          connection.getMetaData().getDatabaseProductVersion());
    } catch (SQLException e) {
      DatabaseException refusal = PostgresFailure.translate(e);
      throw new PylonException(
          DatabaseError.DATABASE_UNAVAILABLE, place + ": " + refusal.getMessage(), refusal);
    }
    return new PostgresDatabase(place);
  }

  @Override
  public Dialect dialect() {
    return PostgresDialect.INSTANCE;
  }

  // ---- reading ----

  @Override
  public <R extends @Nullable Object, X extends Exception> R read(Work<R, X> work) throws X {
    if (reading.isBound()) {
      return work.run(reading.get());
    }
    takeTurn(readTurns, Deadline.after(READ_PATIENCE), "other readers took too long");
    try {
      return readInTurn(work);
    } finally {
      readTurns.giveBack();
    }
  }

  /** Runs {@code work}, a second time where the connection had died before its first statement. */
  private <R, X extends Exception> R readInTurn(Work<R, X> work) throws X {
    var first = new Reading();
    try {
      return first.run(work);
    } catch (DatabaseException e) {
      if (e.reason() != Reason.LOST || first.hasAnswered()) {
        throw e;
      }
    }
    return new Reading().run(work);
  }

  /** One read, on one connection. */
  private final class Reading {
    private @Nullable PostgresSession session;

    boolean hasAnswered() {
      return session == null || session.hasAnswered();
    }

    <R, X extends Exception> R run(Work<R, X> work) throws X {
      Connection connection = readers.lend();
      try (var lent = new PostgresSession(connection)) {
        session = lent;
        return ScopedValue.where(reading, lent).call(() -> work.run(lent));
      } catch (DatabaseException e) {
        readers.discardIfLost(connection, e);
        throw e;
      } finally {
        readers.takeBack(connection);
      }
    }
  }

  /** Never: every statement waits for the network. */
  @Override
  public boolean tryExecute(List<? extends Runnable> work) {
    return false;
  }

  @Override
  public void execute(Runnable work) {
    requireOpen();
    if (waiting.incrementAndGet() > QUEUE_MAX) {
      waiting.decrementAndGet();
      throw new DatabaseException(Reason.BUSY, "too many statements are waiting", null);
    }
    threads.execute(() -> {
      waiting.decrementAndGet();
      work.run();
    });
  }

  private void takeTurn(Turns turns, Deadline patience, String otherwise) {
    requireOpen();
    try {
      if (!turns.take(patience)) {
        throw new DatabaseException(Reason.BUSY, otherwise, null);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static DatabaseException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new DatabaseException(Reason.INTERRUPTED, "interrupted while waiting for a turn", e);
  }

  private void requireOpen() {
    if (closed) {
      throw new DatabaseException(Reason.INTERRUPTED, "the database is closed", null);
    }
  }

  // ---- writing ----

  /** What a transaction gave, and what is to be said of it. */
  private record Committed<R>(@Nullable R result, @Nullable Announcement announcement) {}

  @Override
  public <R, X extends Exception> R write(Deadline patience, InTransaction<R, X> work) throws X {
    takeTurn(writeTurns, patience, "other writers took too long");
    var first = new Writing(writers);
    try {
      return told(first.run(work, writeTurns::giveBack));
    } catch (Throwable e) {
      DatabaseException conflict = first.conflict();
      if (conflict == null) {
        throw e;
      }
      return writeAgain(conflict, work);
    }
  }

  /**
   * Runs {@code work} again: alone among the writers of this process, so that only other processes
   * can still get in its way.
   */
  private <R, X extends Exception> R writeAgain(
      DatabaseException conflict, InTransaction<R, X> work) throws X {
    for (int run = 1; ; run++) {
      Runnable giveBack = takeTurnAfter(conflict);
      var again = new Writing(writers);
      try {
        return told(again.run(work, giveBack));
      } catch (Throwable e) {
        DatabaseException next = again.conflict();
        if (next == null) {
          throw e;
        }
        conflict.addSuppressed(next);
        if (run == RERUNS_MAX) {
          throw conflict;
        }
      }
    }
  }

  /** Waits to be alone, or beside the others where that takes too long; returns how to end it. */
  private Runnable takeTurnAfter(DatabaseException conflict) {
    try {
      if (writeTurns.takeAll(Deadline.after(ALONE_PATIENCE))) {
        return writeTurns::giveBackAll;
      }
      if (writeTurns.take(Deadline.after(RERUN_PATIENCE))) {
        return writeTurns::giveBack;
      }
      throw conflict;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public <R, X extends Exception> R writeOwn(Deadline patience, InTransaction<R, X> work) throws X {
    takeTurn(keepTurns, patience, "other writers took too long");
    return told(new Writing(keepers).run(work, keepTurns::giveBack));
  }

  @Override
  public <R, X extends Exception> R alter(Deadline patience, InTransaction<R, X> work) throws X {
    takeTurn(keepTurns, patience, "other writers took too long");
    var writing = new Writing(keepers);
    return told(
        writing.run(
            transaction -> {
              writing.takeTime();
              transaction.run(session -> {
                session.execute(
                    Sql.of("SET LOCAL lock_timeout = " + Math.max(1, patience.remainingMillis())));
                session.execute(TAKE_TIME);
                return session.execute(LOCK_TABLES);
              });
              return work.run(transaction);
            },
            keepTurns::giveBack));
  }

  @Override
  public void tell(String channel, String words) {
    Sql notify = Sql.of("SELECT pg_notify(?, ?)", channel, words);
    execute(() -> {
      try {
        boolean unused =
            writeOwn(
                Deadline.after(TELL_PATIENCE),
                transaction ->
                    transaction.run(session -> session.one(notify, _ -> true).isPresent()));
      } catch (DatabaseException e) {
        LOG.log(System.Logger.Level.WARNING, "other nodes were not told of something", e);
      }
    });
  }

  @Override
  public void hear(String channel, Ear ear) {
    new PostgresHearing(url, channel, ear).run();
  }

  /** Says what is to be said, when others may write again. */
  @SuppressWarnings("NullAway") // the result is what the work gave, null where R may be
  private <R> R told(Committed<R> committed) {
    if (committed.announcement() != null) {
      announcements.deliver(committed.announcement());
    }
    return committed.result();
  }

  /** One run of a transaction, on one connection. */
  private final class Writing {
    private final PostgresPool pool;
    private @Nullable Connection connection;
    private @Nullable PostgresTransaction transaction;

    Writing(PostgresPool pool) {
      this.pool = pool;
    }

    <R, X extends Exception> Committed<R> run(InTransaction<R, X> work, Runnable giveBack)
        throws X {
      try {
        return onConnection(pool.lend(), work);
      } finally {
        giveBack.run();
      }
    }

    private <R, X extends Exception> Committed<R> onConnection(
        Connection lent, InTransaction<R, X> work) throws X {
      var tx = new PostgresTransaction(lent, threads);
      connection = lent;
      transaction = tx;
      try {
        R result = work.run(tx);
        return new Committed<>(result, commit(tx));
      } catch (Throwable e) {
        rollBackAfter(tx, e);
        throw e;
      } finally {
        DatabaseException broken = tx.broken();
        if (broken != null) {
          pool.discardIfLost(lent, broken);
        }
        pool.takeBack(lent);
      }
    }

    private @Nullable Announcement commit(PostgresTransaction tx) {
      tx.end();
      if (tx.wordsAfterCommit().isEmpty()) {
        tx.commit();
        return null;
      }
      awaitCommit();
      try {
        tx.commit();
        return announcements.enqueue(tx.wordsAfterCommit());
      } finally {
        committing.unlock();
      }
    }

    private void awaitCommit() {
      try {
        if (!committing.tryLock(COMMIT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new DatabaseException(Reason.BUSY, "other commits took too long", null);
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }

    private static void rollBackAfter(PostgresTransaction tx, Throwable failure) {
      try {
        tx.rollBack();
      } catch (RuntimeException e) {
        if (e != failure) {
          failure.addSuppressed(e);
        }
      }
    }

    /**
     * Why the work has to be run again, or null: it met a conflict, or its connection had died
     * before the database answered anything.
     */
    @Nullable DatabaseException conflict() {
      PostgresTransaction tx = transaction;
      DatabaseException broken = tx == null ? null : tx.broken();
      if (tx == null || broken == null) {
        return null;
      }
      return switch (broken.reason()) {
        case CONFLICT -> broken;
        case LOST -> tx.hasAnswered() ? null : broken;
        default -> null;
      };
    }

    /** From now on statements on this connection may take as long as a change of tables does. */
    void takeTime() {
      try {
        requireNonNull(connection)
            .setNetworkTimeout(threads, (int) ALTER_LIMIT.plus(PATIENCE).toMillis());
      } catch (SQLException e) {
        throw PostgresFailure.translate(e);
      }
    }
  }

  /** Waits some time for what is running; what has not ended then is cut off. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    Deadline patience = Deadline.after(PATIENCE);
    try (readers;
        writers;
        keepers) {
      boolean ended =
          writeTurns.takeAll(patience)
              && keepTurns.takeAll(patience)
              && readTurns.takeAll(patience);
      if (!ended) {
        LOG.log(System.Logger.Level.WARNING, "statements were cut off when the database closed");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdown();
    }
  }
}
