package dev.pylon.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * In what two manifests differ, for people (command line contract, 7). An object serves one
 * comparison.
 */
public final class ManifestDiff {
  private final List<Difference> differences = new ArrayList<>();

  /** What became of a part. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  /**
   * One difference.
   *
   * @param part such as {@code field}
   * @param entity the entity it belongs to, or null
   * @param detail from what to what, where it changed
   */
  public record Difference(
      Kind kind, String part, @Nullable String entity, String name, @Nullable String detail) {

    /** As a JSON object; {@code kind} is such as {@code field_added}. */
    public Map<String, Object> json() {
      var json = new LinkedHashMap<String, Object>();
      json.put("kind", part + "_" + kind.name().toLowerCase(java.util.Locale.ROOT));
      if (entity != null) {
        json.put("entity", entity);
      }
      json.put("name", name);
      if (detail != null) {
        json.put("detail", detail);
      }
      return json;
    }
  }

  private ManifestDiff() {}

  /** The differences, by sort and in the order of the manifests; removals before additions. */
  public static List<Difference> between(Manifest old, Manifest next) {
    var diff = new ManifestDiff();
    diff.parts("entity", null, old.entities(), next.entities(), Entity::name, _ -> "");
    for (Entity entity : old.entities()) {
      next.entity(entity.name()).ifPresent(now -> diff.entity(entity, now));
    }
    diff.parts("route", null, old.routes(), next.routes(), Route::path, ManifestDiff::shown);
    diff.parts("query", null, old.queries(), next.queries(), Operation::name, ManifestDiff::shown);
    diff.parts("action", null, old.actions(), next.actions(), Operation::name, ManifestDiff::shown);
    diff.parts("policy", null, old.policies(), next.policies(), Policy::name, Policy::toString);
    return List.copyOf(diff.differences);
  }

  private void entity(Entity old, Entity next) {
    String name = old.name();
    parts("field", name, old.fields(), next.fields(), Field::name, ManifestDiff::shown);
    parts("index", name, old.indexes(), next.indexes(), Index::name, ManifestDiff::shown);
    parts(
        "relation",
        name,
        old.relations(),
        next.relations(),
        Relation::name,
        relation -> relation.target() + " by " + relation.field());
  }

  private <T> void parts(
      String part,
      @Nullable String entity,
      List<T> old,
      List<T> next,
      Function<T, String> name,
      Function<T, String> text) {
    Map<String, T> now = byName(next, name);
    Map<String, T> before = byName(old, name);
    before.forEach((key, was) -> {
      T is = now.get(key);
      if (is == null) {
        differences.add(new Difference(Kind.REMOVED, part, entity, key, null));
      } else if (!text.apply(was).equals(text.apply(is))) {
        String detail = text.apply(was) + " > " + text.apply(is);
        differences.add(new Difference(Kind.CHANGED, part, entity, key, detail));
      }
    });
    now.forEach((key, _) -> {
      if (!before.containsKey(key)) {
        differences.add(new Difference(Kind.ADDED, part, entity, key, null));
      }
    });
  }

  private static <T> Map<String, T> byName(List<T> parts, Function<T, String> name) {
    var byName = new LinkedHashMap<String, T>();
    parts.forEach(part -> byName.put(name.apply(part), part));
    return byName;
  }

  private static String shown(Field field) {
    return field.type().text()
        + (field.optional() ? " optional" : "")
        + (field.unique() ? " unique" : "");
  }

  private static String shown(Index index) {
    return String.join(", ", index.fields()) + (index.unique() ? " unique" : "");
  }

  private static String shown(Operation operation) {
    return String.join(
        ", ", operation.input().stream().map(field -> field.name() + ": " + shown(field)).toList());
  }

  private static String shown(Route route) {
    return "%s query=%s auth=%s".formatted(route.mode(), route.query(), route.auth());
  }
}
