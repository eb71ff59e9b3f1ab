package dev.pylon.store;

import static java.util.Objects.requireNonNull;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Relation;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.EntityColumns;
import dev.pylon.store.query.Order;
import dev.pylon.store.query.Query;
import dev.pylon.store.query.QueryError;
import dev.pylon.store.query.QueryParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of several entities with what they point at (data contract, 3.4):
 *
 * <pre>{User: {where: {active: true}, order: {name: "asc"}, limit: 10,
 *         include: {posts: {limit: 3, include: {comments: true}}}}}</pre>
 *
 * <p>Parsed and checked as a whole before the first statement runs. Each relation of a level is
 * read with one statement for some hundred parents, never one for each.
 */
record Graph(Map<String, Node> roots) {
  /** Levels of {@code include}. */
  private static final int DEPTH_MAX = 10;

  /** Parents whose rows one statement looks for. */
  private static final int BATCH = 500;

  /** Reads rows of one entity; refuses more than an answer may have. */
  @FunctionalInterface
  interface Finder {
    List<Map<String, @Nullable Object>> find(EntityTable table, Query query);
  }

  /** One level: which rows, and what comes with each. */
  private record Node(EntityTable table, Query query, List<Include> includes) {}

  /**
   * What comes with a row.
   *
   * @param from the column of the parent
   * @param to the column of the target that holds the same value
   */
  private record Include(String name, boolean many, String from, Column to, Node node) {}

  /**
   * @throws PylonException {@code ENTITY_NOT_FOUND}, {@code INVALID_QUERY} or {@code
   *     INVALID_COLUMN}
   */
  static Graph parse(Model model, Map<String, @Nullable Object> query) {
    var roots = new LinkedHashMap<String, Node>();
    query.forEach((entity, value) -> roots.put(entity, node(model, model.table(entity), value, 0)));
    return new Graph(roots);
  }

  private static Node node(Model model, EntityTable table, @Nullable Object value, int depth) {
    if (depth > DEPTH_MAX) {
      throw new PylonException(
          QueryError.INVALID_QUERY,
          "\"include\" is nested more than %d levels deep".formatted(DEPTH_MAX));
    }
    Map<String, @Nullable Object> spec = objectOrEmpty(value);
    Map<String, @Nullable Object> where = objectOrEmpty(spec.get("where"));
    Query query = QueryParser.parse(table.entity(), where);
    List<Order> order = QueryParser.parseOrder(table.entity(), spec.get("order"));
    Long limit = QueryParser.parseCount(spec.get("limit"));
    return new Node(
        table,
        new Query(
            query.where(),
            order.isEmpty() ? query.order() : order,
            smaller(query.limit(), limit),
            query.offset()),
        includes(model, table.entity(), spec.get("include"), depth));
  }

  private static @Nullable Long smaller(@Nullable Long one, @Nullable Long other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Math.min(one, other);
  }

  private static Map<String, @Nullable Object> objectOrEmpty(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
  }

  private static List<Include> includes(
      Model model, Entity entity, @Nullable Object value, int depth) {
    var includes = new ArrayList<Include>();
    objectOrEmpty(value)
        .forEach((name, spec) -> {
          Relation relation = entity.relation(name).orElse(null);
          // Unknown names are ignored, and so is a relation that leads nowhere.
          if (relation != null && !Boolean.FALSE.equals(spec)) {
            include(model, entity, relation, spec, depth, includes);
          }
        });
    return includes;
  }

  private static void include(
      Model model,
      Entity entity,
      Relation relation,
      @Nullable Object spec,
      int depth,
      List<Include> includes) {
    EntityTable target = model.tables().get(relation.target());
    if (target == null) {
      return;
    }
    boolean own = relation.field().equals("id") || entity.field(relation.field()).isPresent();
    boolean targets = target.entity().field(relation.field()).isPresent();
    Node node = node(model, target, spec, depth + 1);
    if (!relation.many() && own) {
      includes.add(new Include(relation.name(), false, relation.field(), Column.ID, node));
    } else if (relation.many() && targets) {
      String from = own ? relation.field() : "id";
      Column to = EntityColumns.require(target.entity(), relation.field());
      includes.add(new Include(relation.name(), true, from, to, node));
    }
  }

