package dev.pylon.db;

import dev.pylon.model.Deadline;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One database, open. Thread-safe.
 *
 * <p>Statements run where the engine wants them to run. Whoever calls from elsewhere waits; whoever
 * is there already goes on directly.
 */
public interface Database extends AutoCloseable {
  /** How often work is run again after its first run. */
  int RERUNS_MAX = 3;

  Dialect dialect();

  /** Runs {@code work} on what is committed. The whole of it runs where statements run. */
  <R extends @Nullable Object, X extends Exception> R read(Work<R, X> work) throws X;

  /**
   * Hands {@code work} to a thread where statements of {@link #read} run, and returns at once. In
   * it {@link #read} runs directly.
   */
  void execute(Runnable work);

  /**
   * Runs pieces of {@code work} on this thread, one after the other, where statements of {@link
   * #read} can run here without waiting for anybody; in them {@link #read} runs directly, and all
   * see the same state. None may throw, or change a row it has read: others may have been given it.
   *
   * @return whether they were run; where not, nothing was done
   */
  boolean tryExecute(List<? extends Runnable> work);

  /**
   * Runs {@code work} in one transaction, on the caller's thread: commits when it returns, rolls
   * back when it throws. Transactions have the effect they would have one after the other. Where
   * writers run at the same time and one has met what another wrote meanwhile, its work is run
   * again from the start, whatever it threw, at most {@value #RERUNS_MAX} times.
   *
   * @param patience how long to wait for the writers before us
   * @throws X whatever {@code work} throws, after the rollback
   */
  <R, X extends Exception> R write(Deadline patience, InTransaction<R, X> work) throws X;

  /**
   * As {@link #write}, for work on our own tables that needs no more than that each statement does
   * all or nothing: what others commit meanwhile, its next statement sees. It is run once, and no
   * transaction is run again because of what it read.
   */
  default <R, X extends Exception> R writeOwn(Deadline patience, InTransaction<R, X> work)
      throws X {
    return write(patience, work);
  }

  /**
   * As {@link #writeOwn}, for work that changes tables: its statements may take minutes, and nobody
   * else who changes tables does so at the same time, in whichever process.
   */
  default <R, X extends Exception> R alter(Deadline patience, InTransaction<R, X> work) throws X {
    return write(patience, work);
  }

  /**
   * Has {@code words} said to all processes that {@linkplain #hear hear} of {@code channel}, this
   * one included; soon, in no certain order, and logged where that fails. Where nodes do not share
   * databases, as with SQLite, it does nothing.
   *
   * @param words 7,000 bytes at most
   */
  default void tell(String channel, String words) {}

  /**
   * Hears on this thread of what is told on {@code channel}, until the thread is interrupted. Where
   * nodes do not share databases it returns at once.
   */
  default void hear(String channel, Ear ear) {}

  /** Waits for the statements that are running, refuses all others. May be called twice. */
  @Override
  void close();

  /** Who hears what other processes tell. */
  interface Ear {

    /** What was told before now may have been missed. Said again after each loss of connection. */
    void begin();

    void heard(String words);
  }

  /** Work inside a transaction. */
  @FunctionalInterface
  interface InTransaction<R, X extends Exception> {
    R run(Transaction transaction) throws X;
  }

  /** An open transaction. Its statements run one after the other, in the order they were given. */
  interface Transaction {

    /**
     * Runs {@code work} with the session of this transaction. A statement that is refused has done
     * nothing, and the transaction goes on; what statements before it did stays.
     */
    <R, X extends Exception> R run(Work<R, X> work) throws X;

    /**
     * As {@link #run}, but where {@code work} throws, nothing that it did stays. A statement in it
     * that is refused must end it.
     */
    <R, X extends Exception> R atomically(Work<R, X> work) throws X;

    /**
     * Hands {@code work} to where the statements of this transaction run; in it {@link #run} runs
     * directly.
     */
    void execute(Runnable work);

    /**
     * Runs {@code work} as the last of this transaction, where its statements run, right before the
     * commit; where it throws nothing is committed. One may be given; it replaces the one before.
     */
    void beforeCommit(Consumer<Session> work);

    /**
     * Runs {@code work} once the commit has happened and before {@link Database#write} returns, in
     * commit order, one after the other; never after a rollback.
     */
    void afterCommit(Runnable work);
  }
}
