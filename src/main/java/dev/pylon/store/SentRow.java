package dev.pylon.store;

import dev.pylon.model.PylonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row that somebody brings back.
 *
 * @param index where it stood among the rows of its entity, from 0
 * @param line where it began in what was sent, from 1
 * @param members as they were sent, {@code id} among them where it has one
 */
public record SentRow(String entity, long index, long line, Map<String, @Nullable Object> members) {

  /**
   * The id it had.
   *
   * @return null where it is to be given one
   * @throws PylonException {@code INVALID_DATA} where it has one that is no text
   */
  @Nullable String id() {
    Object id = members.get("id");
    if (id == null || id instanceof String) {
      return (String) id;
    }
    throw new PylonException(StoreError.INVALID_DATA, "\"id\" takes text").with("field", "id");
  }

  /** {@code refusal}, telling which row it is about. */
  PylonException named(PylonException refusal) {
    return refusal.with("entity", entity).with("index", index).with("line", line);
  }
}
