package dev.pylon.store;

import static java.util.Objects.requireNonNull;

import dev.pylon.store.Graph.Include;
import dev.pylon.store.Graph.Node;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.Query;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one {@link Graph}, level by level: each relation of a level with one statement
 * for some hundred parents, never one for each. A row that several parents point at is read once
 * and stands in the answer several times; it is the answer that is bounded.
 */
final class GraphLoader {
  /** Parents whose rows one statement looks for. */
  private static final int BATCH = 500;

  private final Finder finder;

  /** Rows that stand under a row in the answer, itself included; a row without an entry is 1. */
  private final Map<Map<String, @Nullable Object>, Long> sizes = new IdentityHashMap<>();

  /** Where rows come from. Refuses more than an answer may have. */
  interface Finder {
    List<Map<String, @Nullable Object>> find(EntityTable table, Query query);

    /** As {@link #find}, with limit and offset for each value of {@code per}. */
    List<Map<String, @Nullable Object>> findForEach(EntityTable table, Query query, Column per);

    /** Refuses where an answer may not have so many rows. */
    void requireRoom(long rows);
  }

  GraphLoader(Finder finder) {
    this.finder = finder;
  }

  /** The rows of every root, each with what was to be included. */
  Map<String, List<Map<String, @Nullable Object>>> load(Graph graph) {
    var answer = new LinkedHashMap<String, List<Map<String, @Nullable Object>>>();
    long total = 0;
    for (Map.Entry<String, Node> root : graph.roots().entrySet()) {
      Node node = root.getValue();
      List<Map<String, @Nullable Object>> rows =
          expand(node, finder.find(node.table(), node.query()));
      answer.put(root.getKey(), rows);
      total += size(rows);
      finder.requireRoom(total);
    }
    return answer;
  }

  private long size(List<Map<String, @Nullable Object>> rows) {
    long size = 0;
    for (Map<String, @Nullable Object> row : rows) {
      size += sizes.getOrDefault(row, 1L);
    }
    return size;
  }

  private List<Map<String, @Nullable Object>> expand(
      Node node, List<Map<String, @Nullable Object>> rows) {
    if (node.includes().isEmpty()) {
      return rows;
    }
    List<Map<String, @Nullable Object>> expanded = new ArrayList<>(rows.size());
    for (Map<String, @Nullable Object> row : rows) {
      expanded.add(new LinkedHashMap<>(row));
    }
    for (Include include : node.includes()) {
      attach(include, expanded);
    }
    return expanded;
  }

  private void attach(Include include, List<Map<String, @Nullable Object>> parents) {
    var keys = new LinkedHashSet<Object>();
    for (Map<String, @Nullable Object> parent : parents) {
      Object key = parent.get(include.from().name());
      if (key != null) {
        keys.add(key);
      }
    }
    Map<Object, List<Map<String, @Nullable Object>>> targets = targets(include, keys);
    for (Map<String, @Nullable Object> parent : parents) {
      Object key = parent.get(include.from().name());
      List<Map<String, @Nullable Object>> found =
          key == null ? List.of() : targets.getOrDefault(key, List.of());
      if (include.many()) {
        parent.put(include.name(), found);
      } else if (!found.isEmpty()) {
        parent.put(include.name(), found.getFirst());
      }
      long size = sizes.getOrDefault(parent, 1L) + size(found);
      finder.requireRoom(size);
      sizes.put(parent, size);
    }
  }

  /** The included rows by the value they share with their parents. */
  private Map<Object, List<Map<String, @Nullable Object>>> targets(
      Include include, LinkedHashSet<Object> keys) {
    var found = new ArrayList<Map<String, @Nullable Object>>();
    var ordered = new ArrayList<>(keys);
    for (int from = 0; from < ordered.size(); from += BATCH) {
      found.addAll(targets(include, ordered.subList(from, Math.min(from + BATCH, keys.size()))));
    }
    var groups = new LinkedHashMap<Object, List<Map<String, @Nullable Object>>>();
    for (Map<String, @Nullable Object> row : expand(include.node(), found)) {
      groups
          .computeIfAbsent(requireNonNull(row.get(include.to().name())), _ -> new ArrayList<>())
          .add(row);
    }
    return groups;
  }

  private List<Map<String, @Nullable Object>> targets(Include include, List<Object> keys) {
    Query query = include.node().query();
    Query ofThese = query.and(new Condition.In(include.to(), keys));
    boolean all = query.limit() == null && query.offset() == 0;
    return all
        ? finder.find(include.node().table(), ofThese)
        : finder.findForEach(include.node().table(), ofThese, include.to());
  }
}
