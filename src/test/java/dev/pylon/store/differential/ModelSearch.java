package dev.pylon.store.differential;

import dev.pylon.json.Json;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Search;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looking at every row for words and facets (data contract, 3.7). */
final class ModelSearch {
  private final Entity entity;
  private final Search search;

  ModelSearch(Entity entity, Search search) {
    this.entity = entity;
    this.search = search;
  }

  Map<String, @Nullable Object> answer(
      List<Map<String, @Nullable Object>> rows, Map<String, @Nullable Object> request) {
    List<String> asked = words((String) request.getOrDefault("query", ""));
    List<Map<String, @Nullable Object>> worded =
        rows.stream().filter(row -> has(asked, wordsOf(search.text(), row))).toList();
    var filters = filters(ModelReads.objectOrEmpty(request.get("filters")));
    var found = new ArrayList<>(worded.stream().filter(passes(filters, "")).toList());
    Comparator<Map<String, @Nullable Object>> order = order(request.get("sort"));
    if (order != null) {
      found.sort(order);
    } else if (!asked.isEmpty()) {
      found.sort(Comparator.comparingLong(row -> -rank(wordsOf(search.text(), row), asked)));
    }
    var counts = new LinkedHashMap<String, @Nullable Object>();
    for (String facet : search.facets()) {
      Map<String, Long> values = count(facet, worded.stream().filter(passes(filters, facet)));
      if (wants(request.get("facets"), facet) && !values.isEmpty()) {
        counts.put(facet, values);
      }
    }
    long size = Math.clamp((Long) request.getOrDefault("page_size", 20L), 1, 100);
    long page = (Long) request.getOrDefault("page", 0L);
    return Json.object(
        "hits",
        found.stream().skip(page * size).limit(size).toList(),
        "facetCounts",
        counts,
        "total",
        (long) found.size());
  }

  private static boolean wants(@Nullable Object facets, String facet) {
    return !(facets instanceof List<?> names) || names.isEmpty() || names.contains(facet);
  }

  private Map<String, Predicate<Map<String, @Nullable Object>>> filters(
      Map<String, @Nullable Object> filters) {
    var passes = new LinkedHashMap<String, Predicate<Map<String, @Nullable Object>>>();
    filters.forEach((facet, value) -> {
      if (search.facets().contains(facet)) {
        Object condition = value instanceof List<?> list ? Map.of("$in", list) : value;
        passes.put(
            facet,
            condition == null
                ? _ -> false
                : ModelFilter.over(entity).all(Json.object(facet, condition)));
      }
    });
    return passes;
  }

  private static Predicate<Map<String, @Nullable Object>> passes(
      Map<String, Predicate<Map<String, @Nullable Object>>> filters, String except) {
    return row ->
        filters.entrySet().stream()
            .allMatch(filter -> filter.getKey().equals(except) || filter.getValue().test(row));
  }

  private @Nullable Comparator<Map<String, @Nullable Object>> order(@Nullable Object sort) {
    return sort instanceof List<?> pair && search.sortable().contains(pair.getFirst())
        ? ModelFilter.over(entity).order(List.of(pair))
        : null;
  }

  /** Rows by value, most first, then by value. */
  private Map<String, Long> count(String facet, Stream<Map<String, @Nullable Object>> rows) {
    var counts = new TreeMap<Object, Long>(ModelCells.ORDER);
    rows.forEach(row -> {
      Object value = row.get(facet);
      if (value != null) {
        counts.merge(value, 1L, Long::sum);
      }
    });
    var entries = new ArrayList<>(counts.entrySet());
    entries.sort(Map.Entry.<Object, Long>comparingByValue().reversed());
    var named = new LinkedHashMap<String, Long>();
    entries.forEach(entry ->
        named.put(
            entry.getKey() instanceof Number number
                ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
                : String.valueOf(entry.getKey()),
            entry.getValue()));
    return named;
  }

  /** Runs of letters and digits, in lower case and without accents. */
  private static List<String> words(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFKD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT);
    return Arrays.stream(plain.split("[^\\p{L}\\p{Nd}]+")).filter(word -> !word.isEmpty()).toList();
  }

  private static List<String> wordsOf(List<String> texts, Map<String, @Nullable Object> row) {
    var words = new ArrayList<String>();
    for (String text : texts) {
      if (row.get(text) instanceof String said) {
        words.addAll(words(said));
      }
    }
    return words;
  }

  /** Which rows {@code $search} finds. */
  static Predicate<Map<String, @Nullable Object>> found(Search search, String text) {
    List<String> asked = words(text);
    return row -> has(asked, wordsOf(search.text(), row));
  }

  /** Every word is there; the last one may go on. */
  private static boolean has(List<String> asked, List<String> there) {
    return asked.isEmpty()
        || there.containsAll(asked.subList(0, asked.size() - 1))
            && there.stream().anyMatch(word -> word.startsWith(asked.getLast()));
  }

  /** More for what is said often and for whole words, less for long texts. */
  private static long rank(List<String> there, List<String> asked) {
    String last = asked.getLast();
    List<String> whole = asked.subList(0, asked.size() - 1).stream().distinct().toList();
    int points = 10 * (whole.size() + 1) + (there.contains(last) ? 5 : 0);
    for (String word : whole) {
      points += often(there, word);
    }
    points +=
        there.stream()
            .filter(word -> word.startsWith(last))
            .mapToInt(word -> often(there, word))
            .max()
            .orElse(0);
    return points * 100_000L / (100 + there.size());
  }

  private static int often(List<String> there, String word) {
    int times = Collections.frequency(there, word);
    return times >= 4 ? 7 : times >= 2 ? 4 : 0;
  }
}
