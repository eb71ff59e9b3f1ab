package dev.pylon.store;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.FieldType.Kind;
import dev.pylon.schema.Relation;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.EntityColumns;
import dev.pylon.store.query.Order;
import dev.pylon.store.query.Query;
import dev.pylon.store.query.QueryError;
import dev.pylon.store.query.QueryParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question for rows of several entities with what they point at (data contract, 3.4):
 *
 * <pre>{User: {where: {active: true}, order: {name: "asc"}, limit: 10,
 *         include: {posts: {limit: 3, include: {comments: true}}}}}</pre>
 *
 * <p>Parsed and checked as a whole before the first statement runs.
 */
record Graph(Map<String, Node> roots) {
  /** Levels of {@code include}. */
  private static final int DEPTH_MAX = 10;

  /** Levels of all branches together; each costs a statement at least. */
  private static final int NODES_MAX = 100;

  /** One level: which rows, and what comes with each. */
  record Node(EntityTable table, Query query, List<Include> includes) {}

  /**
   * What comes with a row.
   *
   * @param from the column of the parent
   * @param to the column of the target that holds the same value
   */
  record Include(String name, boolean many, Column from, Column to, Node node) {}

  /**
   * @throws PylonException {@code ENTITY_NOT_FOUND}, {@code INVALID_QUERY} or {@code
   *     INVALID_COLUMN}
   */
  static Graph parse(Model model, Map<String, @Nullable Object> query) {
    var parser = new Parser(model);
    var roots = new LinkedHashMap<String, Node>();
    query.forEach((entity, value) -> roots.put(entity, parser.node(model.table(entity), value, 0)));
    return new Graph(roots);
  }

  /** Reads one question. */
  private static final class Parser {
    private final Model model;
    private int nodes;

    Parser(Model model) {
      this.model = model;
    }

    Node node(EntityTable table, @Nullable Object value, int depth) {
      if (depth > DEPTH_MAX) {
        throw invalid("\"include\" is nested more than %d levels deep".formatted(DEPTH_MAX));
      }
      if (++nodes > NODES_MAX) {
        throw invalid("The query has more than %d levels in all".formatted(NODES_MAX));
      }
      Map<String, @Nullable Object> spec = objectOrEmpty(value);
      Query query = QueryParser.parse(table.entity(), objectOrEmpty(spec.get("where")));
      List<Order> order = QueryParser.parseOrder(table.entity(), spec.get("order"));
      return new Node(
          table,
          new Query(
              query.where(),
              order.isEmpty() ? query.order() : order,
              smaller(query.limit(), QueryParser.parseCount(spec.get("limit"))),
              query.offset(),
              order.isEmpty() ? query.ranked() : null),
          includes(table.entity(), spec.get("include"), depth));
    }

    private List<Include> includes(Entity entity, @Nullable Object value, int depth) {
      var includes = new ArrayList<Include>();
      objectOrEmpty(value)
          .forEach((name, spec) -> {
            Relation relation = entity.relation(name).orElse(null);
            // Unknown names are ignored, and so is a relation that leads nowhere.
            if (relation != null && !Boolean.FALSE.equals(spec)) {
              include(entity, relation, spec, depth).ifPresent(includes::add);
            }
          });
      return includes;
    }

    /**
     * A relation to one goes from its field to the target's id. One to many goes from the row's id
     * to the field of the targets, or from the row's own field of that name where it has one.
     */
    private Optional<Include> include(
        Entity entity, Relation relation, @Nullable Object spec, int depth) {
      EntityTable target = model.tables().get(relation.target());
      if (target == null) {
        return Optional.empty();
      }
      Column own = column(entity, relation.field());
      Column from = relation.many() && own == null ? Column.ID : own;
      Column to = relation.many() ? column(target.entity(), relation.field()) : Column.ID;
      if (from == null || to == null || !isComparable(from, to)) {
        return Optional.empty();
      }
      Node node = node(target, spec, depth + 1);
      return Optional.of(new Include(relation.name(), relation.many(), from, to, node));
    }
  }

  private static @Nullable Column column(Entity entity, String name) {
    return name.equals("id") || entity.field(name).isPresent()
        ? EntityColumns.require(entity, name)
        : null;
  }

  private static boolean isComparable(Column one, Column other) {
    return one.kind() == other.kind() || isText(one.kind()) && isText(other.kind());
  }

  private static boolean isText(Kind kind) {
    return kind == Kind.STRING || kind == Kind.RICHTEXT || kind == Kind.ID;
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

  private static PylonException invalid(String message) {
    return new PylonException(QueryError.INVALID_QUERY, message);
  }
}
