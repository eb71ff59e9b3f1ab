package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.schema.Manifest;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever rows there are and whatever is looked for, a search answers what a look at every row
 * answers. The look is written here in another way, with patterns and streams.
 */
abstract class SearchLawContract {
  private static final int ROUNDS = 8;
  private static final int WRITES = 40;
  private static final int SEARCHES = 30;

  private static final Manifest MANIFEST =
      Manifests.of(
          with(
              entity(
                  "Item",
                  "name:string",
                  "body:richtext?",
                  "kind:string?",
                  "n:int?",
                  "f:float?",
                  "b:bool?"),
              "search",
              Map.of(
                  "text", List.of("name", "body"),
                  "facets", List.of("kind", "n", "f", "b"),
                  "sortable", List.of("kind", "n", "f", "b"))));

  private static final List<String> WORDS =
      List.of(
          "red", "Red", "RÉD", "redwood", "re", "r", "blue", "Bleu", "bl", "naïve", "naive", "ﬁn",
          "Ωmega", "ωμέγα", "東京", "42", "4", "x1", "a", "İx", "straße", "don't");

  private static final List<String> GAPS =
      List.of(" ", "  ", "-", ", ", "\n", "_", "\"", "'", "*", "(", " AND ", ":", "\\", "%", "🎉");

  @TempDir Path folder;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  /** The rows as they should be, by id. */
  private final Map<String, Map<String, @Nullable Object>> rows = new TreeMap<>();

  abstract Store open(Path folder, Manifest manifest);

  @Test
  void aSearchAnswersWhatALookAtEveryRowAnswers() {
    try (Store store = open(folder, MANIFEST)) {
      for (int round = 0; round < ROUNDS; round++) {
        store.write(soon(), this::writeSome);
        writeInVain(store);
        for (int i = 0; i < SEARCHES; i++) {
          compare(store);
        }
      }
    }
  }

  private boolean writeSome(Transaction tx) {
    for (int i = 0; i < WRITES; i++) {
      write(tx);
    }
    compare(tx);
    return true;
  }

  private void writeInVain(Store store) {
    var before = new TreeMap<>(rows);
    try {
      store.write(
          soon(),
          tx -> {
            writeSome(tx);
            throw new IllegalStateException("in vain");
          });
    } catch (IllegalStateException _) {
      rows.clear();
      rows.putAll(before);
    }
  }

  private void write(Transaction tx) {
    int choice = random.nextInt(10);
    if (rows.isEmpty() || choice < 6) {
      Map<String, @Nullable Object> row = row();
      String id = tx.insert("Item", row);
      row.put("id", id);
      rows.put(id, row);
      return;
    }
    String id = pick(List.copyOf(rows.keySet()));
    if (choice < 9) {
      Map<String, @Nullable Object> patch = row();
      patch.keySet().removeIf(_ -> random.nextBoolean());
      tx.update("Item", id, patch);
      var row = new LinkedHashMap<>(Objects.requireNonNull(rows.get(id)));
      row.putAll(patch);
      rows.put(id, row);
    } else {
      tx.delete("Item", id);
      rows.remove(id);
    }
  }

  private Map<String, @Nullable Object> row() {
    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put("name", text(4));
    row.put("body", maybe(text(12)));
    row.put("kind", maybe(pick(List.of("a", "B", "ä", "", "a b"))));
    row.put("n", maybe((long) random.nextInt(4) - 1));
    row.put("f", maybe(random.nextInt(4) / 2.0));
    row.put("b", maybe(random.nextBoolean()));
    return row;
  }

  private @Nullable Object maybe(Object value) {
    return random.nextInt(5) == 0 ? null : value;
  }

