package dev.pylon.store.query;

import dev.pylon.model.ErrorCode;

/** What can be wrong with a question to the store. */
public enum QueryError implements ErrorCode {
  /** A filter or a graph query says something we do not understand. */
  INVALID_QUERY(400),
  /** A column that the entity does not have. */
  INVALID_COLUMN(400);

  private final int status;

  QueryError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
