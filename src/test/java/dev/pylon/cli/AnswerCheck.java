package dev.pylon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares a JSON value with a schema, for the words of JSON Schema that {@link Shape} writes. A
 * member that the schema does not name is a problem where it does not say that there may be others:
 * so that what a command answers anew is written down.
 */
final class AnswerCheck {
  private AnswerCheck() {}

  /** What is wrong with {@code value}, by its place; empty where it fits. */
  static List<String> problems(Map<?, ?> schema, @Nullable Object value) {
    return problems(schema, value, "$");
  }

  private static List<String> problems(Map<?, ?> schema, @Nullable Object value, String at) {
    if (schema.get("anyOf") instanceof List<?> choices) {
      var all = new ArrayList<String>();
      for (Object choice : choices) {
        List<String> problems = problems((Map<?, ?>) choice, value, at);
        if (problems.isEmpty()) {
          return problems;
        }
        all.addAll(problems);
      }
      return all;
    }
    if (schema.get("const") instanceof String constant) {
      return constant.equals(value) ? List.of() : List.of(at + ": not " + constant);
    }
    if (!(schema.get("type") instanceof String type)) {
      return List.of();
    }
    return switch (type) {
      case "object" ->
          value instanceof Map<?, ?> map ? ofObject(schema, map, at) : List.of(at + ": no object");
      case "array" ->
          value instanceof List<?> list ? ofList(schema, list, at) : List.of(at + ": no list");
      default ->
          isOf(type, value) ? List.of() : List.of("%s: %s is no %s".formatted(at, value, type));
    };
  }

  private static boolean isOf(String type, @Nullable Object value) {
    return switch (type) {
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Long || value instanceof Integer;
      case "number" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      case "null" -> value == null;
      default -> throw new IllegalArgumentException("no such type: " + type);
    };
  }

  private static List<String> ofList(Map<?, ?> schema, List<?> list, String at) {
    var problems = new ArrayList<String>();
    for (int i = 0; i < list.size(); i++) {
      problems.addAll(problems((Map<?, ?>) schema.get("items"), list.get(i), at + "[" + i + "]"));
    }
    return problems;
  }

  private static List<String> ofObject(Map<?, ?> schema, Map<?, ?> value, String at) {
    var problems = new ArrayList<String>();
    var members = (Map<?, ?>) schema.get("properties");
    for (Object name : (List<?>) schema.get("required")) {
      if (!value.containsKey(name)) {
        problems.add(at + ": " + name + " is missing");
      }
    }
    value.forEach((name, member) -> {
      if (members.get(name) instanceof Map<?, ?> shape) {
        problems.addAll(problems(shape, member, at + "." + name));
      } else if (schema.get("additionalProperties") == null) {
        problems.add(at + ": " + name + " is not in the schema");
      }
    });
    return problems;
  }
}
