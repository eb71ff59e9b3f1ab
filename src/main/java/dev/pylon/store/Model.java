package dev.pylon.store;

import dev.pylon.db.Dialect;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Policy;
import dev.pylon.store.search.SearchIndex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A manifest with its entities made ready. Immutable; a live change of schema puts another in its
 * place.
 *
 * @param narrow the same without the fields that are hidden from clients; null where none are
 */
record Model(
    Manifest manifest,
    Map<String, EntityTable> tables,
    Set<String> policed,
    @Nullable Model narrow) {

  static Model of(Manifest manifest, Dialect dialect) {
    Manifest shown = manifest.shown();
    return of(manifest, dialect, shown == manifest ? null : of(shown, dialect, null));
  }

  private static Model of(Manifest manifest, Dialect dialect, @Nullable Model narrow) {
    var tables = new HashMap<String, EntityTable>();
    for (Entity entity : manifest.entities()) {
      tables.put(
          entity.name(),
          new EntityTable(manifest.indexed(entity), manifest.judged(entity), dialect));
    }
    Set<String> policed =
        manifest.policies().stream()
            .filter(Policy::hasRule)
            .map(Policy::entity)
            .filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet());
    return new Model(manifest, Map.copyOf(tables), policed, narrow);
  }

  /** The part of it that clients know of. */
  Model shown() {
    return narrow == null ? this : narrow;
  }

  /** Whether a policy says who may see the rows of {@code entity}. */
  boolean isPoliced(String entity) {
    return policed.contains(entity);
  }

  /**
   * The table of {@code entity}: the one way from a name that a caller gave to a table, so no other
   * table can be reached.
   *
   * @throws PylonException {@link StoreError#ENTITY_NOT_FOUND}
   */
  EntityTable table(String entity) {
    EntityTable table = tables.get(entity);
    if (table == null) {
      throw new PylonException(
          StoreError.ENTITY_NOT_FOUND, "Unknown entity: \"%s\"".formatted(entity));
    }
    return table;
  }

  /** The search indexes of all entities that have one. */
  List<SearchIndex> indexes() {
    return tables.values().stream().flatMap(table -> Stream.ofNullable(table.index())).toList();
  }
}
