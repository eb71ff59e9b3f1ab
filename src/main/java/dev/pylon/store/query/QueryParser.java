package dev.pylon.store.query;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.FieldType;
import dev.pylon.schema.Search;
import dev.pylon.store.query.Condition.Comparison;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the JSON of a filter to a {@link Query} (data contract, 3.3). Whatever it does not
 * understand it refuses: a condition that is dropped silently would find more than was asked for.
 */
public final class QueryParser {
  /** Conditions and values in one filter; a database takes some 32,000 values in a statement. */
  private static final int VALUES_MAX = 10_000;

  /** Characters in a text to search for; a database takes 50,000 bytes. */
  private static final int PATTERN_CHARS_MAX = 10_000;

  /** Levels of {@code $and}, {@code $or} and {@code $not}. */
  private static final int DEPTH_MAX = 20;

  private static final List<Order> BY_ID = List.of(new Order(Column.ID, false));

  private final Function<String, Column> columns;
  private final @Nullable Entity entity;
  private int values;

  private QueryParser(Function<String, Column> columns, @Nullable Entity entity) {
    this.columns = columns;
    this.entity = entity;
  }

  private static QueryParser of(Entity entity) {
    return new QueryParser(name -> EntityColumns.require(entity, name), entity);
  }

  /** The query that {@code filter} asks of {@code entity}. */
  public static Query parse(Entity entity, Map<String, @Nullable Object> filter) {
    return of(entity).query(filter);
  }

  /** What {@code filter}, which has neither order nor limits, asks of each row. */
  static Condition parseCondition(Entity entity, Map<String, @Nullable Object> filter) {
    return of(entity).conditions(filter, 1);
  }

  /** The same over columns that are not an entity's. */
  static Condition parseCondition(
      Function<String, Column> columns, Map<String, @Nullable Object> filter) {
    return new QueryParser(columns, null).conditions(filter, 1);
  }

  /**
   * The sort order that {@code $order} or {@code order} states, with {@code id} last; empty where
   * it states none.
   */
  public static List<Order> parseOrder(Entity entity, @Nullable Object order) {
    List<Order> stated = of(entity).order(order);
    return stated.isEmpty() ? stated : Query.inOrder(stated, BY_ID);
  }

  /** The same over columns that are not an entity's, and without anything last. */
  static List<Order> parseOrder(Function<String, Column> columns, @Nullable Object order) {
    return new QueryParser(columns, null).order(order);
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
    Condition.Search ranked = null;
    for (Map.Entry<String, @Nullable Object> member : filter.entrySet()) {
      @Nullable Object value = member.getValue();
      switch (member.getKey()) {
        case "$order" -> order = order(value);
        case "$limit" -> limit = parseCount(value);
        case "$offset" -> offset = parseCount(value);
        case String key
            when key.equals("where") && value instanceof Map<?, ?> filterInside && !hasWhere() ->
            parts.add(conditions(Json.asObject(filterInside), 1));
        case String key -> {
          Condition part = condition(key, value, 1);
          parts.add(part);
          ranked = part instanceof Condition.Search search ? search : ranked;
        }
      }
    }
    return new Query(
        all(parts),
        Query.inOrder(order, BY_ID),
        limit,
        offset == null ? 0 : offset,
        order.isEmpty() ? ranked : null);
  }

  /** {@code {where: {…}}} is what other libraries write; taken as meant unless it is a column. */
  private boolean hasWhere() {
    return entity != null && entity.field("where").isPresent();
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
    count();
    return switch (key) {
      case "$or" -> new Condition.Or(branches(key, value, depth));
      case "$and" -> new Condition.And(branches(key, value, depth));
      case "$not" -> new Condition.Not(not(value, depth));
      case "$search" -> search(value);
      case String operator when operator.startsWith("$") ->
          throw invalid("Unknown operator \"%s\" at this place".formatted(operator))
              .with(
                  "hint",
                  "here stand columns, $and, $or, $not and $search; outermost also $order, $limit,"
                      + " $offset");
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
      count();
      parts.add(conditions(Json.asObject(filter), depth + 1));
    }
    return parts;
  }

  private Condition not(@Nullable Object value, int depth) {
    if (!(value instanceof Map<?, ?> filter)) {
      throw invalid("\"$not\" takes a filter");
    }
    return conditions(Json.asObject(filter), depth + 1);
  }

  private Condition search(@Nullable Object value) {
    if (!(value instanceof String words) || entity == null) {
      throw invalid("\"$search\" takes the text to look for in rows");
    }
    if (words.length() > PATTERN_CHARS_MAX) {
      throw invalid("\"$search\" takes at most %d characters".formatted(PATTERN_CHARS_MAX));
    }
    if (words.indexOf('\0') >= 0) {
      throw invalid("No text holds U+0000, which \"$search\" looks for");
    }
    if (words.isBlank()) {
      return Condition.EVERYTHING;
    }
    Search index = entity.search();
    return index == null || index.text().isEmpty()
        ? inAnyText(entity, words)
        : new Condition.Search(words);
  }

  /** Without an index: every word stands somewhere in the texts of the row. */
  private Condition inAnyText(Entity entity, String words) {
    List<Column> texts =
        entity.fields().stream().filter(field -> field.type().isText()).map(Column::of).toList();
    var parts = new ArrayList<Condition>();
    for (String word : words.strip().split("\\s+")) {
      var anywhere = new ArrayList<Condition>();
      for (Column column : texts) {
        count();
        anywhere.add(new Condition.Contains(column, word));
      }
      parts.add(new Condition.Or(anywhere));
    }
    return all(parts);
  }

