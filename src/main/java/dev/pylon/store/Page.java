package dev.pylon.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Some rows in the order of their ids.
 *
 * @param nextCursor where the next page begins; null when this is the last
 */
public record Page(List<Map<String, @Nullable Object>> rows, @Nullable String nextCursor) {
  public Page {
    rows = List.copyOf(rows);
  }

  /** Whether no rows follow. */
  public boolean isDone() {
    return nextCursor == null;
  }
}
