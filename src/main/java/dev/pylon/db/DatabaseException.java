package dev.pylon.db;

import java.util.List;

/** A statement was refused. What the driver said is the cause and goes to the log only. */
public final class DatabaseException extends RuntimeException {
  private final Reason reason;
  private final List<String> columns;

  /** What a failure means to us, whatever the engine calls it. */
  public enum Reason {
    /** A value that must be unique is there already. */
    UNIQUE,
    /** A column that must have a value got none. */
    NOT_NULL,
    /** Somebody else holds the lock. */
    BUSY,
    /** The database may not be written. */
    READ_ONLY,
    /** No room left. */
    FULL,
    /** What is stored is not a database, or is damaged. */
    CORRUPT,
    /** The statement was stopped. */
    INTERRUPTED,
    /** Anything else. */
    OTHER
  }

  public DatabaseException(Reason reason, String message, List<String> columns, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.columns = List.copyOf(columns);
  }

  public Reason reason() {
    return reason;
  }

  /** The columns of the constraint that was broken, where that is known. */
  public List<String> columns() {
    return columns;
  }
}
