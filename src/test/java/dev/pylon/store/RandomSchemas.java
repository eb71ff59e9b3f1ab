package dev.pylon.store;

import dev.pylon.json.Json;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Index;
import dev.pylon.schema.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes up manifests, with names that get in each other's way. */
final class RandomSchemas {
  private static final List<String> ENTITIES =
      List.of("A", "A_b", "Todo", "todo", "Größe", "select", "with \"quotes\" (and) more");

  private static final List<String> FIELDS =
      List.of("a", "b", "b_c", "B", "order", "with space", "wért", "x");

  private static final List<String> TYPES =
      List.of("string", "int", "float", "bool", "datetime", "richtext");

  private static final List<String> INDEXES = List.of("by", "b", "c", "b_c");

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  Manifest next() {
    while (true) {
      var entities = new ArrayList<Map<String, Object>>();
      for (String name : some(ENTITIES, 1)) {
        entities.add(entity(name));
      }
      if (manifest(entities) instanceof Manifest.Reading.Accepted(var accepted)) {
        return accepted;
      }
    }
  }

  /** A schema that an author might have made of {@code manifest}, or quite another one. */
  Manifest after(Manifest manifest) {
    if (random.nextInt(4) == 0) {
      return next();
    }
    while (true) {
      var entities = new ArrayList<Map<String, Object>>();
      for (Entity entity : manifest.entities()) {
        if (random.nextInt(6) > 0) {
          entities.add(changed(entity));
        }
      }
      if (entities.isEmpty() || random.nextInt(4) == 0) {
        entities.add(entity(one(ENTITIES)));
      }
      if (manifest(entities) instanceof Manifest.Reading.Accepted(var accepted)) {
        return accepted;
      }
    }
  }

  private static Manifest.Reading manifest(List<Map<String, Object>> entities) {
    return Manifest.read(
        Json.bytes(
            Map.of(
                "manifest_version",
                1,
                "name",
                "test",
                "version",
                "1",
                "entities",
                entities,
                "routes",
                List.of())));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private List<String> some(List<String> of, int least) {
    var left = new ArrayList<>(of);
    var some = new ArrayList<String>();
    int count = least + random.nextInt(3);
    while (some.size() < count && !left.isEmpty()) {
      some.add(left.remove(random.nextInt(left.size())));
    }
    return some;
  }

  private Map<String, Object> entity(String name) {
    List<String> names = some(FIELDS, 0);
    var indexes = new ArrayList<Map<String, Object>>();
    if (!names.isEmpty()) {
      for (String index : some(INDEXES, 0)) {
        indexes.add(index(index, some(names, 1)));
      }
    }
    return entity(name, names.stream().map(this::field).toList(), indexes);
  }

  private static Map<String, Object> entity(
      String name, List<Map<String, Object>> fields, List<Map<String, Object>> indexes) {
    var entity = new LinkedHashMap<String, Object>();
    entity.put("name", name);
    entity.put("fields", fields);
    entity.put("indexes", indexes);
    return entity;
  }

  private Map<String, Object> field(String name) {
    return field(name, one(TYPES), random.nextBoolean(), random.nextInt(3) == 0);
  }

  private static Map<String, Object> field(
      String name, String type, boolean optional, boolean unique) {
    return Map.of("name", name, "type", type, "optional", optional, "unique", unique);
  }

  private Map<String, Object> index(String name, List<String> fields) {
    return Map.of("name", name, "fields", fields, "unique", random.nextInt(4) == 0);
  }

  private Map<String, Object> changed(Entity entity) {
    var fields = new ArrayList<Map<String, Object>>();
    for (Field field : entity.fields()) {
      switch (random.nextInt(8)) {
        case 0 -> {
          // gone
        }
        case 1 ->
            fields.add(changed(field, field.type().text(), !field.optional(), field.unique()));
        case 2 ->
            fields.add(changed(field, field.type().text(), field.optional(), !field.unique()));
        case 3 ->
            fields.add(
                changed(
                    field,
                    random.nextInt(4) == 0 ? one(TYPES) : field.type().text(),
                    true,
                    field.unique()));
        default ->
            fields.add(changed(field, field.type().text(), field.optional(), field.unique()));
      }
    }
    if (random.nextInt(3) == 0) {
      String name = one(FIELDS);
      boolean optional = random.nextInt(3) > 0;
      fields.add(field(name, one(TYPES), optional, random.nextInt(3) == 0));
    }
    return entity(entity.name(), fields, indexes(entity, fields));
  }

  private static Map<String, Object> changed(
      Field field, String type, boolean optional, boolean unique) {
    return field(field.name(), type, optional, unique);
  }

  private List<Map<String, Object>> indexes(Entity entity, List<Map<String, Object>> fields) {
    List<String> names = fields.stream().map(field -> (String) field.get("name")).toList();
    var indexes = new ArrayList<Map<String, Object>>();
    for (Index index : entity.indexes()) {
      if (random.nextInt(4) > 0 && names.containsAll(index.fields())) {
        boolean unique = random.nextInt(5) == 0 ? !index.unique() : index.unique();
        indexes.add(Map.of("name", index.name(), "fields", index.fields(), "unique", unique));
      }
    }
    if (!names.isEmpty() && random.nextInt(4) == 0) {
      indexes.add(index(one(INDEXES), List.of(one(names))));
    }
    return indexes;
  }
}
