package dev.pylon.store;

import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;

/**
 * How the store refuses. One set of codes whatever the database; what is wrong with a question is
 * said by {@link dev.pylon.store.query.QueryError}.
 */
public enum StoreError implements ErrorCode {
  ENTITY_NOT_FOUND(404),
  INVALID_DATA(400),
  RELATION_NOT_FOUND(400),
  /** A row that was brought back points at one that is not there. */
  REFERENCE_NOT_FOUND(400),
  RESULT_TOO_LARGE(400),
  SEARCH_NOT_CONFIGURED(400),
  /**
   * A row the database would not take; {@code reason: UNIQUE_VIOLATION} where one like it is there.
   */
  INSERT_FAILED(409),
  UPDATE_FAILED(409),
  DELETE_FAILED(500),
  QUERY_FAILED(500),
  /** An operation of a list that nobody could read. */
  TX_INVALID_OP(400),
  BEGIN_FAILED(500),
  COMMIT_FAILED(500),
  /** Others were writing for longer than the caller would wait. */
  LOCK_FAILED(503),
  /** Others changed the same rows, and running the work again did not help. */
  TX_CONFLICT(503);

  private final int status;

  StoreError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }

  /** The refusal of an answer with more than {@code rowsMax} rows. */
  public static PylonException tooLarge(int rowsMax) {
    return new PylonException(
            RESULT_TOO_LARGE, "The answer has more than %d rows".formatted(rowsMax))
        .with("hint", "ask for pages, or set a limit");
  }
}
