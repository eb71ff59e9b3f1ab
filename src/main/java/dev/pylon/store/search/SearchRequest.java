package dev.pylon.store.search;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Field;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.Order;
import dev.pylon.store.query.QueryError;
import dev.pylon.store.query.QueryParser;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller looks for (data contract, 3.7), such as
 *
 * <pre>{query: "red sho", filters: {brand: ["acme", "zeta"], price: {$lt: 100}},
 *         sort: ["price", "asc"], page: 0, page_size: 20}</pre>
 *
 * <p>Filters on what is no facet, facets there are none of, and a sort by what is not sortable are
 * passed over.
 *
 * @param filters by facet
 * @param facets whose values are to be counted
 * @param sort null for the best first
 */
public record SearchRequest(
    TextQuery text,
    Map<String, Condition> filters,
    List<Field> facets,
    @Nullable Order sort,
    long page,
    int pageSize) {
  private static final int PAGE_SIZE_MAX = 100;
  private static final int PAGE_SIZE_DEFAULT = 20;

  /** Pages are counted so far; no result has as many. */
  private static final long PAGE_MAX = 1_000_000_000;

  public SearchRequest {
    filters = Collections.unmodifiableMap(new LinkedHashMap<>(filters));
    facets = List.copyOf(facets);
  }

  /**
   * @throws PylonException {@link QueryError#INVALID_QUERY} where a part has another form
   */
  static SearchRequest parse(SearchIndex index, Map<String, @Nullable Object> body) {
    Object pageSize = body.containsKey("page_size") ? body.get("page_size") : body.get("pageSize");
    return new SearchRequest(
        text(body.get("query")),
        filters(index, body.get("filters")),
        facets(index, body.get("facets")),
        sort(index, body.get("sort")),
        Math.min(count("page", body.get("page"), 0), PAGE_MAX),
        Math.clamp(count("page_size", pageSize, PAGE_SIZE_DEFAULT), 1, PAGE_SIZE_MAX));
  }

  long offset() {
    return page * pageSize;
  }

  private static TextQuery text(@Nullable Object query) {
    return switch (query) {
      case null -> TextQuery.NONE;
      case String text -> TextQuery.parse(text);
      default -> throw invalid("\"query\" takes text");
    };
  }

  private static Map<String, Condition> filters(SearchIndex index, @Nullable Object filters) {
    var conditions = new LinkedHashMap<String, Condition>();
    switch (filters) {
      case null -> {}
      case Map<?, ?> object ->
          Json.asObject(object)
              .forEach((facet, value) -> {
                if (index.facets().stream().anyMatch(field -> field.name().equals(facet))) {
                  conditions.put(facet, filter(index, facet, value));
                }
              });
      default -> throw invalid("\"filters\" takes an object of facets and values");
    }
    return conditions;
  }

  /** A value, one of several, or a range such as {@code {$gte: 10, $lt: 20}}; null is no value. */
  private static Condition filter(SearchIndex index, String facet, @Nullable Object value) {
    return switch (value) {
      case null -> Condition.NOTHING;
      case List<?> values -> condition(index, facet, Map.of("$in", values));
      case Object one -> condition(index, facet, one);
    };
  }

  private static Condition condition(SearchIndex index, String facet, Object value) {
    return QueryParser.parse(index.entity(), Map.of(facet, value)).where();
  }

  private static List<Field> facets(SearchIndex index, @Nullable Object facets) {
    return switch (facets) {
      case null -> index.facets();
      case List<?> names when names.isEmpty() -> index.facets();
      case List<?> names when names.stream().allMatch(String.class::isInstance) ->
          index.facets().stream().filter(field -> names.contains(field.name())).toList();
      default -> throw invalid("\"facets\" takes an array of names");
    };
  }

  private static @Nullable Order sort(SearchIndex index, @Nullable Object sort) {
    return switch (sort) {
      case null -> null;
      case List<?> pair
          when pair.size() == 2
              && pair.getFirst() instanceof String field
              && pair.getLast() instanceof String direction ->
          index
              .sortable(field)
              .map(column -> new Order(column, direction.toLowerCase(Locale.ROOT).equals("desc")))
              .orElse(null);
      default ->
          throw invalid("\"sort\" takes a field and a direction, such as [\"price\", \"desc\"]");
    };
  }

  private static long count(String name, @Nullable Object value, long absent) {
    if (value == null) {
      return absent;
    }
    Long count = QueryParser.parseCount(value);
    if (count == null) {
      throw invalid("\"%s\" takes a whole number from 0".formatted(name));
    }
    return count;
  }

  private static PylonException invalid(String what) {
    return new PylonException(QueryError.INVALID_QUERY, "search query body: " + what);
  }
}
