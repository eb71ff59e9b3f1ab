package dev.pylon.store.query;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.store.query.Condition.Comparison;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From the JSON of a filter to a {@link Query} (data contract, 3.3). Whatever it does not
 * understand it refuses: a condition that is dropped silently would find more than was asked for.
 */
public final class QueryParser {
  /** Values in one filter; a database takes some 32,000 in a statement. */
  private static final int VALUES_MAX = 10_000;

  /** Characters in a text to search for; a database takes 50,000 bytes. */
  private static final int PATTERN_CHARS_MAX = 10_000;

  /** Levels of {@code $and} and {@code $or}. */
  private static final int DEPTH_MAX = 20;

  private final Entity entity;
  private int values;

  private QueryParser(Entity entity) {
    this.entity = entity;
  }

  /** The query that {@code filter} asks of {@code entity}. */
  public static Query parse(Entity entity, Map<String, @Nullable Object> filter) {
    return new QueryParser(entity).query(filter);
  }

  /** The sort order that {@code $order} or {@code order} states. */
  public static List<Order> parseOrder(Entity entity, @Nullable Object order) {
    return new QueryParser(entity).order(order);
  }

  /** A whole number not below 0, or null where {@code value} is anything else and thus ignored. */
  public static @Nullable Long parseCount(@Nullable Object value) {
    return switch (value) {
      case Long number when number >= 0 -> number;
      case Integer number when number >= 0 -> number.longValue();
      case Double number when number >= 0 && number == Math.rint(number) && number < 1e15 ->
          number.longValue();
      case null, default -> null;
    };
  }

  private Query query(Map<String, @Nullable Object> filter) {
    var parts = new ArrayList<Condition>();
    List<Order> order = List.of();
    Long limit = null;
    Long offset = null;
    for (Map.Entry<String, @Nullable Object> member : filter.entrySet()) {
      @Nullable Object value = member.getValue();
      switch (member.getKey()) {
        case "$order" -> order = order(value);
        case "$limit" -> limit = parseCount(value);
        case "$offset" -> offset = parseCount(value);
        case String key
            when key.equals("where") && value instanceof Map<?, ?> filterInside && !hasWhere() ->
            parts.add(conditions(Json.asObject(filterInside), 1));
        case String key -> parts.add(condition(key, value, 1));
      }
    }
    return new Query(all(parts), order, limit, offset == null ? 0 : offset);
  }

  /** {@code {where: {…}}} is what other libraries write; taken as meant unless it is a column. */
  private boolean hasWhere() {
    return entity.field("where").isPresent();
  }

  private Condition conditions(Map<String, @Nullable Object> filter, int depth) {
    if (depth > DEPTH_MAX) {
      throw invalid("The filter is nested more than %d levels deep".formatted(DEPTH_MAX));
    }
    var parts = new ArrayList<Condition>();
    filter.forEach((key, value) -> parts.add(condition(key, value, depth)));
    return all(parts);
  }

  private static Condition all(List<Condition> parts) {
    return parts.size() == 1 ? parts.getFirst() : new Condition.And(parts);
  }

  private Condition condition(String key, @Nullable Object value, int depth) {
    return switch (key) {
      case "$or" -> new Condition.Or(branches(key, value, depth));
      case "$and" -> new Condition.And(branches(key, value, depth));
      case String operator when operator.startsWith("$") ->
          throw invalid("Unknown operator \"%s\" at this place".formatted(operator))
              .with(
                  "hint",
                  "here stand columns, $and and $or; outermost also $order, $limit, $offset");
      default -> ofColumn(key, value);
    };
  }

  private List<Condition> branches(String key, @Nullable Object value, int depth) {
    if (!(value instanceof List<?> branches)) {
      throw invalid("\"%s\" takes an array of filters".formatted(key));
    }
    var parts = new ArrayList<Condition>();
    for (Object branch : branches) {
      if (!(branch instanceof Map<?, ?> filter)) {
        throw invalid("\"%s\" takes an array of filters".formatted(key));
      }
      parts.add(conditions(Json.asObject(filter), depth + 1));
    }
    return parts;
  }

  private Condition ofColumn(String column, @Nullable Object value) {
    Field field = EntityColumns.require(entity, column);
    if (!(value instanceof Map<?, ?> operators)) {
      return compare(field, column, Comparison.EQUAL, value);
    }
    if (operators.isEmpty()) {
      throw invalid("The condition on \"%s\" is empty".formatted(column));
    }
    var parts = new ArrayList<Condition>();
    Json.asObject(operators)
        .forEach((name, operand) -> parts.add(operator(field, column, name, operand)));
    return all(parts);
  }

