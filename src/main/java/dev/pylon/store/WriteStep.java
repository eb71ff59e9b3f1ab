package dev.pylon.store;

import dev.pylon.db.Work;
import dev.pylon.model.Identity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sees every row before it is written, whoever writes it, inside the transaction, and may change or
 * refuse it. A refusal is a {@link dev.pylon.model.PylonException} with the step's own code, status
 * and message; the caller reads it as it is, a function's handler may catch it. Steps run in the
 * order they were added, each on what the one before it answered; what they answer is checked like
 * what a caller sends.
 *
 * <p>They run where statements run, so they must be quick and wait for nothing but the occasion's
 * rows.
 */
public interface WriteStep {

  /** What a step may use. Valid until the step returns. */
  interface Occasion {
    /** Who writes. */
    Identity caller();

    /** All rows, with what the transaction has written so far. */
    Reads rows();

    /** Reads and writes our own tables; commits with the row. */
    <R, X extends Exception> R own(Work<R, X> work) throws X;
  }

  /** Returns the row to be added, which is {@code row} where nothing is to be changed. */
  default Map<String, @Nullable Object> beforeInsert(
      Occasion occasion, String entity, Map<String, @Nullable Object> row) {
    return row;
  }

  /**
   * Returns the fields to be changed, which are {@code patch} where it is fine.
   *
   * @param before the row as it is
   */
  default Map<String, @Nullable Object> beforeUpdate(
      Occasion occasion,
      String entity,
      Map<String, @Nullable Object> before,
      Map<String, @Nullable Object> patch) {
    return patch;
  }

  /**
   * @param before the row that is about to go
   */
  default void beforeDelete(
      Occasion occasion, String entity, Map<String, @Nullable Object> before) {}
}
