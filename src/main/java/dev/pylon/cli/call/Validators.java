package dev.pylon.cli.call;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the validators of a function (functions contract, 2.7) say about words typed for its
 * arguments. The server decides in the end; here text only finds its type.
 */
final class Validators {
  private Validators() {}

  static boolean isOptional(Map<String, @Nullable Object> validator) {
    return Boolean.TRUE.equals(validator.get("optional"));
  }

  static String type(@Nullable Map<String, @Nullable Object> validator) {
    return validator != null && validator.get("type") instanceof String type ? type : "any";
  }

  /** The validator of a member, or null where none is declared. */
  static @Nullable Map<String, @Nullable Object> member(
      @Nullable Map<String, @Nullable Object> validator, String name) {
    return validator != null
            && validator.get("fields") instanceof Map<?, ?> fields
            && fields.get(name) instanceof Map<?, ?> member
        ? Json.asObject(member)
        : null;
  }

  /** The validator of the items, or null where none is declared. */
  static @Nullable Map<String, @Nullable Object> items(
      @Nullable Map<String, @Nullable Object> validator) {
    return validator != null && validator.get("items") instanceof Map<?, ?> items
        ? Json.asObject(items)
        : null;
  }

  /** {@code text} as the type asks for; the text itself where it does not fit. */
  static @Nullable Object value(@Nullable Map<String, @Nullable Object> validator, String text) {
    if (validator == null) {
      return text;
    }
    return switch (type(validator)) {
      case "int", "number" -> number(text);
      case "boolean" -> text.equals("true") ? true : text.equals("false") ? (Object) false : text;
      case "null" -> text.equals("null") ? null : text;
      case "array", "object" -> json(text);
      case "literal" -> literal(validator.get("value"), text);
      case "union" -> union(validator, text);
      default -> text;
    };
  }

  private static Object number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      try {
        double number = Double.parseDouble(text);
        return Double.isFinite(number) ? (Object) number : text;
      } catch (NumberFormatException notANumber) {
        return text;
      }
    }
  }

  private static @Nullable Object json(String text) {
    try {
      return Json.parse(text);
    } catch (JsonException e) {
      return text;
    }
  }

  private static @Nullable Object literal(@Nullable Object value, String text) {
    return text.equals(value instanceof String string ? string : Json.text(value)) ? value : text;
  }

  private static @Nullable Object union(Map<String, @Nullable Object> validator, String text) {
    if (validator.get("variants") instanceof List<?> variants) {
      for (Object variant : variants) {
        if (variant instanceof Map<?, ?> one) {
          Map<String, @Nullable Object> candidate = Json.asObject(one);
          Object value = value(candidate, text);
          if (fits(candidate, value)) {
            return value;
          }
        }
      }
    }
    return text;
  }

  /** Whether a value has the validator's outer type. */
  static boolean fits(Map<String, @Nullable Object> validator, @Nullable Object value) {
    return switch (type(validator)) {
      case "string", "id" -> value instanceof String;
      case "int", "number" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      case "null" -> value == null;
      case "array" -> value instanceof List<?>;
      case "object" -> value instanceof Map<?, ?>;
      case "literal" ->
          value == null ? validator.get("value") == null : value.equals(validator.get("value"));
      case "union" ->
          !(validator.get("variants") instanceof List<?> variants)
              || variants.stream()
                  .anyMatch(variant ->
                      variant instanceof Map<?, ?> one && fits(Json.asObject(one), value));
      default -> true;
    };
  }

  /** As TypeScript would write it. */
  static String text(Map<String, @Nullable Object> validator) {
    return switch (type(validator)) {
      case "id" -> validator.get("table") instanceof String table ? "id(" + table + ")" : "id";
      case "array" -> {
        Map<String, @Nullable Object> items = items(validator);
        yield (items == null ? "any" : text(items)) + "[]";
      }
      case "object" -> object(validator);
      case "literal" -> Json.text(validator.get("value"));
      case "union" -> {
        var texts = new ArrayList<String>();
        if (validator.get("variants") instanceof List<?> variants) {
          for (Object variant : variants) {
            if (variant instanceof Map<?, ?> one) {
              texts.add(text(Json.asObject(one)));
            }
          }
        }
        yield String.join(" | ", texts);
      }
      default -> type(validator);
    };
  }

  private static String object(Map<String, @Nullable Object> validator) {
    if (!(validator.get("fields") instanceof Map<?, ?> fields)) {
      return "object";
    }
    var parts = new ArrayList<String>();
    Json.asObject(fields)
        .forEach((name, member) -> {
          if (member instanceof Map<?, ?> one) {
            Map<String, @Nullable Object> inner = Json.asObject(one);
            parts.add(name + (isOptional(inner) ? "?: " : ": ") + text(inner));
          }
        });
    return "{ " + String.join(", ", parts) + " }";
  }
}
