package dev.pylon.server.routes;

import dev.pylon.model.ErrorCode;

/** How the routes of the data area refuse, beside what the store itself refuses. */
public enum DataError implements ErrorCode {
  ACTION_MISSING_INPUT(400),
  ACTION_NOT_FOUND(404),
  INVALID_QUERY(400),
  MISSING_ENTITY(400),
  MISSING_FIELD(400),
  MISSING_OPERATIONS(400),
  RESET_REFUSED(403);

  private final int status;

  DataError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