  private Condition ofColumn(String name, @Nullable Object value) {
    Column column = columns.apply(name);
    return value instanceof Map<?, ?> operators
        ? operators(column, Json.asObject(operators), false)
        : compare(column, Comparison.EQUAL, value);
  }

  /**
   * All of {@code operators} hold, or not all of them where they are negated. A cell without a
   * value fulfils no comparison, negated or not; so the operators are turned round one by one.
   */
  private Condition operators(
      Column column, Map<String, @Nullable Object> operators, boolean negated) {
    if (operators.isEmpty()) {
      throw invalid("The condition on \"%s\" is empty".formatted(column.name()));
    }
    var parts = new ArrayList<Condition>();
    operators.forEach((name, operand) -> parts.add(operator(column, name, operand, negated)));
    return parts.size() > 1 && negated ? new Condition.Or(parts) : all(parts);
  }

  private Condition operator(
      Column column, String name, @Nullable Object operand, boolean negated) {
    return switch (name) {
      case String not when not.equals("$not") && operand instanceof Map<?, ?> operators ->
          operators(column, Json.asObject(operators), !negated);
      case "$eq" -> compare(column, either(Comparison.EQUAL, negated), operand);
      case "$ne", "$not" -> compare(column, either(Comparison.NOT_EQUAL, negated), operand);
      case "$gt" -> compare(column, either(Comparison.GREATER, negated), operand);
      case "$gte" -> compare(column, either(Comparison.GREATER_OR_EQUAL, negated), operand);
      case "$lt" -> compare(column, either(Comparison.LESS, negated), operand);
      case "$lte" -> compare(column, either(Comparison.LESS_OR_EQUAL, negated), operand);
      case "$in" -> list(column, name, operand, negated);
      case "$nin" -> list(column, name, operand, !negated);
      case "$exists" -> exists(column, operand, negated);
      case "$like", "$contains" -> {
        String text = pattern(column, name, operand);
        yield pattern(column, new Condition.Contains(column, text), negated);
      }
      case "$startsWith" -> {
        String text = pattern(column, name, operand);
        yield pattern(column, new Condition.StartsWith(column, text), negated);
      }
      default ->
          throw invalid("Unknown operator \"%s\" on \"%s\"".formatted(name, column.name()))
              .with(
                  "hint",
                  "one of $eq $ne $not $gt $gte $lt $lte $in $nin $exists $like $contains $startsWith");
    };
  }

  private static Comparison either(Comparison comparison, boolean negated) {
    return negated ? comparison.opposite() : comparison;
  }

  private Condition compare(Column column, Comparison comparison, @Nullable Object value) {
    if (value == null) {
      return switch (comparison) {
        case EQUAL -> new Condition.IsNull(column);
        case NOT_EQUAL -> new Condition.IsNotNull(column);
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> Condition.NOTHING;
      };
    }
    count();
    return Operand.compare(column, comparison, value);
  }

  private Condition list(Column column, String name, @Nullable Object operand, boolean none) {
    if (!(operand instanceof List<?> items)) {
      throw invalid("\"%s\" on \"%s\" takes an array".formatted(name, column.name()));
    }
    var cells = new ArrayList<Object>();
    for (Object item : items) {
      count();
      @Nullable Object cell = item == null ? null : Operand.cell(column, item);
      if (cell != null) {
        cells.add(cell);
      }
    }
    if (column.kind() == FieldType.Kind.DATETIME && !cells.isEmpty()) {
      return moments(column, cells, none);
    }
    return none ? new Condition.NotIn(column, cells) : new Condition.In(column, cells);
  }

  /** A moment may be written in several ways, so a list of texts would not do. */
  private static Condition moments(Column column, List<Object> moments, boolean none) {
    Comparison comparison = none ? Comparison.NOT_EQUAL : Comparison.EQUAL;
    List<Condition> parts =
        moments.stream()
            .<Condition>map(moment -> new Condition.Compare(column, comparison, moment))
            .toList();
    return none ? new Condition.And(parts) : new Condition.Or(parts);
  }

  private void count() {
    if (++values > VALUES_MAX) {
      throw invalid("The filter has more than %d conditions and values".formatted(VALUES_MAX));
    }
  }

  private static Condition exists(Column column, @Nullable Object operand, boolean negated) {
    if (!(operand instanceof Boolean wanted)) {
      throw invalid("\"$exists\" on \"%s\" takes true or false".formatted(column.name()));
    }
    return wanted != negated ? new Condition.IsNotNull(column) : new Condition.IsNull(column);
  }

  private static Condition pattern(Column column, Condition match, boolean negated) {
    return negated
        ? new Condition.And(List.of(new Condition.IsNotNull(column), new Condition.Not(match)))
        : match;
  }

  private String pattern(Column column, String name, @Nullable Object operand) {
    switch (column.kind()) {
      case STRING, RICHTEXT, ID, DATETIME -> {}
      case INT, FLOAT, BOOL ->
          throw invalid(
              "\"%s\" looks into text, and \"%s\" holds none".formatted(name, column.name()));
    }
    if (!(operand instanceof String text)) {
      throw invalid("\"%s\" on \"%s\" takes a string".formatted(name, column.name()));
    }
    if (text.length() > PATTERN_CHARS_MAX) {
      throw invalid(
          "\"%s\" on \"%s\" takes at most %d characters"
              .formatted(name, column.name(), PATTERN_CHARS_MAX));
    }
    if (text.indexOf('\0') >= 0) {
      throw invalid("No text holds U+0000, which \"%s\" looks for".formatted(name));
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
    return new Order(
        columns.apply(column), direction instanceof String text && text.equalsIgnoreCase("desc"));
  }

  private static PylonException invalid(String message) {
    return new PylonException(QueryError.INVALID_QUERY, message);
  }
}
