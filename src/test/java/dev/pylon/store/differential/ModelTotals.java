package dev.pylon.store.differential;

import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.FieldType.Kind;
import dev.pylon.store.StoreError;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts and totals over a list of rows (data contract, 3.5). One object serves one question. */
final class ModelTotals {
  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final Entity entity;
  private final Map<String, Kind> columns;

  /** What each group has in common, by its name in the answer. */
  private final Map<String, Function<Map<String, @Nullable Object>, @Nullable Object>> keys =
      new LinkedHashMap<>();

  /** What is told of each group, by its name in the answer. */
  private final Map<String, Function<List<Map<String, @Nullable Object>>, @Nullable Object>>
      measures = new LinkedHashMap<>();

  private final Map<String, Kind> kinds = new LinkedHashMap<>();

  ModelTotals(Entity entity) {
    this.entity = entity;
    this.columns = ModelFilter.over(entity).columns();
  }

  List<Map<String, @Nullable Object>> of(
      List<Map<String, @Nullable Object>> rows, Map<String, @Nullable Object> question) {
    members(question.get("groupBy")).forEach(this::key);
    switch (question.get("count")) {
      case String all when all.equals("*") -> add("count", Kind.INT, List::size);
      case String column -> measure("count", column);
      case null, default -> {
        // Anything else counts nothing.
      }
    }
    for (String measure : List.of("sum", "avg", "min", "max", "countDistinct")) {
      for (Object column : members(question.get(measure))) {
        if (column instanceof String name) {
          measure(measure.equals("countDistinct") ? "count_distinct" : measure, name);
        }
      }
    }
    if (kinds.isEmpty()) {
      throw ModelFilter.refusal();
    }
    var where = ModelFilter.over(entity).all(filter(question.get("where")));
    var results = new ModelFilter(kinds, null);
    var having = results.all(filter(question.get("having")));
    Comparator<Map<String, @Nullable Object>> order = order(results, question.get("orderBy"));
    Long offset = ModelFilter.count(question.get("offset"));
    var groups = new ArrayList<>(groups(rows.stream().filter(where).toList()));
    groups.sort(order);
    return new ModelFilter.Question(
            having, null, ModelFilter.count(question.get("limit")), offset == null ? 0 : offset)
        .of(groups).stream().map(this::answered).toList();
  }

  /** As the author says, then by the keys. */
  private Comparator<Map<String, @Nullable Object>> order(
      ModelFilter results, @Nullable Object value) {
    if (!(value == null
        || value instanceof Map
        || value instanceof List
        || value instanceof String)) {
      throw ModelFilter.refusal();
    }
    Comparator<Map<String, @Nullable Object>> order =
        results.order(value instanceof String column ? List.of(column) : value);
    var byKeys = Objects.requireNonNullElse(order, (_, _) -> 0);
    for (String key : keys.keySet()) {
      byKeys =
          byKeys.thenComparing(
              (left, right) -> ModelCells.ORDER.compare(left.get(key), right.get(key)));
    }
    return byKeys;
  }

  private List<Map<String, @Nullable Object>> groups(List<Map<String, @Nullable Object>> rows) {
    var groups = new LinkedHashMap<List<@Nullable Object>, List<Map<String, @Nullable Object>>>();
    if (keys.isEmpty()) {
      groups.put(List.of(), rows);
    } else {
      for (Map<String, @Nullable Object> row : rows) {
        var group = new ArrayList<@Nullable Object>();
        keys.values().forEach(key -> group.add(key.apply(row)));
        groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(row);
      }
    }
    var answer = new ArrayList<Map<String, @Nullable Object>>();
    groups.forEach((group, members) -> {
      var told = new LinkedHashMap<String, @Nullable Object>();
      int position = 0;
      for (String key : keys.keySet()) {
        told.put(key, group.get(position++));
      }
      measures.forEach((name, measure) -> told.put(name, measure.apply(members)));
      answer.add(told);
    });
    return answer;
  }

  private void key(@Nullable Object member) {
    switch (member) {
      case String column -> {
        require(column);
        kinds.put(column, Objects.requireNonNull(columns.get(column)));
        keys.put(column, row -> row.get(column));
      }
      case Map<?, ?> bucket -> {
        if (!(bucket.get("field") instanceof String column)) {
          throw ModelFilter.refusal();
        }
        require(column);
        String length = bucket.get("bucket") == null ? "day" : String.valueOf(bucket.get("bucket"));
        if (!List.of("hour", "day", "week", "month", "year").contains(length)
            || columns.get(column) != Kind.DATETIME) {
          throw ModelFilter.refusal();
        }
        String name = column + "_" + length;
        kinds.put(name, Kind.STRING);
        keys.put(name, row -> bucket(length, (String) row.get(column)));
      }
      case null, default -> {
        // Members that are neither are ignored.
      }
    }
  }

