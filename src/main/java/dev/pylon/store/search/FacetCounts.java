package dev.pylon.store.search;

import dev.pylon.db.Columns;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.store.query.Instants;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds up how many rows of each kind a search finds: to a total, and to counts by the values of
 * each facet, for which the facet's own filter does not count. Not thread-safe.
 */
final class FacetCounts {
  /** Values told of one facet, those most rows have. */
  private static final int VALUES_MAX = 100;

  private final List<Field> facets;
  private final List<String> filtered;
  private final List<Map<Object, Long>> counts;
  private long total;

  /**
   * @param filtered names of the facets that have a filter
   */
  FacetCounts(List<Field> facets, List<String> filtered) {
    this.facets = facets;
    this.filtered = filtered;
    this.counts = facets.stream().<Map<Object, Long>>map(_ -> new HashMap<>()).toList();
  }

  /**
   * Adds a kind, or a part of its rows: the columns are the number of its rows, 1 for each filter
   * that it fails and 0 for each it passes, then its values.
   */
  FacetCounts add(Columns kind) {
    long rows = kind.integer(0);
    if (rows == 0) {
      return this;
    }
    String failed = null;
    for (int i = 0; i < filtered.size(); i++) {
      if (kind.integer(1 + i) != 0) {
        if (failed != null) {
          return this;
        }
        failed = filtered.get(i);
      }
    }
    if (failed == null) {
      total += rows;
    }
    for (int i = 0; i < facets.size(); i++) {
      if (failed == null || failed.equals(facets.get(i).name())) {
        Object value = value(kind, 1 + filtered.size() + i, facets.get(i).type().kind());
        if (value != null) {
          counts.get(i).merge(value, rows, Long::sum);
        }
      }
    }
    return this;
  }

  private static @Nullable Object value(Columns kind, int column, FieldType.Kind type) {
    return switch (type) {
      case STRING, RICHTEXT, ID -> kind.text(column);
      case DATETIME -> Instants.shown(kind.text(column));
      case BOOL -> kind.value(column) instanceof Long flag ? flag != 0 : kind.value(column);
      case INT, FLOAT -> kind.value(column);
    };
  }

  /** The rows that pass every filter. */
  long total() {
    return total;
  }

  /** The values of each facet that has any, those of most rows first. */
  Map<String, @Nullable Object> byFacet() {
    var answer = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < facets.size(); i++) {
      if (!counts.get(i).isEmpty()) {
        answer.put(facets.get(i).name(), most(counts.get(i)));
      }
    }
    return answer;
  }

  private static Map<String, Long> most(Map<Object, Long> counts) {
    var entries = new ArrayList<>(counts.entrySet());
    entries.sort(
        Map.Entry.<Object, Long>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey(FacetCounts::compare)));
    var most = new LinkedHashMap<String, Long>();
    for (Map.Entry<Object, Long> entry : entries.subList(0, Math.min(VALUES_MAX, entries.size()))) {
      most.put(key(entry.getKey()), entry.getValue());
    }
    return most;
  }

  /** As databases sort: numbers by their size, texts byte by byte. */
  private static int compare(Object one, Object other) {
    return switch (one) {
      case Long number when other instanceof Long another -> Long.compare(number, another);
      case Number number when other instanceof Number another ->
          Double.compare(number.doubleValue(), another.doubleValue());
      default -> compare(one.toString(), other.toString());
    };
  }

  private static int compare(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      if (one.charAt(i) != other.charAt(i)) {
        return Integer.compare(one.codePointAt(i), other.codePointAt(i));
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  /** A value as a client names it; numbers in decimal, without a point where they are whole. */
  private static String key(Object value) {
    return value instanceof Number
        ? new BigDecimal(value.toString()).stripTrailingZeros().toPlainString()
        : value.toString();
  }
}
