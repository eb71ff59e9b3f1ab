package dev.pylon.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row that a transaction changed. Both images are the full row; what of them goes to a live
 * client depends on who that is.
 *
 * @param seq its number in the {@link ChangeLog}; 0 before the commit
 * @param before the row as it was; null for an insert
 * @param after the row as it is; null for a delete
 * @param fields what an update changed, in the order it was written; empty for other kinds
 */
public record Change(
    long seq,
    String entity,
    String rowId,
    Kind kind,
    @Nullable Map<String, @Nullable Object> before,
    @Nullable Map<String, @Nullable Object> after,
    List<String> fields,
    Instant at) {
  public Change {
    fields = List.copyOf(fields);
  }

  /** What happened to the row. */
  public enum Kind {
    INSERT,
    UPDATE,
    DELETE
  }

  Change numbered(long number) {
    return new Change(number, entity, rowId, kind, before, after, fields, at);
  }

  /**
   * What a reader needs who saw the row before: the whole row after an insert, the changed fields
   * after an update, null after a delete.
   */
  public @Nullable Map<String, @Nullable Object> data() {
    if (after == null || kind != Kind.UPDATE) {
      return after;
    }
    var changed = new LinkedHashMap<String, @Nullable Object>();
    fields.forEach(field -> changed.put(field, after.get(field)));
    return changed;
  }
}
