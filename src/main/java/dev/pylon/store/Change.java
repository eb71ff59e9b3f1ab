package dev.pylon.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row that a committed transaction changed.
 *
 * @param data the stored row after an insert, the changed fields after an update, null after a
 *     delete
 */
public record Change(
    String entity,
    String rowId,
    Kind kind,
    @Nullable Map<String, @Nullable Object> data,
    Instant at) {

  /** What happened to the row. */
  public enum Kind {
    INSERT,
    UPDATE,
    DELETE
  }
}
