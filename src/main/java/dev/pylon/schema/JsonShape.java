package dev.pylon.schema;

import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object and where it stands, asked for members of a certain type. What is not as it should
 * be is refused by name: {@code entities[0].fields[2].type: expected a string}.
 */
record JsonShape(Map<String, @Nullable Object> members, String path) {

  /** The JSON has another shape than a manifest. */
  static final class MisshapenException extends RuntimeException {
    private final String path;

    MisshapenException(String path, String expected) {
      super(path + ": expected " + expected);
      this.path = path;
    }

    /** The way to what is not as it should be. */
    String path() {
      return path;
    }
  }

  String text(String name) {
    String text = textOrNull(name);
    if (text == null) {
      throw misshapen(name, "a string");
    }
    return text;
  }

  @Nullable String textOrNull(String name) {
    return switch (members.get(name)) {
      case null -> null;
      case String text -> text;
      default -> throw misshapen(name, "a string");
    };
  }

  String text(String name, String otherwise) {
    String text = textOrNull(name);
    return text == null ? otherwise : text;
  }

  boolean flag(String name) {
    if (members.get(name) instanceof Boolean flag) {
      return flag;
    }
    throw misshapen(name, "true or false");
  }

  boolean flag(String name, boolean otherwise) {
    return members.get(name) == null ? otherwise : flag(name);
  }

  long number(String name) {
    if (members.get(name) instanceof Long number && number >= 0) {
      return number;
    }
    throw misshapen(name, "a whole number");
  }

  long number(String name, long otherwise) {
    return members.get(name) == null ? otherwise : number(name);
  }

  /** The object called {@code name}; an empty one where it is absent. */
  JsonShape part(String name) {
    return switch (members.get(name)) {
      case null -> new JsonShape(Map.of(), at(name));
      case Map<?, ?> map -> new JsonShape(Json.asObject(map), at(name));
      default -> throw misshapen(name, "an object");
    };
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  /** The objects in the array called {@code name}, each read by {@code reader}. */
  <T> List<T> parts(String name, Function<JsonShape, T> reader) {
    if (!(members.get(name) instanceof List<?> items)) {
      throw misshapen(name, "an array");
    }
    var parts = new ArrayList<T>();
    for (Object item : items) {
      String path = at(name) + "[" + parts.size() + "]";
      if (!(item instanceof Map<?, ?> map)) {
        throw new MisshapenException(path, "an object");
      }
      parts.add(reader.apply(new JsonShape(Json.asObject(map), path)));
    }
    return parts;
  }

  /** As {@link #parts}, but an absent array is an empty one. */
  <T> List<T> optionalParts(String name, Function<JsonShape, T> reader) {
    return has(name) ? parts(name, reader) : List.of();
  }

  List<String> texts(String name) {
    if (!(members.get(name) instanceof List<?> items)) {
      throw misshapen(name, "an array of strings");
    }
    var texts = new ArrayList<String>();
    for (Object item : items) {
      if (!(item instanceof String text)) {
        throw misshapen(name, "an array of strings");
      }
      texts.add(text);
    }
    return texts;
  }

  List<String> optionalTexts(String name) {
    return has(name) ? texts(name) : List.of();
  }

  MisshapenException misshapen(String name, String expected) {
    return new MisshapenException(at(name), expected);
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
