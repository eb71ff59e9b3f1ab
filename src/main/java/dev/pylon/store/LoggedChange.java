package dev.pylon.store;

import dev.pylon.store.Change.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the {@link ChangeLog}. It keeps no copy of what the row became: whoever serves it
 * reads the row as it is now.
 *
 * @param fields what an update changed; empty for other kinds
 * @param before the row as it was, for the fields there were then; null for an insert, and where
 *     the entity had no policy to judge it by
 */
public record LoggedChange(
    long seq,
    String entity,
    String rowId,
    Kind kind,
    List<String> fields,
    @Nullable Map<String, @Nullable Object> before,
    Instant at) {
  public LoggedChange {
    fields = List.copyOf(fields);
  }
}
