package dev.pylon.store.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names for the ids that one store gives: {@code #1}, {@code #2}, …, in the order it gives them.
 */
final class Names {
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, String> ids = new HashMap<>();

  /** Gives {@code id} a name. */
  String learn(String id) {
    String name = names.computeIfAbsent(id, _ -> "#" + (names.size() + 1));
    ids.put(name, id);
    return id;
  }

  /** How many there are. */
  int count() {
    return names.size();
  }

  /** {@code value} with names instead of ids, wherever they stand in it. */
  @Nullable Object toNames(@Nullable Object value) {
    return translated(value, names);
  }

  /** {@code value} with ids instead of names; a name that was never given stays. */
  @Nullable Object toIds(@Nullable Object value) {
    return translated(value, ids);
  }

  private static @Nullable Object translated(
      @Nullable Object value, Map<String, String> dictionary) {
    return switch (value) {
      case String text -> dictionary.getOrDefault(text, text);
      case List<?> list -> {
        List<@Nullable Object> translated = new ArrayList<>();
        list.forEach(item -> translated.add(translated(item, dictionary)));
        yield translated;
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> translated = new LinkedHashMap<>();
        map.forEach((key, item) ->
            translated.put(
                dictionary.getOrDefault(key, (String) key), translated(item, dictionary)));
        yield translated;
      }
      case null, default -> value;
    };
  }
}
