package dev.pylon.store;

import dev.pylon.model.Deadline;
import dev.pylon.schema.Manifest;

/**
 * The rows of one application as one caller may see and change them. Thread-safe. Reads see what is
 * committed.
 */
public interface Rows extends Reads {

  /** The manifest the rows fit. */
  Manifest manifest();

  /**
   * Runs {@code work} in one transaction, on the caller's thread: commits when it returns, rolls
   * back when it throws. Changes are announced to commit listeners after the commit, in commit
   * order, before this method returns, and never for a transaction that rolled back.
   *
   * <p>Where the database lets writers run at the same time, {@code work} may be run more than
   * once: whatever it does outside of {@code tx} it must be able to do again.
   *
   * @param patience how long to wait for the writers before us
   * @throws dev.pylon.model.PylonException {@code LOCK_FAILED} where patience ran out, {@code
   *     BEGIN_FAILED}, {@code COMMIT_FAILED}, {@code TX_CONFLICT}
   * @throws X whatever {@code work} throws, after the rollback
   */
  <R, X extends Exception> R write(Deadline patience, Writing<R, X> work) throws X;

  /** Work inside a transaction. */
  @FunctionalInterface
  interface Writing<R, X extends Exception> {
    R run(Transaction tx) throws X;
  }
}
