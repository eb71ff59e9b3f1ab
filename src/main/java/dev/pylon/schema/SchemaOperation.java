package dev.pylon.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One step that makes a database fit a manifest (data contract, 2.7). */
public sealed interface SchemaOperation {

  record CreateEntity(Entity entity) implements SchemaOperation {}

  record AddField(String entity, Field field) implements SchemaOperation {}

  /** Another nullability, type or uniqueness for a column that exists. */
  record AlterField(String entity, Field previous, Field target) implements SchemaOperation {}

  record AddIndex(String entity, Index index) implements SchemaOperation {}

  record RemoveIndex(String entity, String name) implements SchemaOperation {}

  /** The step as the contract writes it, tagged by {@code op}. */
  default Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    switch (this) {
      case CreateEntity(var entity) -> {
        json.put("op", "create_entity");
        json.put("name", entity.name());
        json.put("fields", entity.fields().stream().map(SchemaOperation::json).toList());
      }
      case AddField(var entity, var field) -> {
        json.put("op", "add_field");
        json.put("entity", entity);
        json.put("field", json(field));
      }
      case AlterField(var entity, var previous, var target) -> {
        json.put("op", "alter_field");
        json.put("entity", entity);
        json.put("previous", json(previous));
        json.put("target", json(target));
      }
      case AddIndex(var entity, var index) -> {
        json.put("op", "add_index");
        json.put("entity", entity);
        json.put("name", index.name());
        json.put("fields", index.fields());
        json.put("unique", index.unique());
      }
      case RemoveIndex(var entity, var name) -> {
        json.put("op", "remove_index");
        json.put("entity", entity);
        json.put("name", name);
      }
    }
    return json;
  }

  private static Map<String, Object> json(Field field) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", field.name());
    json.put("field_type", field.type().text());
    json.put("optional", field.optional());
    json.put("unique", field.unique());
    return json;
  }

  /** The steps as one JSON array; {@code noop} where there are none. */
  static List<Map<String, Object>> json(List<SchemaOperation> operations) {
    return operations.isEmpty()
        ? List.of(Map.of("op", "noop"))
        : operations.stream().map(SchemaOperation::json).toList();
  }
}
