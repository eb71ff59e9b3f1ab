package dev.pylon.store;

import dev.pylon.model.Identity;
import dev.pylon.schema.Entity;
import dev.pylon.store.query.QueryParser;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Of each entity, the rows that a filter finds can be seen; all where there is none for it.
 *
 * @param filters by entity, each as a query has it
 */
public record FilteredAccess(
    Identity caller, Map<String, ? extends Map<String, @Nullable Object>> filters)
    implements Access {

  public static Access of(Map<String, ? extends Map<String, @Nullable Object>> filters) {
    return new FilteredAccess(Identity.SYSTEM, filters);
  }

  /** The filter for {@code entity} that {@code access} has; an empty one where it has none. */
  public static Map<String, @Nullable Object> filter(Access access, String entity) {
    return access instanceof FilteredAccess(_, var filters)
        ? Objects.requireNonNullElse(filters.get(entity), Map.of())
        : Map.of();
  }

  @Override
  public Visibility readable(Entity entity) {
    return new Visibility(QueryParser.parse(entity, filter(this, entity.name())).where(), null);
  }
}