  private String text(int wordsMax) {
    var text = new StringBuilder();
    for (int i = random.nextInt(wordsMax + 1); i > 0; i--) {
      text.append(pick(GAPS)).append(pick(WORDS));
    }
    return text.append(pick(GAPS)).toString();
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private void compare(Reads store) {
    var request = new LinkedHashMap<String, @Nullable Object>();
    request.put("query", text(3));
    var filters = new LinkedHashMap<String, @Nullable Object>();
    for (String facet : List.of("kind", "n", "f", "b")) {
      if (random.nextInt(4) == 0) {
        filters.put(facet, filter(facet));
      }
    }
    request.put("filters", filters);
    if (random.nextBoolean()) {
      request.put(
          "sort",
          List.of(pick(List.of("kind", "n", "f", "b", "name")), pick(List.of("asc", "desc"))));
    }
    request.put("page", random.nextInt(3));
    request.put("page_size", 1 + random.nextInt(30));

    Map<String, @Nullable Object> answer = store.search("Item", request);

    answer.remove("tookMs");
    assertThat(answer).as("seed %d, %s", seed, request).isEqualTo(look(request, filters));
    Map<String, @Nullable Object> words = Map.of("query", text(request));
    List<Map<String, @Nullable Object>> found =
        rows.values().stream()
            .filter(row -> hasWords(row, text(request)))
            .sorted(order(words))
            .toList();
    assertThat(store.query("Item", Map.of("$search", (Object) text(request), "$limit", 10)))
        .as("seed %d, $search %s", seed, request)
        .isEqualTo(found.subList(0, Math.min(10, found.size())));
    assertThat(store.graph(Map.of("Item", Map.of("where", Map.of("$search", text(request))))))
        .as("seed %d, graph $search %s", seed, request)
        .containsEntry("Item", found);
  }

  private static String text(Map<String, @Nullable Object> request) {
    return String.valueOf(request.get("query"));
  }

  private Object filter(String facet) {
    return switch (facet) {
      case "kind" -> random.nextBoolean() ? "a" : List.of("B", "");
      case "b" -> random.nextBoolean();
      default -> random.nextBoolean() ? 1 : Map.of("$gte", 0, "$lt", 1.5);
    };
  }

  // ---- the look at every row ----

  private Map<String, @Nullable Object> look(
      Map<String, @Nullable Object> request, Map<String, @Nullable Object> filters) {
    List<Map<String, @Nullable Object>> worded =
        rows.values().stream().filter(row -> hasWords(row, text(request))).toList();
    List<Map<String, @Nullable Object>> found =
        worded.stream().filter(passes(filters, "")).sorted(order(request)).toList();
    var counts = new LinkedHashMap<String, Object>();
    for (String facet : List.of("kind", "n", "f", "b")) {
      Map<String, Long> values =
          count(facet, worded.stream().filter(passes(filters, facet)).toList());
      if (!values.isEmpty()) {
        counts.put(facet, values);
      }
    }
    int size = (Integer) Objects.requireNonNull(request.get("page_size"));
    int from = (Integer) Objects.requireNonNull(request.get("page")) * size;
    return Map.of(
        "hits",
        found.subList(Math.min(from, found.size()), Math.min(from + size, found.size())),
        "facetCounts",
        counts,
        "total",
        (long) found.size());
  }

  private static List<String> words(@Nullable Object text) {
    String plain =
        Normalizer.normalize(String.valueOf(text), Normalizer.Form.NFKD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT)
            .replace('ς', 'σ')
            .replaceAll("(\\p{IsHan})", " $1 ");
    return Arrays.stream(plain.split("[^\\p{L}\\p{Nd}]+")).filter(word -> !word.isEmpty()).toList();
  }

  private static List<String> wordsOf(Map<String, @Nullable Object> row) {
    var words = new ArrayList<>(words(row.get("name")));
    if (row.get("body") != null) {
      words.addAll(words(row.get("body")));
    }
    return words;
  }

  private static boolean hasWords(Map<String, @Nullable Object> row, String text) {
    List<String> asked = words(text);
    List<String> there = wordsOf(row);
    return asked.isEmpty()
        || there.containsAll(asked.subList(0, asked.size() - 1))
            && there.stream().anyMatch(word -> word.startsWith(asked.getLast()));
  }

  private static Predicate<Map<String, @Nullable Object>> passes(
      Map<String, @Nullable Object> filters, String except) {
    return row ->
        filters.entrySet().stream()
            .filter(filter -> !filter.getKey().equals(except))
            .allMatch(filter -> fits(row.get(filter.getKey()), filter.getValue()));
  }

  private static boolean fits(@Nullable Object value, @Nullable Object filter) {
    return switch (filter) {
      case List<?> list -> value != null && list.contains(value);
      case Map<?, ?> _ ->
          value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() < 1.5;
      case Integer one -> value instanceof Number number && number.doubleValue() == one;
      case null, default -> Objects.equals(filter, value);
    };
  }

  private static Map<String, Long> count(String facet, List<Map<String, @Nullable Object>> rows) {
    var counts = new TreeMap<Object, Long>();
    rows.stream()
        .map(row -> row.get(facet))
        .filter(Objects::nonNull)
        .forEach(value -> counts.merge(value, 1L, Long::sum));
    var entries = new ArrayList<>(counts.entrySet());
    entries.sort(Map.Entry.<Object, Long>comparingByValue().reversed());
    var named = new LinkedHashMap<String, Long>();
    entries.forEach(entry -> named.put(name(entry.getKey()), entry.getValue()));
    return named;
  }

  private static String name(Object value) {
    return value instanceof Double number
        ? new BigDecimal(number).stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }

  private static Comparator<Map<String, @Nullable Object>> order(
      Map<String, @Nullable Object> request) {
    if (request.get("sort") instanceof List<?> sort && !sort.getFirst().equals("name")) {
      Comparator<Map<String, @Nullable Object>> ascending =
          (one, other) ->
              compare(one.get((String) sort.getFirst()), other.get((String) sort.getFirst()));
      return byId(sort.getLast().equals("desc") ? ascending.reversed() : ascending);
    }
    List<String> asked = words(text(request));
    return asked.isEmpty()
        ? byId((_, _) -> 0)
        : byId(Comparator.comparingLong(row -> -rank(wordsOf(row), asked)));
  }

  private static Comparator<Map<String, @Nullable Object>> byId(
      Comparator<Map<String, @Nullable Object>> order) {
    return order.thenComparing(row -> String.valueOf(row.get("id")));
  }

  @SuppressWarnings("unchecked")
  private static int compare(@Nullable Object one, @Nullable Object other) {
    if (one == null || other == null) {
      return Boolean.compare(one != null, other != null);
    }
    return ((Comparable<Object>) one).compareTo(other);
  }

  private static long rank(List<String> there, List<String> asked) {
    String last = asked.getLast();
    List<String> whole = asked.subList(0, asked.size() - 1).stream().distinct().toList();
    int points = 10 * (whole.size() + 1) + (there.contains(last) ? 5 : 0);
    for (String word : whole) {
      points += more(Collections.frequency(there, word));
    }
    points +=
        there.stream()
            .distinct()
            .filter(word -> word.startsWith(last))
            .mapToInt(word -> more(Collections.frequency(there, word)))
            .max()
            .orElse(0);
    return points * 100_000L / (100 + there.size());
  }

  private static int more(int times) {
    return times >= 4 ? 7 : times >= 2 ? 4 : 0;
  }
}