  private Condition operator(
      @Nullable Field field, String column, String name, @Nullable Object operand) {
    return switch (name) {
      case "$eq" -> compare(field, column, Comparison.EQUAL, operand);
      case "$ne", "$not" -> compare(field, column, Comparison.NOT_EQUAL, operand);
      case "$gt" -> compare(field, column, Comparison.GREATER, operand);
      case "$gte" -> compare(field, column, Comparison.GREATER_OR_EQUAL, operand);
      case "$lt" -> compare(field, column, Comparison.LESS, operand);
      case "$lte" -> compare(field, column, Comparison.LESS_OR_EQUAL, operand);
      case "$in" -> new Condition.In(column, list(field, column, name, operand));
      case "$nin" -> new Condition.NotIn(column, list(field, column, name, operand));
      case "$exists" -> exists(column, operand);
      case "$like", "$contains" ->
          new Condition.Contains(column, pattern(field, column, name, operand));
      case "$startsWith" -> new Condition.StartsWith(column, pattern(field, column, name, operand));
      default ->
          throw invalid("Unknown operator \"%s\" on \"%s\"".formatted(name, column))
              .with(
                  "hint",
                  "one of $eq $ne $not $gt $gte $lt $lte $in $nin $exists $like $contains $startsWith");
    };
  }

  private Condition compare(
      @Nullable Field field, String column, Comparison comparison, @Nullable Object value) {
    if (value == null) {
      return switch (comparison) {
        case EQUAL -> new Condition.IsNull(column);
        case NOT_EQUAL -> new Condition.IsNotNull(column);
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> Condition.NOTHING;
      };
    }
    count();
    return new Condition.Compare(column, comparison, Operand.of(field, column, value));
  }

  private List<Object> list(
      @Nullable Field field, String column, String name, @Nullable Object operand) {
    if (!(operand instanceof List<?> items)) {
      throw invalid("\"%s\" on \"%s\" takes an array".formatted(name, column));
    }
    var operands = new ArrayList<Object>();
    for (Object item : items) {
      if (item != null) {
        count();
        operands.add(Operand.of(field, column, item));
      }
    }
    return operands;
  }

  private void count() {
    if (++values > VALUES_MAX) {
      throw invalid("The filter has more than %d values".formatted(VALUES_MAX));
    }
  }

  private static Condition exists(String column, @Nullable Object operand) {
    if (!(operand instanceof Boolean wanted)) {
      throw invalid("\"$exists\" on \"%s\" takes true or false".formatted(column));
    }
    return wanted ? new Condition.IsNotNull(column) : new Condition.IsNull(column);
  }

  private String pattern(
      @Nullable Field field, String column, String name, @Nullable Object operand) {
    FieldType.Kind kind = field == null ? FieldType.Kind.ID : field.type().kind();
    switch (kind) {
      case STRING, RICHTEXT, ID, DATETIME -> {}
      case INT, FLOAT, BOOL ->
          throw invalid("\"%s\" looks into text, and \"%s\" holds none".formatted(name, column));
    }
    if (!(operand instanceof String text)) {
      throw invalid("\"%s\" on \"%s\" takes a string".formatted(name, column));
    }
    if (text.length() > PATTERN_CHARS_MAX) {
      throw invalid(
          "\"%s\" on \"%s\" takes at most %d characters"
              .formatted(name, column, PATTERN_CHARS_MAX));
    }
    count();
    return text;
  }

  private List<Order> order(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> columns -> {
        var order = new ArrayList<Order>();
        Json.asObject(columns).forEach((column, direction) -> order.add(order(column, direction)));
        yield order;
      }
      case List<?> pairs -> pairs.stream().map(this::pair).toList();
      case null, default -> Collections.emptyList();
    };
  }

  private Order pair(@Nullable Object value) {
    return switch (value) {
      case List<?> pair when pair.size() == 2 && pair.getFirst() instanceof String column ->
          order(column, pair.getLast());
      case List<?> pair when pair.size() == 1 && pair.getFirst() instanceof String column ->
          order(column, "asc");
      case String column -> order(column, "asc");
      case null, default ->
          throw invalid("\"$order\" takes pairs such as [\"createdAt\", \"desc\"]");
    };
  }

  private Order order(String column, @Nullable Object direction) {
    EntityColumns.require(entity, column);
    return new Order(column, direction instanceof String text && text.equalsIgnoreCase("desc"));
  }

  private static PylonException invalid(String message) {
    return new PylonException(QueryError.INVALID_QUERY, message);
  }
}
