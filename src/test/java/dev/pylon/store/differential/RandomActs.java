package dev.pylon.store.differential;

import dev.pylon.json.Json;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType.Kind;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Relation;
import dev.pylon.schema.Search;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes up what may be done to a store, about rows that are there for the most part. */
final class RandomActs {
  /** Rows of an entity above which more are deleted than inserted. */
  private static final int ROWS = 45;

  private final Random random;
  private final Manifest manifest;
  private final Subject.Model model;
  private final RandomValues values;
  private final RandomFilters filters;

  RandomActs(Random random, Manifest manifest, Subject.Model model) {
    this.random = random;
    this.manifest = manifest;
    this.model = model;
    this.values = new RandomValues(random, this::name);
    this.filters = new RandomFilters(random, values);
  }

  Act next() {
    values.allowMistake(random.nextInt(6) == 0);
    int dice = random.nextInt(100);
    if (dice < 8) {
      return transaction();
    }
    if (dice < 12) {
      return Act.of(random.nextBoolean() ? "transact" : "batch", operations());
    }
    if (dice < 16) {
      return Act.of("as", readable(), random.nextBoolean() ? read() : write());
    }
    return dice < 50 ? write() : read();
  }

  private Act transaction() {
    List<Act> parts = new ArrayList<>();
    for (int n = random.nextInt(1, 7); n > 0; n--) {
      values.allowMistake(random.nextInt(8) == 0);
      parts.add(random.nextInt(3) == 0 ? read() : write());
    }
    Act.Ending ending = pick(List.of(Act.Ending.values()));
    return Act.of("transaction", ending.name(), parts);
  }

  private Map<String, @Nullable Object> readable() {
    var readable = new LinkedHashMap<String, @Nullable Object>();
    values.allowMistake(false);
    for (Entity entity : manifest.entities()) {
      if (random.nextBoolean()) {
        readable.put(entity.name(), filters.conditions(entity, 1));
      }
    }
    return readable;
  }

  // ---- writes ----

  private Act write() {
    Entity entity = entity();
    boolean crowded = model.rowNames(entity.name()).size() > ROWS;
    int dice = random.nextInt(100);
    if (dice < 40) {
      return crowded ? delete(entity) : Act.of("insert", shown(entity), row(entity));
    }
    if (dice < 46) {
      List<Object> rows = new ArrayList<>();
      for (int n = crowded ? 0 : random.nextInt(6); n > 0; n--) {
        rows.add(row(entity));
      }
      return Act.of("insertMany", shown(entity), rows);
    }
    if (dice < 50) {
      return Act.of("restore", shown(entity), restoredId(), row(entity));
    }
    if (dice < 78) {
      return Act.of("update", shown(entity), name(entity), patch(entity));
    }
    if (dice < 90) {
      return delete(entity);
    }
    if (entity.relations().isEmpty()) {
      return Act.of("unlink", shown(entity), name(entity), "team");
    }
    Relation relation = pick(entity.relations());
    String name = values.mistake() ? "nothing" : relation.name();
    Entity target = manifest.entity(relation.target()).orElse(entity);
    return random.nextInt(3) == 0
        ? Act.of("unlink", shown(entity), name(entity), name)
        : Act.of("link", shown(entity), name(entity), name, name(target));
  }

  private Act delete(Entity entity) {
    return Act.of("delete", shown(entity), name(entity));
  }

  private String restoredId() {
    return values.mistake()
        ? pick(List.of("", "\u0001", "x".repeat(201)))
        : pick(List.of("!", "r", "r%", "r'\"", "r/ü", "s😀", "s\ufffd", "x".repeat(199)))
            + random.nextInt(3);
  }

