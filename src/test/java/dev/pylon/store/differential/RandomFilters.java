package dev.pylon.store.differential;

import dev.pylon.json.Json;
import dev.pylon.schema.Entity;
import dev.pylon.schema.FieldType.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes up filters with every word of the language. */
final class RandomFilters {
  private final Random random;
  private final RandomValues values;

  RandomFilters(Random random, RandomValues values) {
    this.random = random;
    this.values = values;
  }

  /** Conditions, order and limits. */
  Map<String, @Nullable Object> filter(Entity entity) {
    Map<String, @Nullable Object> filter = conditions(entity, 2);
    if (random.nextInt(12) == 0 && entity.field("where").isEmpty()) {
      filter = Json.object("where", filter);
    }
    if (random.nextInt(10) == 0) {
      filter.put("$search", values.mistake() ? 1L : values.words());
    }
    if (random.nextInt(3) > 0) {
      filter.put("$order", order(entity));
    }
    if (random.nextBoolean()) {
      filter.put("$limit", count());
    }
    if (random.nextInt(3) == 0) {
      filter.put("$offset", count());
    }
    return filter;
  }

  private @Nullable Object count() {
    return random.nextInt(10) == 0
        ? pick(List.<Object>of(-1L, "3", 2.5, true, 3.0))
        : (Object) (long) random.nextInt(20);
  }

  Object order(Entity entity) {
    return order(List.copyOf(ModelFilter.over(entity).columns().keySet()));
  }

  /** Some of {@code columns}, as an object or as pairs. */
  Object order(List<String> columns) {
    var order = new LinkedHashMap<String, @Nullable Object>();
    for (int n = random.nextInt(4); n > 0; n--) {
      order.put(
          values.mistake() ? RandomValues.NO_COLUMN : pick(columns),
          pick(List.<Object>of("asc", "desc", "DESC", "asc; DROP TABLE x", 1L)));
    }
    if (random.nextBoolean()) {
      return order;
    }
    List<Object> pairs = new ArrayList<>();
    order.forEach((column, direction) ->
        pairs.add(
            switch (random.nextInt(5)) {
              case 0 -> column;
              case 1 -> List.of(column);
              default -> Arrays.asList(column, direction);
            }));
    return pairs;
  }

  Map<String, @Nullable Object> conditions(Entity entity, int depth) {
    return conditions(ModelFilter.over(entity).columns(), depth);
  }

  Map<String, @Nullable Object> conditions(Map<String, Kind> columns, int depth) {
    var conditions = new LinkedHashMap<String, @Nullable Object>();
    List<String> names = List.copyOf(columns.keySet());
    for (int n = random.nextInt(3); n > 0; n--) {
      String name = pick(names);
      Kind kind = columns.get(name);
      conditions.put(
          values.mistake() ? RandomValues.NO_COLUMN : name,
          random.nextInt(4) == 0 ? equal(kind) : operators(kind, 1));
    }
    if (depth > 0 && random.nextInt(3) == 0) {
      switch (random.nextInt(3)) {
        case 0 -> conditions.put("$not", conditions(columns, depth - 1));
        case 1 -> conditions.put("$and", branches(columns, depth));
        default -> conditions.put("$or", branches(columns, depth));
      }
    }
    if (values.mistake()) {
      conditions.put(pick(List.of("$xor", "$or", "$and", "$not")), "x");
    }
    return conditions;
  }

  /** What a facet of {@code kind} is to be: a value, one of some, a range. */
  @Nullable Object facet(Kind kind) {
    return switch (random.nextInt(3)) {
      case 0 -> values.operand(kind);
      case 1 -> some(kind);
      default -> operators(kind, 1);
    };
  }

  private @Nullable Object equal(Kind kind) {
    return values.operand(kind);
  }

  private List<Object> branches(Map<String, Kind> columns, int depth) {
    List<Object> branches = new ArrayList<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      branches.add(conditions(columns, depth - 1));
    }
    return branches;
  }

  private Map<String, @Nullable Object> operators(Kind kind, int depth) {
    var operators = new LinkedHashMap<String, @Nullable Object>();
    for (int n = random.nextInt(1, 3); n > 0; n--) {
      switch (random.nextInt(13)) {
        case 0 -> operators.put("$eq", values.operand(kind));
        case 1 -> operators.put("$ne", values.operand(kind));
        case 2, 3 ->
            operators.put("$not", depth > 0 ? operators(kind, depth - 1) : values.operand(kind));
        case 4 -> operators.put("$gt", values.operand(kind));
        case 5 -> operators.put("$gte", values.operand(kind));
        case 6 -> operators.put("$lt", values.operand(kind));
        case 7 -> operators.put("$lte", values.operand(kind));
        case 8 -> operators.put("$in", values.mistake() ? "x" : some(kind));
        case 9 -> operators.put("$nin", some(kind));
        case 10 -> operators.put("$exists", values.mistake() ? (Object) 1L : random.nextBoolean());
        default -> {
          if (kind == Kind.INT || kind == Kind.FLOAT || kind == Kind.BOOL) {
            operators.put("$exists", true);
          } else {
            operators.put(pick(List.of("$like", "$contains", "$startsWith")), values.pattern(kind));
          }
        }
      }
    }
    return operators;
  }

  private List<@Nullable Object> some(Kind kind) {
    List<@Nullable Object> some = new ArrayList<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      some.add(values.operand(kind));
    }
    return some;
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
