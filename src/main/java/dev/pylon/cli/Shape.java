package dev.pylon.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the shape of a JSON value, written as a person would, into a JSON Schema:
 *
 * <pre>{ok: bool, value?: any, ms: {total: number, ...}, files: text[], next: text|null}</pre>
 *
 * <p>A member with {@code ?} may be missing; {@code ...} says that there may be others. Words are
 * {@code text}, {@code whole}, {@code number}, {@code bool}, {@code null}, {@code any}; a word in
 * capitals is that text itself.
 */
final class Shape {
  private static final Map<String, String> TYPES =
      Map.of(
          "text", "string", "whole", "integer", "number", "number", "bool", "boolean", "null",
          "null");

  private final String text;
  private int at;

  private Shape(String text) {
    this.text = text;
  }

  /** The JSON Schema of {@code text}. */
  static Map<String, Object> schema(String text) {
    var shape = new Shape(text);
    Map<String, Object> schema = shape.choice();
    shape.skipSpace();
    if (shape.at < text.length()) {
      throw shape.unreadable();
    }
    return schema;
  }

  private IllegalArgumentException unreadable() {
    return new IllegalArgumentException("no shape from letter %d on: %s".formatted(at, text));
  }

  private Map<String, Object> choice() {
    var choices = new ArrayList<Map<String, Object>>();
    do {
      choices.add(listed());
    } while (take("|"));
    return choices.size() == 1 ? choices.getFirst() : Map.of("anyOf", List.copyOf(choices));
  }

  private Map<String, Object> listed() {
    Map<String, Object> schema = take("{") ? object() : word();
    while (take("[]")) {
      var list = new LinkedHashMap<String, Object>();
      list.put("type", "array");
      list.put("items", schema);
      schema = list;
    }
    return schema;
  }

  private Map<String, Object> word() {
    String word = name();
    if (word.equals("any")) {
      return Map.of();
    }
    String type = TYPES.get(word);
    return type == null ? Map.of("const", word) : Map.of("type", type);
  }

  private Map<String, Object> object() {
    var members = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    boolean open = false;
    while (!take("}")) {
      if (take("...")) {
        open = true;
      } else {
        String name = name();
        if (!take("?")) {
          required.add(name);
        }
        if (!take(":")) {
          throw unreadable();
        }
        members.put(name, choice());
      }
      if (!take(",") && !(at < text.length() && text.charAt(at) == '}')) {
        throw unreadable();
      }
    }
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", "object");
    schema.put("properties", members);
    schema.put("required", required);
    if (open) {
      schema.put("additionalProperties", true);
    }
    return schema;
  }

  private String name() {
    skipSpace();
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (start == at) {
      throw unreadable();
    }
    return text.substring(start, at);
  }

  private boolean take(String token) {
    skipSpace();
    if (!text.startsWith(token, at)) {
      return false;
    }
    at += token.length();
    skipSpace();
    return true;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
