package dev.pylon.schema;

import dev.pylon.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What earlier manifests declared of a database, as its history tells: which tables, columns and
 * indexes are ours, so that nothing of anybody else is ever taken away, and what type a column was
 * made for where the database itself does not tell. Confined to the thread that builds it.
 */
public final class Declared {
  private final Map<String, Map<String, FieldType>> entities = new HashMap<>();
  private final Map<String, Set<String>> indexes = new HashMap<>();

  /** Everything {@code manifest} declares. */
  public static Declared by(Manifest manifest) {
    var declared = new Declared();
    for (Entity entity : manifest.entities()) {
      declared.take(new SchemaOperation.CreateEntity(entity));
      entity
          .indexes()
          .forEach(index -> declared.take(new SchemaOperation.AddIndex(entity.name(), index)));
    }
    return declared;
  }

  /** Adds what another one knows. */
  public void merge(Declared other) {
    other.entities.forEach((name, fields) -> fields(name).putAll(fields));
    other.indexes.forEach((entity, names) -> names(entity).addAll(names));
  }

  private Map<String, FieldType> fields(String entity) {
    return entities.computeIfAbsent(entity, _ -> new HashMap<>());
  }

  private Set<String> names(String entity) {
    return indexes.computeIfAbsent(entity, _ -> new HashSet<>());
  }

  /** Goes on by one step that was done. */
  void take(SchemaOperation operation) {
    switch (operation) {
      case SchemaOperation.CreateEntity(var entity) ->
          entity.fields().forEach(field -> fields(entity.name()).put(field.name(), field.type()));
      case SchemaOperation.AddField(var entity, var field) ->
          fields(entity).put(field.name(), field.type());
      case SchemaOperation.AlterField(var entity, _, var target) ->
          fields(entity).put(target.name(), target.type());
      case SchemaOperation.RemoveField(var entity, var field) -> fields(entity).remove(field);
      case SchemaOperation.RemoveEntity(var name) -> {
        entities.remove(name);
        indexes.remove(name);
      }
      case SchemaOperation.RenameEntity(var name, var to) -> {
        Map<String, FieldType> fields = entities.remove(name);
        if (fields != null) {
          fields(to).putAll(fields);
        }
        // Its indexes are made anew, by the new name.
        indexes.remove(name);
      }
      case SchemaOperation.RenameField(var entity, var name, var to) -> {
        FieldType type = fields(entity).remove(name);
        if (type != null) {
          fields(entity).put(to, type);
        }
      }
      case SchemaOperation.AddIndex(var entity, var index) -> names(entity).add(index.name());
      case SchemaOperation.RemoveIndex remove -> {
        if (!remove.isTwin()) {
          names(remove.entity()).remove(remove.name());
        }
      }
      case SchemaOperation.CreateSearchIndex _,
          SchemaOperation.RemoveSearchIndex _,
          SchemaOperation.RemoveOldSearch _ -> {
        // Derived: made and taken away by who keeps it.
      }
    }
  }

  /**
   * Goes on by one entry of a history, which is its steps or an object that has them as {@code
   * operations}. What is something else is passed over: another server may have written it.
   *
   * @throws dev.pylon.json.JsonException where it is no JSON
   */
  public void replay(String planJson) {
    Object plan = Json.parse(planJson);
    Object list = plan instanceof Map<?, ?> object ? object.get("operations") : plan;
    if (list instanceof List<?> steps) {
      for (Object step : steps) {
        if (step instanceof Map<?, ?> object) {
          replay(Json.asObject(object));
        }
      }
    }
  }

  private void replay(Map<String, @Nullable Object> step) {
    String op = text(step, "op");
    String entity = text(step, step.containsKey("entity") ? "entity" : "name");
    switch (op) {
      case "create_entity" -> {
        fields(entity);
        if (step.get("fields") instanceof List<?> fields) {
          fields.forEach(field -> declare(entity, field));
        }
      }
      case "add_field" -> declare(entity, step.get("field"));
      case "alter_field" -> declare(entity, step.get("target"));
      case "remove_field" ->
          take(new SchemaOperation.RemoveField(entity, text(step, "field_name")));
      case "remove_entity" -> take(new SchemaOperation.RemoveEntity(entity));
      case "rename_entity" -> take(new SchemaOperation.RenameEntity(entity, text(step, "to")));
      case "rename_field" ->
          take(new SchemaOperation.RenameField(entity, text(step, "field_name"), text(step, "to")));
      case "add_index" -> names(entity).add(text(step, "name"));
      case "remove_index" -> {
        String name = text(step, "name");
        String stored =
            step.get("stored") instanceof String given ? given : Index.stored(entity, name);
        take(new SchemaOperation.RemoveIndex(entity, name, stored));
      }
      default -> {
        // noop, search, and whatever another version may write
      }
    }
  }

  private void declare(String entity, @Nullable Object field) {
    if (field instanceof Map<?, ?> object) {
      Map<String, @Nullable Object> parts = Json.asObject(object);
      FieldType.parse(text(parts, "field_type"))
          .ifPresent(type -> fields(entity).put(text(parts, "name"), type));
    }
  }

  private static String text(Map<String, @Nullable Object> object, String name) {
    return object.get(name) instanceof String text ? text : "";
  }

  /** The entities it knows. */
  Set<String> entities() {
    return Set.copyOf(entities.keySet());
  }

  boolean hasField(String entity, String field) {
    return type(entity, field).isPresent();
  }

  boolean hasIndex(String entity, String index) {
    return indexes.getOrDefault(entity, Set.of()).contains(index);
  }

  /** The type a field was last declared with. */
  Optional<FieldType> type(String entity, String field) {
    return Optional.ofNullable(entities.getOrDefault(entity, Map.of()).get(field));
  }
}
