package dev.pylon.store;

import dev.pylon.db.DatabaseError;
import dev.pylon.db.DatabaseException;
import dev.pylon.model.PylonException;
import dev.pylon.schema.SchemaError;
import java.util.List;

/**
 * What a failure of the database means to a caller: a code and a sentence, never the driver's text.
 */
final class Refusals {
  private Refusals() {}

  static PylonException ofRead(DatabaseException e) {
    return switch (e.reason()) {
      case RANGE ->
          new PylonException(
              StoreError.RESULT_TOO_LARGE, "The answer has a number that is too large", e);
      case UNIQUE, NOT_NULL, STATEMENT ->
          new PylonException(StoreError.QUERY_FAILED, "The query could not be run", e);
      case INTERRUPTED ->
          new PylonException(StoreError.QUERY_FAILED, "The query took too long and was stopped", e);
      case CONFLICT -> conflict(e);
      case BUSY, LOST, READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
    };
  }

  /**
   * @param code what is said where the database is fine and the row is not
   */
  static PylonException ofWrite(StoreError code, String entity, DatabaseException e) {
    return switch (e.reason()) {
      case UNIQUE -> notUnique(code, entity, e);
      case NOT_NULL -> required(entity, e);
      case RANGE ->
          new PylonException(
              StoreError.INVALID_DATA,
              "A number is too large for its column of \"%s\"".formatted(entity),
              e);
      case STATEMENT ->
          new PylonException(code, "\"%s\" could not be written".formatted(entity), e);
      case INTERRUPTED -> new PylonException(code, "The write took too long and was stopped", e);
      case CONFLICT -> conflict(e);
      // The first write of a transaction is what takes the turn.
      case BUSY -> busy(e);
      case LOST, READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
    };
  }

  /** Handlers of real projects know it by the words "unique constraint", whatever their case. */
  private static PylonException notUnique(StoreError code, String entity, DatabaseException e) {
    List<String> columns = e.columns();
    String where = columns.isEmpty() ? "" : " on \"" + String.join("\" + \"", columns) + '"';
    var refusal =
        new PylonException(
                code,
                "\"%s\" has a unique constraint%s, and another row has the same"
                    .formatted(entity, where),
                e)
            .with("reason", "UNIQUE_VIOLATION");
    if (columns.isEmpty()) {
      return refusal;
    }
    var named = refusal.with("field", columns.getFirst());
    return columns.size() == 1 ? named : named.with("fields", columns);
  }

  private static PylonException required(String entity, DatabaseException e) {
    String column = e.columns().isEmpty() ? "a field" : e.columns().getFirst();
    return new PylonException(
            StoreError.INVALID_DATA, "\"%s\" of \"%s\" is required".formatted(column, entity), e)
        .with("field", column);
  }

  static PylonException ofBegin(DatabaseException e) {
    return switch (e.reason()) {
      case BUSY -> busy(e);
      case CONFLICT -> conflict(e);
      case LOST, READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
      case UNIQUE, NOT_NULL, RANGE, STATEMENT, INTERRUPTED ->
          new PylonException(StoreError.BEGIN_FAILED, "The transaction could not begin", e);
    };
  }

  /** What ended a transaction before its commit: nothing of it is there. */
  static PylonException ofWork(DatabaseException e) {
    return switch (e.reason()) {
      case CONFLICT -> conflict(e);
      case BUSY, LOST, READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
      case UNIQUE, NOT_NULL, RANGE, STATEMENT, INTERRUPTED -> notSaved(e);
    };
  }

  static PylonException ofCommit(DatabaseException e) {
    return switch (e.reason()) {
      case CONFLICT -> conflict(e);
      case LOST ->
          new PylonException(
                  DatabaseError.DATABASE_UNAVAILABLE,
                  "The database was lost while the changes were being saved: they may be there or"
                      + " not",
                  e)
              .with("saved", "unknown");
      case BUSY -> unavailable(e);
      default -> notSaved(e);
    };
  }

  private static PylonException notSaved(DatabaseException e) {
    return new PylonException(
        StoreError.COMMIT_FAILED, "The changes were not saved: " + e.getMessage(), e);
  }

  private static PylonException busy(DatabaseException e) {
    return new PylonException(StoreError.LOCK_FAILED, "The database is busy: " + e.getMessage(), e);
  }

  private static PylonException conflict(DatabaseException e) {
    return new PylonException(
        StoreError.TX_CONFLICT,
        "Others changed the same rows at the same time, again and again; try again shortly",
        e);
  }

  static PylonException ofPush(DatabaseException e) {
    return switch (e.reason()) {
      case UNIQUE, NOT_NULL, RANGE, STATEMENT, INTERRUPTED, CONFLICT ->
          new PylonException(
              SchemaError.PUSH_FAILED, "The schema was not changed: " + e.getMessage(), e);
      case BUSY, LOST, READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
    };
  }

  private static PylonException unavailable(DatabaseException e) {
    return new PylonException(
        DatabaseError.DATABASE_UNAVAILABLE, "The database is not available: " + e.getMessage(), e);
  }
}
