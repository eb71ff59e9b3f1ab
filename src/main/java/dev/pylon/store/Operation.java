package dev.pylon.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One write of a list of writes that somebody sent (data contract, 3.6). */
public sealed interface Operation {
  String entity();

  record Insert(String entity, Map<String, @Nullable Object> data) implements Operation {}

  record Update(String entity, String id, Map<String, @Nullable Object> data)
      implements Operation {}

  record Delete(String entity, String id) implements Operation {}
}
