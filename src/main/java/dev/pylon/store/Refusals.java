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
      case UNIQUE, NOT_NULL, STATEMENT ->
          new PylonException(StoreError.QUERY_FAILED, "The query could not be run", e);
      case INTERRUPTED ->
          new PylonException(StoreError.QUERY_FAILED, "The query took too long and was stopped", e);
      case BUSY, READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
    };
  }

  /**
   * @param code what is said where the database is fine and the row is not
   */
  static PylonException ofWrite(StoreError code, String entity, DatabaseException e) {
    return switch (e.reason()) {
      case UNIQUE -> notUnique(code, entity, e);
      case NOT_NULL -> required(entity, e);
      case STATEMENT ->
          new PylonException(code, "\"%s\" could not be written".formatted(entity), e);
      case INTERRUPTED -> new PylonException(code, "The write took too long and was stopped", e);
      case BUSY, READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
    };
  }

  private static PylonException notUnique(StoreError code, String entity, DatabaseException e) {
    List<String> columns = e.columns();
    String quoted = columns.isEmpty() ? "A value" : '"' + String.join("\" + \"", columns) + '"';
    var refusal =
        new PylonException(
                code,
                "%s must be unique on \"%s\", and another row has the same"
                    .formatted(quoted, entity),
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
      case BUSY ->
          new PylonException(StoreError.LOCK_FAILED, "The database is busy: " + e.getMessage(), e);
      case READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
      case UNIQUE, NOT_NULL, STATEMENT, INTERRUPTED ->
          new PylonException(StoreError.BEGIN_FAILED, "The transaction could not begin", e);
    };
  }

  static PylonException ofCommit(DatabaseException e) {
    return new PylonException(
        StoreError.COMMIT_FAILED, "The changes were not saved: " + e.getMessage(), e);
  }

  static PylonException ofPush(DatabaseException e) {
    return switch (e.reason()) {
      case UNIQUE, NOT_NULL, STATEMENT, INTERRUPTED ->
          new PylonException(
              SchemaError.PUSH_FAILED, "The schema was not changed: " + e.getMessage(), e);
      case BUSY, READ_ONLY, FULL, CORRUPT, FAULT -> unavailable(e);
    };
  }

  private static PylonException unavailable(DatabaseException e) {
    return new PylonException(
        DatabaseError.DATABASE_UNAVAILABLE, "The database is not available: " + e.getMessage(), e);
  }
}
