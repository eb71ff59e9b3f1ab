package dev.pylon.store.differential;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType.Kind;
import dev.pylon.store.query.QueryError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The filter language as it reads (data contract, 3.3): each word becomes a question to one row.
 *
 * @param columns what may be named, and what it holds
 * @param entity whose texts {@code $search} looks into; null where it cannot be asked
 */
record ModelFilter(Map<String, Kind> columns, @Nullable Entity entity) {
  private static final Predicate<Map<String, @Nullable Object>> EVERYTHING = _ -> true;

  static ModelFilter over(Entity entity) {
    var columns = new LinkedHashMap<String, Kind>();
    columns.put("id", Kind.ID);
    entity.fields().forEach(field -> columns.put(field.name(), field.type().kind()));
    return new ModelFilter(columns, entity);
  }

  /** Which rows, in what order, how many of them. */
  record Question(
      Predicate<Map<String, @Nullable Object>> where,
      @Nullable Comparator<Map<String, @Nullable Object>> order,
      @Nullable Long limit,
      long offset) {

    List<Map<String, @Nullable Object>> of(List<Map<String, @Nullable Object>> rows) {
      var found = new ArrayList<>(rows.stream().filter(where).toList());
      if (order != null) {
        found.sort(order);
      }
      return found.stream().skip(offset).limit(limit == null ? Long.MAX_VALUE : limit).toList();
    }
  }

  Question question(Map<String, @Nullable Object> filter) {
    var where = EVERYTHING;
    Comparator<Map<String, @Nullable Object>> order = null;
    Long limit = null;
    Long offset = null;
    for (Map.Entry<String, @Nullable Object> part : filter.entrySet()) {
      Object value = part.getValue();
      switch (part.getKey()) {
        case "$order" -> order = order(value);
        case "$limit" -> limit = count(value);
        case "$offset" -> offset = count(value);
        case String key
            when key.equals("where")
                && !columns.containsKey("where")
                && value instanceof Map<?, ?> inside ->
            where = where.and(all(Json.asObject(inside)));
        case String key -> where = where.and(one(key, value));
      }
    }
    return new Question(where, order, limit, offset == null ? 0 : offset);
  }

  static @Nullable Long count(@Nullable Object value) {
    return switch (value) {
      case Long number when number >= 0 -> number;
      case Double number when number >= 0 && number == Math.rint(number) -> number.longValue();
      case null, default -> null;
    };
  }

  /** Every condition of {@code filter} holds. */
  Predicate<Map<String, @Nullable Object>> all(Map<String, @Nullable Object> filter) {
    var all = EVERYTHING;
    for (Map.Entry<String, @Nullable Object> part : filter.entrySet()) {
      all = all.and(one(part.getKey(), part.getValue()));
    }
    return all;
  }

  private Predicate<Map<String, @Nullable Object>> one(String key, @Nullable Object value) {
    switch (key) {
      case "$and" -> {
        var branches = branches(value);
        return row -> branches.stream().allMatch(branch -> branch.test(row));
      }
      case "$or" -> {
        var branches = branches(value);
        return row -> branches.stream().anyMatch(branch -> branch.test(row));
      }
      case "$not" -> {
        return all(object(value)).negate();
      }
      case "$search" -> {
        return search(value);
      }
      default -> {
        if (key.startsWith("$")) {
          throw refusal();
        }
      }
    }
    requireColumn(key);
    return value instanceof Map<?, ?> operators
        ? operators(key, Json.asObject(operators), false)
        : operator(key, "$eq", value, false);
  }

