package dev.pylon.store;

import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Manifests for tests, written in one line: {@code entity("Todo", "title:string",
 * "due:datetime?")}.
 */
final class Manifests {
  private Manifests() {}

  @SafeVarargs
  @SuppressWarnings("varargs") // handed on, and read only
  static Manifest of(Map<String, Object>... entities) {
    return withPolicies(List.of(), entities);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // copied into a list, which is read only
  static Manifest withPolicies(
      List<Map<String, Object>> policies, Map<String, Object>... entities) {
    var json = new LinkedHashMap<String, Object>();
    json.put("manifest_version", 1);
    json.put("name", "test");
    json.put("version", "1.0.0");
    json.put("entities", List.of(entities));
    json.put("routes", List.of());
    json.put("policies", policies);
    return Manifest.parse(Json.bytes(json));
  }

  /**
   * @param fields as {@code name:type}, with {@code ?} for optional and {@code !} for unique
   */
  static Map<String, Object> entity(String name, String... fields) {
    var list = new ArrayList<Map<String, Object>>();
    for (String field : fields) {
      String type = field.substring(field.indexOf(':') + 1);
      list.add(
          Map.of(
              "name", field.substring(0, field.indexOf(':')),
              "type", type.replaceAll("[?!]", ""),
              "optional", type.contains("?"),
              "unique", type.contains("!")));
    }
    var entity = new LinkedHashMap<String, Object>();
    entity.put("name", name);
    entity.put("fields", list);
    entity.put("indexes", List.of());
    return entity;
  }

  static Map<String, Object> with(Map<String, Object> entity, String key, Object value) {
    var more = new LinkedHashMap<>(entity);
    more.put(key, value);
    return more;
  }

  /** A policy that lets those read and write {@code entity} for whom {@code rule} holds. */
  static Map<String, Object> policy(String name, String entity, String rule) {
    return Map.of("name", name, "entity", entity, "allow", rule);
  }

  static Map<String, Object> index(String name, boolean unique, String... fields) {
    return Map.of("name", name, "fields", List.of(fields), "unique", unique);
  }

  static Map<String, Object> relation(String name, String target, String field, boolean many) {
    return Map.of("name", name, "target", target, "field", field, "many", many);
  }
}
