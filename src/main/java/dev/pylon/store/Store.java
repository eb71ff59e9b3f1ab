package dev.pylon.store;

import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaPlan;

/** The rows of one application. Thread-safe. Reads see what is committed. */
public interface Store extends Reads, AutoCloseable {

  /** The manifest the rows fit. */
  Manifest manifest();

  /**
   * Runs {@code work} in one transaction, on the caller's thread: commits when it returns, rolls
   * back when it throws. Changes are announced to commit listeners after the commit, in commit
   * order, before this method returns, and never for a transaction that rolled back.
   *
   * @param patience how long to wait for the writers before us
   * @throws dev.pylon.model.PylonException {@code LOCK_FAILED} where patience ran out, {@code
   *     BEGIN_FAILED}, {@code COMMIT_FAILED}
   * @throws X whatever {@code work} throws, after the rollback
   */
  <R, X extends Exception> R write(Deadline patience, Writing<R, X> work) throws X;

  /** Reads our own tables as they are committed. */
  <R, X extends Exception> R own(Work<R, X> work) throws X;

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

  @Override
  void close();

  /** Work inside a transaction. */
  @FunctionalInterface
  interface Writing<R, X extends Exception> {
    R run(Transaction tx) throws X;
  }
}
