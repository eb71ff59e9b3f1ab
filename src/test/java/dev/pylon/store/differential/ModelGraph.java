package dev.pylon.store.differential;

import dev.pylon.schema.Entity;
import dev.pylon.schema.Relation;
import dev.pylon.store.StoreError;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows with what they point at, read parent by parent (data contract, 3.4). */
final class ModelGraph {
  private final ModelReads rows;

  ModelGraph(ModelReads rows) {
    this.rows = rows;
  }

  Map<String, List<Map<String, @Nullable Object>>> answer(Map<String, @Nullable Object> query) {
    query.forEach((entity, spec) -> check(rows.entity(entity), ModelReads.objectOrEmpty(spec)));
    var answer = new LinkedHashMap<String, List<Map<String, @Nullable Object>>>();
    query.forEach((name, value) -> {
      Map<String, @Nullable Object> spec = ModelReads.objectOrEmpty(value);
      Entity entity = rows.entity(name);
      answer.put(name, expanded(entity, spec, found(entity, spec, rows.visible(name))));
    });
    if (count(answer) > rows.rowsMax) {
      throw StoreError.tooLarge(rows.rowsMax);
    }
    return answer;
  }

  /** Refuses what has no meaning, whether or not there are rows to ask. */
  private void check(Entity entity, Map<String, @Nullable Object> spec) {
    found(entity, spec, List.of());
    ModelReads.objectOrEmpty(spec.get("include"))
        .forEach((name, inside) -> {
          Relation relation = relation(entity, name, inside);
          if (relation != null) {
            check(rows.entity(relation.target()), ModelReads.objectOrEmpty(inside));
          }
        });
  }

  private static List<Map<String, @Nullable Object>> found(
      Entity entity,
      Map<String, @Nullable Object> spec,
      List<Map<String, @Nullable Object>> candidates) {
    ModelFilter filter = ModelFilter.over(entity);
    ModelFilter.Question where = filter.question(ModelReads.objectOrEmpty(spec.get("where")));
    Comparator<Map<String, @Nullable Object>> order = filter.order(spec.get("order"));
    Long limit = ModelFilter.count(spec.get("limit"));
    return new ModelFilter.Question(
            where.where(), order == null ? where.order() : order, where.limit(), where.offset())
        .of(candidates).stream().limit(limit == null ? Long.MAX_VALUE : limit).toList();
  }

  private List<Map<String, @Nullable Object>> expanded(
      Entity entity,
      Map<String, @Nullable Object> spec,
      List<Map<String, @Nullable Object>> found) {
    List<Map<String, @Nullable Object>> expanded = ModelReads.copies(found);
    ModelReads.objectOrEmpty(spec.get("include"))
        .forEach((name, inside) -> {
          Relation relation = relation(entity, name, inside);
          if (relation != null) {
            expanded.forEach(
                row -> attach(entity, relation, ModelReads.objectOrEmpty(inside), row));
          }
        });
    return expanded;
  }

  private void attach(
      Entity entity,
      Relation relation,
      Map<String, @Nullable Object> spec,
      Map<String, @Nullable Object> row) {
    Entity target = rows.entity(relation.target());
    boolean own = entity.field(relation.field()).isPresent();
    Object key = row.get(own ? relation.field() : "id");
    String pointedAt = relation.many() ? relation.field() : "id";
    List<Map<String, @Nullable Object>> same =
        rows.visible(target.name()).stream()
            .filter(other -> key != null && Objects.equals(key, other.get(pointedAt)))
            .toList();
    List<Map<String, @Nullable Object>> found = expanded(target, spec, found(target, spec, same));
    if (relation.many()) {
      row.put(relation.name(), found);
    } else if (!found.isEmpty()) {
      row.put(relation.name(), found.getFirst());
    }
  }

  private @Nullable Relation relation(Entity entity, String name, @Nullable Object spec) {
    return entity
        .relation(name)
        .filter(relation -> rows.manifest.entity(relation.target()).isPresent())
        .filter(_ -> !Boolean.FALSE.equals(spec))
        .orElse(null);
  }

  /** The rows of an answer, those inside others too. */
  private static long count(@Nullable Object part) {
    return switch (part) {
      case Map<?, ?> map ->
          (map.containsKey("id") ? 1 : 0)
              + map.values().stream().mapToLong(ModelGraph::count).sum();
      case List<?> list -> list.stream().mapToLong(ModelGraph::count).sum();
      case null, default -> 0;
    };
  }
}