  private static @Nullable String bucket(String length, @Nullable String time) {
    if (time == null) {
      return null;
    }
    LocalDateTime at = OffsetDateTime.parse(time).toLocalDateTime();
    int week = (at.getDayOfYear() + 7 - at.getDayOfWeek().getValue()) / 7;
    return switch (length) {
      case "hour" -> time.substring(0, 10) + " " + time.substring(11, 13) + ":00:00";
      case "day" -> time.substring(0, 10);
      case "week" -> "%s-W%02d".formatted(time.substring(0, 4), week);
      case "month" -> time.substring(0, 7);
      default -> time.substring(0, 4);
    };
  }

  private void measure(String measure, String column) {
    require(column);
    Kind kind = columns.get(column);
    boolean number = kind == Kind.INT || kind == Kind.FLOAT || kind == Kind.BOOL;
    if (!number && (measure.equals("sum") || measure.equals("avg"))) {
      throw ModelFilter.refusal();
    }
    Kind result =
        switch (measure) {
          case "count", "count_distinct" -> Kind.INT;
          case "sum" -> kind == Kind.BOOL ? Kind.INT : kind;
          case "avg" -> Kind.FLOAT;
          default -> kind;
        };
    add(
        measure + "_" + column,
        result,
        rows -> {
          List<Object> cells =
              rows.stream().map(row -> row.get(column)).filter(Objects::nonNull).toList();
          return switch (measure) {
            case "count" -> (long) cells.size();
            case "count_distinct" -> cells.stream().distinct().count();
            case "sum" -> kind == Kind.FLOAT ? nearest(sum(cells), 1) : sum(cells);
            case "avg" -> nearest(sum(cells), cells.size());
            case "min" -> cells.stream().min(ModelCells.ORDER).orElse(null);
            default -> cells.stream().max(ModelCells.ORDER).orElse(null);
          };
        });
  }

  /** Fractions are the decimal numbers that JSON shows; true is 1. */
  private static @Nullable BigDecimal sum(List<Object> cells) {
    return cells.stream()
        .map(cell ->
            switch (cell) {
              case Boolean flag -> flag ? BigDecimal.ONE : BigDecimal.ZERO;
              case Double number -> new BigDecimal(number.toString());
              default -> ModelCells.decimal((Number) cell);
            })
        .reduce(BigDecimal::add)
        .orElse(null);
  }

  /** The double nearest to {@code sum}, divided; {@code sum} itself where that is none. */
  private static @Nullable Number nearest(@Nullable BigDecimal sum, int divisor) {
    if (sum == null || Double.isInfinite(sum.doubleValue())) {
      return sum;
    }
    return sum.doubleValue() / divisor + 0.0;
  }

  /** What cannot be told as a number of its kind is refused. */
  private Map<String, @Nullable Object> answered(Map<String, @Nullable Object> group) {
    var answer = new LinkedHashMap<String, @Nullable Object>();
    group.forEach((name, value) -> {
      Kind kind = Objects.requireNonNull(kinds.get(name));
      if (value instanceof Number number && kind == Kind.INT) {
        BigDecimal whole = ModelCells.decimal(number);
        if (whole.compareTo(LONG_MIN) < 0 || whole.compareTo(LONG_MAX) > 0) {
          throw new PylonException(StoreError.RESULT_TOO_LARGE, "no number").with("field", name);
        }
        answer.put(name, whole.longValueExact());
      } else if (value instanceof Number number && kind == Kind.FLOAT) {
        if (Double.isInfinite(number.doubleValue())) {
          throw new PylonException(StoreError.RESULT_TOO_LARGE, "no number").with("field", name);
        }
        answer.put(name, number.doubleValue());
      } else {
        answer.put(name, value);
      }
    });
    return answer;
  }

  private void add(
      String name,
      Kind kind,
      Function<List<Map<String, @Nullable Object>>, @Nullable Object> measure) {
    kinds.put(name, kind);
    measures.put(name, measure);
  }

  private static List<? extends @Nullable Object> members(@Nullable Object value) {
    return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
  }

  private void require(String column) {
    new ModelFilter(columns, null).requireColumn(column);
  }

  private static Map<String, @Nullable Object> filter(@Nullable Object value) {
    if (value != null && !(value instanceof Map)) {
      throw ModelFilter.refusal();
    }
    return ModelReads.objectOrEmpty(value);
  }
}
