package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The law of filters: whatever is asked, the database finds what a plain reading of the words
 * finds.
 */
class FilterPropertyTest {
  private static final long SEED = 20_260_131;
  private static final List<String> TEXTS =
      List.of("", "a", "A", "ab", "aB%", "a_b", "\\", "é", "É", "😀", "z");

  private final Random random = new Random(SEED);
  private Store store;
  private List<Map<String, @Nullable Object>> rows;

  @BeforeEach
  void fill() {
    store =
        SqlStore.open(
            SqliteDatabase.temporary(),
            Manifests.of(entity("E", "s:string?", "i:int?", "f:float?", "b:bool?", "t:datetime?")),
            "test",
            1_000,
            Stores.ids(),
            InstantSource.system());
    List<Map<String, @Nullable Object>> made = new ArrayList<>();
    for (int n = 0; n < 120; n++) {
      var row = new LinkedHashMap<String, @Nullable Object>();
      for (String field : List.of("s", "i", "f", "b", "t")) {
        row.put(field, random.nextInt(5) == 0 ? null : value(field));
      }
      made.add(row);
    }
    store.write(Stores.soon(), tx -> tx.insertMany("E", made));
    rows = store.list("E");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Object value(String field) {
    return switch (field) {
      case "s" -> TEXTS.get(random.nextInt(TEXTS.size()));
      case "i" -> (long) random.nextInt(-3, 4);
      case "f" -> random.nextInt(-6, 7) / 2.0;
      case "b" -> random.nextBoolean();
      case "t" -> "2026-01-0%dT00:00:00.000Z".formatted(random.nextInt(1, 6));
      default -> throw new IllegalArgumentException(field);
    };
  }

  private String field() {
    return List.of("s", "i", "f", "b", "t").get(random.nextInt(5));
  }

  @Test
  void theDatabaseFindsWhatAPlainReadingFinds() {
    for (int n = 0; n < 2_000; n++) {
      Map<String, @Nullable Object> filter = conditions(2);
      var order = new LinkedHashMap<String, Object>();
      for (int k = random.nextInt(3); k > 0; k--) {
        order.put(field(), random.nextBoolean() ? "asc" : "desc");
      }
      filter.put("$order", order);
      if (random.nextBoolean()) {
        filter.put("$limit", (long) random.nextInt(20));
      }
      if (random.nextBoolean()) {
        filter.put("$offset", (long) random.nextInt(20));
      }

      assertThat(store.query("E", filter))
          .as("seed %d, filter %d: %s", SEED, n, Json.text(filter))
          .isEqualTo(plain(filter));
    }
  }

  private Map<String, @Nullable Object> conditions(int depth) {
    var filter = new LinkedHashMap<String, @Nullable Object>();
    for (int k = random.nextInt(3); k > 0; k--) {
      String field = field();
      filter.put(field, random.nextInt(4) == 0 ? equal(field) : operators(field));
    }
    if (depth > 0 && random.nextInt(3) == 0) {
      var branches = new ArrayList<Object>();
      for (int k = random.nextInt(4); k > 0; k--) {
        branches.add(conditions(depth - 1));
      }
      filter.put(random.nextBoolean() ? "$or" : "$and", branches);
    }
    return filter;
  }

  private @Nullable Object equal(String field) {
    return random.nextInt(5) == 0 ? null : value(field);
  }

  private Map<String, @Nullable Object> operators(String field) {
    var operators = new LinkedHashMap<String, @Nullable Object>();
    for (int k = random.nextInt(1, 3); k > 0; k--) {
      List<String> names =
          List.of(
              "$eq",
              "$ne",
              "$not",
              "$gt",
              "$gte",
              "$lt",
              "$lte",
              "$in",
              "$nin",
              "$exists",
              "$like",
              "$startsWith");
      String name = names.get(random.nextInt(names.size()));
      switch (name) {
        case "$in", "$nin" -> {
          var list = new ArrayList<@Nullable Object>();
          for (int n = random.nextInt(4); n > 0; n--) {
            list.add(equal(field));
          }
          operators.put(name, list);
        }
        case "$exists" -> operators.put(name, random.nextBoolean());
        case "$like", "$startsWith" -> {
          if (field.equals("s")) {
            operators.put(name, value("s"));
          } else {
            operators.put("$exists", true);
          }
        }
        default -> operators.put(name, equal(field));
      }
    }
    return operators;
  }

  private List<Map<String, @Nullable Object>> plain(Map<String, @Nullable Object> filter) {
    var found = new ArrayList<>(rows.stream().filter(row -> holds(filter, row)).toList());
    Comparator<Map<String, @Nullable Object>> order = (_, _) -> 0;
    for (Map.Entry<?, ?> by : ((Map<?, ?>) filter.get("$order")).entrySet()) {
      Comparator<Map<String, @Nullable Object>> one =
          (left, right) -> compareCells(left.get(by.getKey()), right.get(by.getKey()));
      order = order.thenComparing(by.getValue().equals("desc") ? one.reversed() : one);
    }
    found.sort(order.thenComparing(row -> (String) row.get("id")));
    long offset = (Long) filter.getOrDefault("$offset", 0L);
    long limit = (Long) filter.getOrDefault("$limit", (long) found.size());
    return found.stream().skip(offset).limit(limit).toList();
  }

  private static boolean holds(Map<?, ?> filter, Map<String, @Nullable Object> row) {
    return filter.entrySet().stream()
        .allMatch(part -> holds((String) part.getKey(), part.getValue(), row));
  }

  private static boolean holds(
      String key, @Nullable Object value, Map<String, @Nullable Object> row) {
    return switch (key) {
      case "$order", "$limit", "$offset" -> true;
      case "$and" -> ((List<?>) value).stream().allMatch(part -> holds((Map<?, ?>) part, row));
      case "$or" -> ((List<?>) value).stream().anyMatch(part -> holds((Map<?, ?>) part, row));
      default ->
          value instanceof Map<?, ?> operators
              ? operators.entrySet().stream()
                  .allMatch(one -> operator((String) one.getKey(), row.get(key), one.getValue()))
              : operator("$eq", row.get(key), value);
    };
  }

  private static boolean operator(String name, @Nullable Object cell, @Nullable Object value) {
    if (name.equals("$exists")) {
      return (cell != null) == (Boolean) value;
    }
    if (value == null) {
      return name.equals("$eq") ? cell == null : name.matches("\\$(ne|not)") && cell != null;
    }
    if (cell == null) {
      return false;
    }
    return switch (name) {
      case "$eq" -> compareCells(cell, value) == 0;
      case "$ne", "$not" -> compareCells(cell, value) != 0;
      case "$gt" -> compareCells(cell, value) > 0;
      case "$gte" -> compareCells(cell, value) >= 0;
      case "$lt" -> compareCells(cell, value) < 0;
      case "$lte" -> compareCells(cell, value) <= 0;
      case "$in" -> ((List<?>) value).contains(cell);
      case "$nin" -> !((List<?>) value).contains(cell);
      case "$like" -> ascii((String) cell).contains(ascii((String) value));
      case "$startsWith" -> ascii((String) cell).startsWith(ascii((String) value));
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Lower case for ASCII letters only. */
  private static String ascii(String text) {
    var lower = new StringBuilder();
    text.chars().forEach(c -> lower.append((char) (c < 128 ? Character.toLowerCase(c) : c)));
    return lower.toString();
  }

  private static int compareCells(@Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return switch (left) {
      case String text ->
          Arrays.compareUnsigned(
              text.getBytes(StandardCharsets.UTF_8),
              ((String) right).getBytes(StandardCharsets.UTF_8));
      case Boolean flag -> Boolean.compare(flag, (Boolean) right);
      case Number number -> Double.compare(number.doubleValue(), ((Number) right).doubleValue());
      default -> throw new IllegalArgumentException(String.format(Locale.ROOT, "%s", left));
    };
  }
}