  private List<Predicate<Map<String, @Nullable Object>>> branches(@Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      throw refusal();
    }
    var branches = new ArrayList<Predicate<Map<String, @Nullable Object>>>();
    list.forEach(branch -> branches.add(all(object(branch))));
    return branches;
  }

  /** By an index where there is one; else every word stands somewhere in the texts of the row. */
  private Predicate<Map<String, @Nullable Object>> search(@Nullable Object value) {
    if (entity == null || !(value instanceof String words) || words.indexOf('\0') >= 0) {
      throw refusal();
    }
    if (entity.search() != null) {
      return ModelSearch.found(entity.search(), words);
    }
    List<Field> texts = entity.fields().stream().filter(field -> field.type().isText()).toList();
    List<String> wanted = words.isBlank() ? List.of() : List.of(lower(words).strip().split("\\s+"));
    return row ->
        wanted.stream()
            .allMatch(word ->
                texts.stream()
                    .anyMatch(field ->
                        row.get(field.name()) instanceof String text
                            && lower(text).contains(word)));
  }

  /** All of them hold; negated, one of them does not, and the cell has a value. */
  private Predicate<Map<String, @Nullable Object>> operators(
      String column, Map<String, @Nullable Object> operators, boolean negated) {
    if (operators.isEmpty()) {
      throw refusal();
    }
    var parts = new ArrayList<Predicate<Map<String, @Nullable Object>>>();
    operators.forEach((name, operand) -> parts.add(operator(column, name, operand, negated)));
    return row ->
        negated
            ? parts.stream().anyMatch(part -> part.test(row))
            : parts.stream().allMatch(part -> part.test(row));
  }

  private Predicate<Map<String, @Nullable Object>> operator(
      String column, String name, @Nullable Object operand, boolean negated) {
    if (operand instanceof Map<?, ?> inside) {
      if (!name.equals("$not")) {
        throw refusal();
      }
      return operators(column, Json.asObject(inside), !negated);
    }
    if (operand == null && isComparison(name)) {
      return ofNull(column, name, negated);
    }
    if (name.equals("$exists")) {
      if (!(operand instanceof Boolean wanted)) {
        throw refusal();
      }
      return row -> (row.get(column) != null) == (wanted != negated);
    }
    Predicate<Object> test = test(column, name, operand);
    return row -> row.get(column) instanceof Object cell && test.test(cell) != negated;
  }

  private static boolean isComparison(String name) {
    return List.of("$eq", "$ne", "$not", "$gt", "$gte", "$lt", "$lte").contains(name);
  }

  /** Only {@code =} and its opposite can be asked of nothing. */
  private static Predicate<Map<String, @Nullable Object>> ofNull(
      String column, String name, boolean negated) {
    return switch (name) {
      case "$eq" -> row -> (row.get(column) == null) != negated;
      case "$ne", "$not" -> row -> (row.get(column) != null) != negated;
      default -> _ -> false;
    };
  }

  /** What is asked of a cell that has a value. */
  private Predicate<Object> test(String column, String name, @Nullable Object operand) {
    return switch (name) {
      case "$in" -> in(column, operand);
      case "$nin" -> in(column, operand).negate();
      case "$like", "$contains" -> {
        String part = lower(pattern(column, operand));
        yield cell -> lower((String) cell).contains(part);
      }
      case "$startsWith" -> {
        String start = lower(pattern(column, operand));
        yield cell -> lower((String) cell).startsWith(start);
      }
      default -> {
        if (!isComparison(name) || operand == null) {
          throw refusal();
        }
        Object value = operand(column, operand);
        yield cell -> holds(name, ModelCells.ORDER.compare(cell, value));
      }
    };
  }

  private static boolean holds(String name, int order) {
    return switch (name) {
      case "$eq" -> order == 0;
      case "$ne", "$not" -> order != 0;
      case "$gt" -> order > 0;
      case "$gte" -> order >= 0;
      case "$lt" -> order < 0;
      case "$lte" -> order <= 0;
      default -> throw refusal();
    };
  }

  private Predicate<Object> in(String column, @Nullable Object operand) {
    if (!(operand instanceof List<?> list)) {
      throw refusal();
    }
    var values = new ArrayList<Object>();
    for (Object item : list) {
      if (item != null) {
        values.add(operand(column, item));
      }
    }
    return cell -> values.stream().anyMatch(value -> ModelCells.ORDER.compare(cell, value) == 0);
  }

  private String pattern(String column, @Nullable Object operand) {
    boolean text =
        switch (kind(column)) {
          case STRING, RICHTEXT, ID, DATETIME -> true;
          case INT, FLOAT, BOOL -> false;
        };
    if (!text || !(operand instanceof String pattern) || pattern.indexOf('\0') >= 0) {
      throw refusal();
    }
    return pattern;
  }

  /** The value to compare a cell with. */
  private Object operand(String column, Object value) {
    Object operand =
        switch (kind(column)) {
          case STRING, RICHTEXT, ID ->
              switch (value) {
                case String text when text.indexOf('\0') < 0 -> text;
                case Number number -> Json.text(number);
                case List<?> list -> Json.text(list);
                default -> null;
              };
          case INT, FLOAT ->
              switch (value) {
                case Number number -> number;
                case String text -> numeral(text);
                default -> null;
              };
          case BOOL ->
              switch (value) {
                case String text when text.equals("true") || text.equals("1") -> true;
                case String text when text.equals("false") || text.equals("0") -> false;
                default -> ModelCells.flag(value);
              };
          case DATETIME -> value instanceof String text ? ModelCells.timeText(text) : null;
        };
    if (operand == null) {
      throw refusal();
    }
    return operand;
  }

  private static @Nullable BigDecimal numeral(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /** Rows come as the author says; what is equal to him stays by id. */
  @Nullable Comparator<Map<String, @Nullable Object>> order(@Nullable Object value) {
    var order = new ArrayList<Comparator<Map<String, @Nullable Object>>>();
    switch (value) {
      case Map<?, ?> columns ->
          columns.forEach((column, direction) -> order.add(by((String) column, direction)));
      case List<?> pairs -> {
        for (Object pair : pairs) {
          order.add(
              switch (pair) {
                case String column -> by(column, "asc");
                case List<?> list when list.size() == 1 && list.get(0) instanceof String column ->
                    by(column, "asc");
                case List<?> list when list.size() == 2 && list.get(0) instanceof String column ->
                    by(column, list.get(1));
                case null, default -> throw refusal();
              });
        }
      }
      case null, default -> {
        // Anything else is no order.
      }
    }
    return order.stream().reduce(Comparator::thenComparing).orElse(null);
  }

  private Comparator<Map<String, @Nullable Object>> by(String column, @Nullable Object direction) {
    requireColumn(column);
    Comparator<Map<String, @Nullable Object>> by =
        (left, right) -> ModelCells.ORDER.compare(left.get(column), right.get(column));
    return "desc".equalsIgnoreCase(String.valueOf(direction)) ? by.reversed() : by;
  }

  private Kind kind(String column) {
    requireColumn(column);
    return columns.get(column);
  }

  void requireColumn(String name) {
    if (!columns.containsKey(name)) {
      throw new PylonException(QueryError.INVALID_COLUMN, "no such column");
    }
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    if (value instanceof Map<?, ?> object) {
      return Json.asObject(object);
    }
    throw refusal();
  }

  /** ASCII letters have two cases, others have not. */
  private static String lower(String text) {
    var lower = new StringBuilder(text);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      lower.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
    }
    return lower.toString();
  }

  static PylonException refusal() {
    return new PylonException(QueryError.INVALID_QUERY, "no such question");
  }
}
