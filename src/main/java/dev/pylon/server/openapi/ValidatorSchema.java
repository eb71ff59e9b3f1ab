package dev.pylon.server.openapi;

import static dev.pylon.json.Json.object;

import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The validators of a function as the schema of what it takes (functions contract, 2.7). */
final class ValidatorSchema {
  private ValidatorSchema() {}

  /** Of the arguments; any object where the function declares none. */
  static Map<String, @Nullable Object> ofArguments(@Nullable RawJson validators) {
    return validators == null
        ? object("type", "object")
        : ofFields(Json.parseObject(validators.bytes()));
  }

  private static Map<String, @Nullable Object> ofFields(Map<String, @Nullable Object> fields) {
    var properties = new LinkedHashMap<String, @Nullable Object>();
    var required = new ArrayList<String>();
    fields.forEach((name, field) -> {
      Map<String, @Nullable Object> validator = members(field);
      properties.put(name, of(validator));
      if (!Boolean.TRUE.equals(validator.get("optional"))) {
        required.add(name);
      }
    });
    Map<String, @Nullable Object> schema = object("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private static Map<String, @Nullable Object> of(Map<String, @Nullable Object> validator) {
    return switch (String.valueOf(validator.get("type"))) {
      case "string" -> object("type", "string");
      case "number" -> object("type", "number");
      case "int" -> object("type", "integer");
      case "boolean" -> object("type", "boolean");
      case "id" ->
          object("type", "string", "description", "Id of a row of " + validator.get("table"));
      case "null" -> oneOf(null);
      case "literal" -> oneOf(validator.get("value"));
      case "array" -> object("type", "array", "items", of(members(validator.get("items"))));
      case "object" -> ofFields(members(validator.get("fields")));
      case "union" -> object("anyOf", variants(validator.get("variants")));
      default -> object();
    };
  }

  /** A schema that one value fits; this version of OpenAPI says null in its own way. */
  private static Map<String, @Nullable Object> oneOf(@Nullable Object value) {
    var values = new ArrayList<@Nullable Object>();
    values.add(value);
    return value == null ? object("nullable", true, "enum", values) : object("enum", values);
  }

  private static List<Object> variants(@Nullable Object variants) {
    var schemas = new ArrayList<Object>();
    if (variants instanceof List<?> list) {
      list.forEach(variant -> schemas.add(of(members(variant))));
    }
    return schemas;
  }

  private static Map<String, @Nullable Object> members(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
  }
}
