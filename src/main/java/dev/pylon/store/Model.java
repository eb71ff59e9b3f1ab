package dev.pylon.store;

import dev.pylon.db.Dialect;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import java.util.HashMap;
import java.util.Map;

/**
 * A manifest with its entities made ready. Immutable; a live change of schema puts another in its
 * place.
 */
record Model(Manifest manifest, Map<String, EntityTable> tables) {

  static Model of(Manifest manifest, Dialect dialect) {
    var tables = new HashMap<String, EntityTable>();
    for (Entity entity : manifest.entities()) {
      tables.put(entity.name(), new EntityTable(entity, dialect));
    }
    return new Model(manifest, Map.copyOf(tables));
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
}