  private Map<String, @Nullable Object> row(Entity entity) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    for (Field field : shuffled(entity.fields())) {
      if (!field.optional() || random.nextInt(3) > 0) {
        row.put(field.name(), values.cell(field));
      }
    }
    return strange(row);
  }

  private Map<String, @Nullable Object> patch(Entity entity) {
    var patch = new LinkedHashMap<String, @Nullable Object>();
    for (Field field : shuffled(entity.fields())) {
      if (random.nextInt(3) == 0) {
        patch.put(field.name(), values.cell(field));
      }
    }
    return strange(patch);
  }

  /** An id, which is ignored, or a column that is not there. */
  private Map<String, @Nullable Object> strange(Map<String, @Nullable Object> row) {
    if (random.nextInt(20) == 0) {
      row.put("id", pick(List.of("mine", 7L, "")));
    }
    if (values.mistake()) {
      row.put(RandomValues.NO_COLUMN, 1L);
    }
    return row;
  }

  private List<Object> operations() {
    List<Object> operations = new ArrayList<>();
    for (int n = random.nextInt(6); n > 0; n--) {
      values.allowMistake(random.nextInt(8) == 0);
      Entity entity = entity();
      operations.add(
          switch (random.nextInt(4)) {
            case 0 -> Json.object("op", "insert", "entity", shown(entity), "data", row(entity));
            case 1 -> Json.object("op", "delete", "entity", shown(entity), "id", name(entity));
            case 2 -> pick(List.of("nothing", Map.of("op", "upsert", "entity", "Task")));
            default ->
                Json.object(
                    "op", "update",
                    "entity", shown(entity),
                    "id", name(entity),
                    "data", patch(entity));
          });
      if (random.nextInt(3) > 0) {
        operations.removeIf(
            operation -> !(operation instanceof Map<?, ?> map) || "upsert".equals(map.get("op")));
      }
    }
    return operations;
  }

  // ---- reads ----

  private Act read() {
    Entity entity = entity();
    return switch (random.nextInt(16)) {
      case 0 -> Act.of("get", shown(entity), name(entity));
      case 1 -> Act.of("list", shown(entity));
      case 2 ->
          Act.of(
              "page",
              shown(entity),
              random.nextInt(4) == 0 ? null : name(entity),
              (long) random.nextInt(-1, 30));
      case 3 -> {
        Field field = pick(entity.fields());
        yield Act.of(
            "lookup",
            shown(entity),
            values.mistake() ? RandomValues.NO_COLUMN : field.name(),
            values.operand(field.type().kind()));
      }
      case 4 -> {
        var filter = filters.filter(entity);
        filter.remove("$order");
        if (values.mistake()) {
          filter.put("$order", List.of(entity.fields().getFirst().name()));
        }
        yield Act.of("each", shown(entity), filter);
      }
      case 5, 6, 7 -> Act.of("graph", graph());
      case 8, 9, 10 -> Act.of("aggregate", shown(entity), totals(entity));
      case 11, 12 -> search();
      default -> Act.of("query", shown(entity), filters.filter(entity));
    };
  }

  private Act search() {
    if (values.mistake()) {
      return Act.of("search", pick(List.of("Person", "Nothing")), Map.of());
    }
    Entity entity = pick(manifest.entities().stream().filter(one -> one.search() != null).toList());
    Search search = Objects.requireNonNull(entity.search());
    var request = new LinkedHashMap<String, @Nullable Object>();
    if (random.nextInt(4) > 0) {
      request.put("query", values.words());
    }
    if (random.nextInt(3) == 0) {
      var wanted = new LinkedHashMap<String, @Nullable Object>();
      wanted.put("title", "passed over");
      for (String facet : shuffled(search.facets()).subList(0, random.nextInt(3))) {
        Kind kind = entity.field(facet).orElseThrow().type().kind();
        wanted.put(facet, filters.facet(kind));
      }
      request.put("filters", wanted);
    }
    if (random.nextInt(3) == 0) {
      request.put(
          "sort",
          List.of(
              random.nextInt(6) == 0 ? "title" : pick(search.sortable()),
              pick(List.of("asc", "desc", "up"))));
    }
    if (random.nextInt(4) == 0) {
      request.put("facets", shuffled(search.facets()).subList(0, random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      request.put("page", (long) random.nextInt(3));
      request.put("page_size", (long) random.nextInt(12));
    }
    return Act.of("search", entity.name(), request);
  }

  private Map<String, @Nullable Object> graph() {
    var graph = new LinkedHashMap<String, @Nullable Object>();
    for (int n = random.nextInt(1, 3); n > 0; n--) {
      Entity entity = entity();
      graph.put(shown(entity), node(entity, 3));
    }
    return graph;
  }

  private Map<String, @Nullable Object> node(Entity entity, int depth) {
    var node = new LinkedHashMap<String, @Nullable Object>();
    if (random.nextBoolean()) {
      node.put("where", filters.filter(entity));
    }
    if (random.nextInt(3) == 0) {
      node.put("order", filters.order(entity));
    }
    if (random.nextBoolean()) {
      node.put("limit", pick(List.of(0L, 1L, 2L, 5L, 1_000L, Long.MAX_VALUE, -1L, "many")));
    }
    if (depth > 0 && !entity.relations().isEmpty() && random.nextInt(4) > 0) {
      var include = new LinkedHashMap<String, @Nullable Object>();
      for (int n = random.nextInt(1, 3); n > 0; n--) {
        Relation relation = pick(entity.relations());
        Entity target = manifest.entity(relation.target()).orElse(entity);
        include.put(
            random.nextInt(20) == 0 ? "unknown" : relation.name(),
            switch (random.nextInt(8)) {
              case 0 -> false;
              case 1 -> true;
              default -> node(target, depth - 1);
            });
      }
      node.put("include", include);
    }
    return node;
  }

  private Map<String, @Nullable Object> totals(Entity entity) {
    var totals = new LinkedHashMap<String, @Nullable Object>();
    var results = new LinkedHashMap<String, Kind>();
    if (random.nextInt(4) > 0) {
      totals.put("count", "*");
      results.put("count", Kind.INT);
    }
    for (String measure : List.of("sum", "avg", "min", "max", "countDistinct")) {
      if (random.nextInt(3) == 0) {
        totals.put(measure, measured(entity, measure, results));
      }
    }
    if (random.nextInt(4) > 0) {
      List<Object> keys = new ArrayList<>();
      for (Field field : shuffled(entity.fields()).subList(0, random.nextInt(1, 3))) {
        keys.add(key(field, results));
      }
      totals.put("groupBy", keys);
    }
    if (random.nextBoolean()) {
      totals.put("where", filters.conditions(entity, 2));
    }
    if (!results.isEmpty() && random.nextInt(3) == 0) {
      totals.put("having", filters.conditions(results, 1));
    }
    if (!results.isEmpty() && random.nextInt(3) == 0) {
      totals.put("orderBy", filters.order(List.copyOf(results.keySet())));
    }
    if (random.nextInt(3) == 0) {
      totals.put("limit", (long) random.nextInt(6));
    }
    if (random.nextInt(5) == 0) {
      totals.put("offset", (long) random.nextInt(4));
    }
    return totals;
  }

  private List<Object> measured(Entity entity, String measure, Map<String, Kind> results) {
    boolean numbers = measure.equals("sum") || measure.equals("avg");
    List<Object> columns = new ArrayList<>();
    for (Field field : shuffled(entity.fields()).subList(0, 2)) {
      Kind kind = field.type().kind();
      boolean number = kind == Kind.INT || kind == Kind.FLOAT || kind == Kind.BOOL;
      if (number || !numbers || values.mistake()) {
        columns.add(field.name());
        String prefix = measure.equals("countDistinct") ? "count_distinct" : measure;
        results.put(
            prefix + "_" + field.name(),
            switch (measure) {
              case "avg" -> Kind.FLOAT;
              case "countDistinct" -> Kind.INT;
              case "sum" -> kind == Kind.BOOL ? Kind.INT : kind;
              default -> kind;
            });
      }
    }
    return columns;
  }

  private Object key(Field field, Map<String, Kind> results) {
    if (field.type().kind() == Kind.DATETIME && random.nextInt(4) > 0) {
      String bucket = pick(List.of("hour", "day", "week", "month", "year"));
      results.put(field.name() + "_" + bucket, Kind.STRING);
      return Map.of("field", field.name(), "bucket", bucket);
    }
    results.put(field.name(), field.type().kind());
    return field.name();
  }

  // ---- what they are about ----

  private Entity entity() {
    return pick(manifest.entities());
  }

  private String shown(Entity entity) {
    return values.mistake() ? pick(List.of("Nothing", "_pylon_changes", "task")) : entity.name();
  }

  private String name(Entity entity) {
    return name(entity.name());
  }

  /** A row of {@code entity} for the most part. */
  private String name(String entity) {
    List<String> rows = manifest.entity(entity).isEmpty() ? List.of() : model.rowNames(entity);
    if (rows.isEmpty() || random.nextInt(8) == 0) {
      return random.nextBoolean() ? "#" + random.nextInt(1, model.names().count() + 2) : "gone";
    }
    return pick(rows);
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private <T> List<T> shuffled(List<T> of) {
    var shuffled = new ArrayList<>(of);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }
}
