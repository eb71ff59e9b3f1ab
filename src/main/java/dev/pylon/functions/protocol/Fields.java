package dev.pylon.functions.protocol;

import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of one frame, asked for by the type they should have. */
record Fields(Map<String, @Nullable Object> members) {

  boolean has(String name) {
    return members.containsKey(name);
  }

  @Nullable Object get(String name) {
    return members.get(name);
  }

  /** A string, or a scalar as text, or the empty string. */
  String text(String name) {
    Object value = members.get(name);
    return value == null ? "" : value.toString();
  }

  @Nullable String opId() {
    return members.get("op_id") instanceof String id ? id : null;
  }

  Optional<Long> number(String name) {
    return members.get(name) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  /** The member as JSON text; {@code absent} where it is missing. */
  RawJson raw(String name, RawJson absent) {
    return members.containsKey(name) ? Json.raw(members.get(name)) : absent;
  }

  /** A structure read as plain values, a scalar as it is. */
  @Nullable Object value(String name) {
    Object value = members.get(name);
    return value instanceof RawJson raw ? Json.parse(raw.bytes()) : value;
  }

  /** The member where it is an object, else null. */
  @Nullable Map<String, @Nullable Object> object(String name) {
    return value(name) instanceof Map<?, ?> map ? Json.asObject(map) : null;
  }

  /** The objects of a member that is an array; their own structures stay JSON text. */
  List<Fields> objects(String name) {
    var objects = new ArrayList<Fields>();
    if (value(name) instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof Map<?, ?> map) {
          objects.add(new Fields(shallow(Json.asObject(map))));
        }
      }
    }
    return objects;
  }

  private static Map<String, @Nullable Object> shallow(Map<String, @Nullable Object> map) {
    var members = new HashMap<String, @Nullable Object>(map);
    members.replaceAll(
        (_, value) -> value instanceof Map || value instanceof List ? Json.raw(value) : value);
    return members;
  }

  /** The strings of a member that is an array. */
  List<String> texts(String name) {
    var texts = new ArrayList<String>();
    if (value(name) instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof String text) {
          texts.add(text);
        }
      }
    }
    return List.copyOf(texts);
  }
}
