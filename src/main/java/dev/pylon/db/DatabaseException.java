package dev.pylon.db;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement was refused. The message says what that means in our words; what the driver said is
 * the cause and goes to the log only.
 */
public final class DatabaseException extends RuntimeException {
  private final Reason reason;
  private final List<String> columns;

  /** What a failure means to us, whatever the engine calls it. */
  public enum Reason {
    /** A value that must be unique is there already. */
    UNIQUE(false),
    /** A column that must have a value got none. */
    NOT_NULL(false),
    /** A number is too large for its column. */
    RANGE(false),
    /** The statement itself was wrong, or a value was too large for it. */
    STATEMENT(false),
    /** Somebody else holds the lock. */
    BUSY(true),
    /** What it read or wrote, another transaction wrote meanwhile: to be run again as a whole. */
    CONFLICT(true),
    /** The connection to the database broke, or none could be made. */
    LOST(true),
    /** The database may not be written. */
    READ_ONLY(true),
    /** No room left. */
    FULL(true),
    /** What is stored is not a database, or is damaged. */
    CORRUPT(true),
    /** The statement was stopped, or the database closed. */
    INTERRUPTED(true),
    /** Reading or writing the medium failed, or something we have no name for. */
    FAULT(true);

    private final boolean endsTransaction;

    Reason(boolean endsTransaction) {
      this.endsTransaction = endsTransaction;
    }

    /** Whether a transaction cannot go on after it. */
    public boolean endsTransaction() {
      return endsTransaction;
    }
  }

  public DatabaseException(Reason reason, String message, @Nullable Throwable cause) {
    this(reason, message, List.of(), cause);
  }

  public DatabaseException(
      Reason reason, String message, List<String> columns, @Nullable Throwable cause) {
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
