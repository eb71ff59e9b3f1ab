package dev.pylon.cli.codegen;

import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a validator accepts, as a TypeScript type (functions contract, 2.7). */
final class ValidatorType {
  private ValidatorType() {}

  /** The type of one validator; {@code unknown} for kinds we have not heard of. */
  static String of(@Nullable Object validator) {
    if (!(validator instanceof Map<?, ?> map)) {
      return "unknown";
    }
    Map<String, @Nullable Object> members = Json.asObject(map);
    return switch (String.valueOf(members.get("type"))) {
      case "string", "id" -> "string";
      case "number", "int" -> "number";
      case "boolean" -> "boolean";
      case "null" -> "null";
      case "literal" -> literal(members.get("value"));
      case "array" -> "Array<" + of(members.get("items")) + ">";
      case "object" ->
          members.get("fields") instanceof Map<?, ?> fields
              ? object(Json.asObject(fields))
              : "object";
      case "union" -> union(members.get("variants"));
      default -> "unknown";
    };
  }

  /** Whether a key with this validator may be left out. */
  static boolean isOptional(@Nullable Object validator) {
    return validator instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("optional"));
  }

  /** The members of an object, each as {@code name?: type}. */
  static List<String> members(Map<String, @Nullable Object> fields) {
    var lines = new ArrayList<String>();
    fields.forEach((name, validator) ->
        lines.add(Names.key(name) + (isOptional(validator) ? "?" : "") + ": " + of(validator)));
    return lines;
  }

  private static String object(Map<String, @Nullable Object> fields) {
    return fields.isEmpty()
        ? "Record<string, unknown>"
        : "{ " + String.join("; ", members(fields)) + " }";
  }

  private static String literal(@Nullable Object value) {
    return value instanceof Map || value instanceof List ? "unknown" : Json.text(value);
  }

  private static String union(@Nullable Object variants) {
    if (!(variants instanceof List<?> list) || list.isEmpty()) {
      return "unknown";
    }
    var types = new LinkedHashSet<String>();
    for (Object variant : list) {
      types.add(of(variant));
    }
    return types.contains("unknown") ? "unknown" : String.join(" | ", types);
  }
}
