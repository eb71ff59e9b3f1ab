package dev.pylon.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One step that makes a database fit a manifest (data contract, 2.7). */
public sealed interface SchemaOperation {

  record CreateEntity(Entity entity) implements SchemaOperation {}

  record AddField(String entity, Field field) implements SchemaOperation {}

  /** Another nullability or uniqueness for a column that exists. */
  record AlterField(String entity, Field previous, Field target) implements SchemaOperation {}

  /** Drops a column with what it holds. */
  record RemoveField(String entity, String field) implements SchemaOperation {}

  /** Drops a table with its rows. */
  record RemoveEntity(String name) implements SchemaOperation {}

  record RenameEntity(String name, String to) implements SchemaOperation {}

  record RenameField(String entity, String name, String to) implements SchemaOperation {}

  record AddIndex(String entity, Index index) implements SchemaOperation {}

  /**
   * @param name as the manifest calls or called it
   * @param stored as the database calls it
   */
  record RemoveIndex(String entity, String name, String stored) implements SchemaOperation {
    /** An index by the name we gave it. */
    public static RemoveIndex of(String entity, String name) {
      return new RemoveIndex(entity, name, Index.stored(entity, name));
    }

    /** Whether it is a second one beside the index that we keep by that name. */
    boolean isTwin() {
      return !stored.equals(Index.stored(entity, name));
    }
  }

  /** Makes what search keeps of an entity, from its rows, in the place of what was there. */
  record CreateSearchIndex(Entity entity, Search config) implements SchemaOperation {}

  record RemoveSearchIndex(String entity) implements SchemaOperation {}

  /**
   * Takes away the full-text table that another server kept by triggers: they would go on at each
   * write, for nobody.
   */
  record RemoveOldSearch(String entity) implements SchemaOperation {}

  /** Whether rows or values are lost by it. */
  default boolean isDestructive() {
    return this instanceof RemoveField || this instanceof RemoveEntity;
  }

  /** The step in few signs, for people: {@code +Todo.due}. */
  default String shown() {
    return switch (this) {
      case CreateEntity(var entity) -> "+" + entity.name();
      case AddField(var entity, var field) -> "+" + entity + "." + field.name();
      case AlterField(var entity, _, var field) -> "~" + entity + "." + field.name();
      case RemoveField(var entity, var field) -> "-" + entity + "." + field;
      case RemoveEntity(var name) -> "-" + name;
      case RenameEntity(var name, var to) -> name + " > " + to;
      case RenameField(var entity, var name, var to) ->
          entity + "." + name + " > " + entity + "." + to;
      case AddIndex(var entity, var index) -> "+" + entity + " index " + index.name();
      case RemoveIndex(var entity, var name, _) -> "-" + entity + " index " + name;
      case CreateSearchIndex(var entity, _) -> "+" + entity.name() + " search";
      case RemoveSearchIndex(var entity) -> "-" + entity + " search";
      case RemoveOldSearch(var entity) -> "-" + entity + "_fts";
    };
  }

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
      case RemoveField(var entity, var field) -> {
        json.put("op", "remove_field");
        json.put("entity", entity);
        json.put("field_name", field);
      }
      case RemoveEntity(var name) -> {
        json.put("op", "remove_entity");
        json.put("name", name);
      }
      case RenameEntity(var name, var to) -> {
        json.put("op", "rename_entity");
        json.put("name", name);
        json.put("to", to);
      }
      case RenameField(var entity, var name, var to) -> {
        json.put("op", "rename_field");
        json.put("entity", entity);
        json.put("field_name", name);
        json.put("to", to);
      }
      case AddIndex(var entity, var index) -> {
        json.put("op", "add_index");
        json.put("entity", entity);
        json.put("name", index.name());
        json.put("fields", index.fields());
        json.put("unique", index.unique());
      }
      case RemoveIndex(var entity, var name, var stored) -> {
        json.put("op", "remove_index");
        json.put("entity", entity);
        json.put("name", name);
        json.put("stored", stored);
      }
      case CreateSearchIndex(var entity, var config) -> {
        json.put("op", "create_search_index");
        json.put("entity", entity.name());
        json.put("config", json(config));
      }
      case RemoveSearchIndex(var entity) -> {
        json.put("op", "remove_search_index");
        json.put("entity", entity);
      }
      case RemoveOldSearch(var entity) -> {
        json.put("op", "remove_search_index");
        json.put("entity", entity);
        json.put("stored", entity + "_fts");
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

  private static Map<String, Object> json(Search config) {
    var json = new LinkedHashMap<String, Object>();
    json.put("text", config.text());
    json.put("facets", config.facets());
    json.put("sortable", config.sortable());
    if (config.language() != null) {
      json.put("language", config.language());
    }
    return json;
  }

  /** The steps as one JSON array; {@code noop} where there are none. */
  static List<Map<String, Object>> json(List<SchemaOperation> operations) {
    return operations.isEmpty()
        ? List.of(Map.of("op", "noop"))
        : operations.stream().map(SchemaOperation::json).toList();
  }
}
