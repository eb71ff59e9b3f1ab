package dev.pylon.db;

import dev.pylon.model.ErrorCode;

/** How the database itself refuses. */
public enum DatabaseError implements ErrorCode {
  /** It cannot be opened, or is read-only, full, damaged or gone. */
  DATABASE_UNAVAILABLE(503);

  private final int status;

  DatabaseError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