  /** The rows of every root, each with what was to be included. */
  Map<String, List<Map<String, @Nullable Object>>> load(Finder finder) {
    var answer = new LinkedHashMap<String, List<Map<String, @Nullable Object>>>();
    roots.forEach((name, node) -> {
      List<Map<String, @Nullable Object>> rows = finder.find(node.table(), node.query());
      answer.put(name, expand(finder, node, rows));
    });
    return answer;
  }

  private static List<Map<String, @Nullable Object>> expand(
      Finder finder, Node node, List<Map<String, @Nullable Object>> rows) {
    if (node.includes().isEmpty()) {
      return rows;
    }
    List<Map<String, @Nullable Object>> expanded = new ArrayList<>();
    for (Map<String, @Nullable Object> row : rows) {
      expanded.add(new LinkedHashMap<>(row));
    }
    for (Include include : node.includes()) {
      attach(finder, include, expanded);
    }
    return expanded;
  }

  private static void attach(
      Finder finder, Include include, List<Map<String, @Nullable Object>> parents) {
    Set<Object> keys = new LinkedHashSet<>();
    for (Map<String, @Nullable Object> parent : parents) {
      Object key = parent.get(include.from());
      if (key != null) {
        keys.add(key);
      }
    }
    Map<Object, List<Map<String, @Nullable Object>>> targets = targets(finder, include, keys);
    for (Map<String, @Nullable Object> parent : parents) {
      Object key = parent.get(include.from());
      List<Map<String, @Nullable Object>> found =
          key == null ? List.of() : targets.getOrDefault(key, List.of());
      if (include.many()) {
        parent.put(include.name(), found);
      } else if (!found.isEmpty()) {
        parent.put(include.name(), found.getFirst());
      }
    }
  }

  /** The included rows by the value they share with their parents, each list as its level asks. */
  private static Map<Object, List<Map<String, @Nullable Object>>> targets(
      Finder finder, Include include, Set<Object> keys) {
    Query query = include.node().query();
    // Limit and offset count for each parent, so they are applied after the rows have been dealt
    // out.
    Query unlimited = new Query(query.where(), query.order(), null, 0);
    var found = new ArrayList<Map<String, @Nullable Object>>();
    var ordered = new ArrayList<>(keys);
    for (int from = 0; from < ordered.size(); from += BATCH) {
      List<Object> batch = ordered.subList(from, Math.min(from + BATCH, ordered.size()));
      found.addAll(
          finder.find(
              include.node().table(), unlimited.and(new Condition.In(include.to(), batch))));
    }
    return dealt(finder, include, found);
  }

  /**
   * Deals rows out by the value they share with their parents; what they include is read for all at
   * once.
   */
  private static Map<Object, List<Map<String, @Nullable Object>>> dealt(
      Finder finder, Include include, List<Map<String, @Nullable Object>> found) {
    var groups = new LinkedHashMap<Object, List<Map<String, @Nullable Object>>>();
    for (Map<String, @Nullable Object> row : found) {
      groups
          .computeIfAbsent(requireNonNull(row.get(include.to().name())), _ -> new ArrayList<>())
          .add(row);
    }
    var all = new ArrayList<Map<String, @Nullable Object>>();
    for (Map.Entry<Object, List<Map<String, @Nullable Object>>> group : groups.entrySet()) {
      group.setValue(section(group.getValue(), include.node().query()));
      all.addAll(group.getValue());
    }
    List<Map<String, @Nullable Object>> expanded = expand(finder, include.node(), all);
    int from = 0;
    for (Map.Entry<Object, List<Map<String, @Nullable Object>>> group : groups.entrySet()) {
      int to = from + group.getValue().size();
      group.setValue(expanded.subList(from, to));
      from = to;
    }
    return groups;
  }

  private static List<Map<String, @Nullable Object>> section(
      List<Map<String, @Nullable Object>> rows, Query query) {
    int from = (int) Math.min(query.offset(), rows.size());
    long wanted = query.limit() == null ? rows.size() : query.limit();
    return rows.subList(from, (int) Math.min(from + wanted, rows.size()));
  }
}
