package dev.pylon.store;

import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaPlan;
import java.util.List;

/** The rows of one application, all of them, and the log of their changes. Thread-safe. */
public interface Store extends Rows, AutoCloseable {

  /** The rows as {@code access} lets them be seen and changed. */
  Rows as(Access access);

  /**
   * Runs {@code reads}, which are quick, one after the other on this thread, with the reading
   * methods of this view going on directly; all of them see the same state, and all that was
   * committed before. None may throw.
   *
   * @return false where nothing was done, for something would have to be waited for; {@link
   *     #execute} waits
   */
  boolean tryExecute(List<? extends Runnable> reads);

  /** What has changed, in order. */
  ChangeLog log();

  /** Reads our own tables as they are committed. */
  <R, X extends Exception> R own(Work<R, X> work) throws X;

  /**
   * Reads and writes our own tables in a transaction of its own, of which no more is asked than
   * that each statement does all or nothing.
   *
   * @throws dev.pylon.db.DatabaseException where the database refuses
   */
  <R, X extends Exception> R writeOwn(Deadline patience, Work<R, X> work) throws X;

  /**
   * As {@link #writeOwn}, for work that makes our own tables; nobody else changes tables at the
   * same time, in whichever process.
   */
  <R, X extends Exception> R makeOwn(Deadline patience, Work<R, X> work) throws X;

  /** From now on {@code step} sees every row before it is written. */
  void beforeWrite(WriteStep step);

  /** From now on {@code listener} hears of every commit. */
  void onCommit(CommitListener listener);

  /** What would have to happen so that the database fits {@code next}. Changes nothing. */
  SchemaPlan plan(Manifest next);

  /**
   * Makes the database fit {@code next}, adding only, and goes on with it. Nothing happens where
   * the plan is blocked.
   *
   * @param baseline who asks, for the history: {@code dev}, {@code start}, …
   * @return what was done
   * @throws dev.pylon.model.PylonException {@code PUSH_BLOCKED}; the old manifest stays in force
   */
  SchemaPlan apply(Manifest next, String baseline);

  /**
   * Puts some of the rows that are older than a search index into it, where any are lacking; a
   * search says {@code partial} until then. Goes on where it stopped, also after a restart.
   *
   * @return whether there is more to be done now
   */
  boolean fillIndexes();

  @Override
  void close();
}
