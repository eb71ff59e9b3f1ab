package dev.pylon.store.differential;

import dev.pylon.db.Work;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Index;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Relation;
import dev.pylon.store.Access;
import dev.pylon.store.Change;
import dev.pylon.store.Change.Kind;
import dev.pylon.store.SentRow;
import dev.pylon.store.StoreError;
import dev.pylon.store.Transaction;
import dev.pylon.store.query.QueryError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writing rows that lie in sorted maps, which nobody else sees yet (data contract, 3.2). */
final class ModelTransaction extends ModelReads implements Transaction {
  private final Supplier<String> ids;
  private Map<String, SortedMap<String, Map<String, @Nullable Object>>> tables;
  private List<Change> changes = new ArrayList<>();

  ModelTransaction(
      Manifest manifest,
      int rowsMax,
      Access access,
      Map<String, SortedMap<String, Map<String, @Nullable Object>>> tables,
      Supplier<String> ids) {
    super(manifest, rowsMax, access);
    this.tables = tables;
    this.ids = ids;
  }

  @Override
  Map<String, SortedMap<String, Map<String, @Nullable Object>>> tables() {
    return tables;
  }

  @Override
  public String insert(String entity, Map<String, @Nullable Object> row) {
    String id = ids.get();
    restore(entity, id, row);
    return id;
  }

  @Override
  public void restore(String name, String id, Map<String, @Nullable Object> row) {
    Entity entity = entity(name);
    if (id.isEmpty() || id.length() > 200 || id.chars().anyMatch(c -> c < ' ')) {
      throw new PylonException(StoreError.INVALID_DATA, "no id").with("field", "id");
    }
    requireColumns(entity, row);
    var stored = new LinkedHashMap<String, @Nullable Object>();
    stored.put("id", id);
    for (Field field : entity.fields()) {
      stored.put(field.name(), ModelCells.stored(field, row.get(field.name())));
    }
    if (tables.get(name).containsKey(id)) {
      throw notUnique(StoreError.INSERT_FAILED, "id");
    }
    requireUnique(entity, stored, StoreError.INSERT_FAILED);
    put(name, stored);
    note(name, id, Kind.INSERT, null, stored, List.of());
  }

  @Override
  public int restoreAll(List<SentRow> rows, IfThere ifThere) {
    throw new UnsupportedOperationException("an import is one of restore() for each row");
  }

  @Override
  public List<String> insertMany(String entity, List<Map<String, @Nullable Object>> rows) {
    entity(entity);
    var before = ModelStore.copy(tables);
    var noted = new ArrayList<>(changes);
    try {
      return rows.stream().map(row -> insert(entity, row)).toList();
    } catch (PylonException refusal) {
      tables = before;
      changes = noted;
      throw refusal;
    }
  }

  @Override
  public boolean update(String name, String id, Map<String, @Nullable Object> patch) {
    Entity entity = entity(name);
    requireColumns(entity, patch);
    var stored = new LinkedHashMap<String, @Nullable Object>();
    patch.forEach((column, value) ->
        entity
            .field(column)
            .ifPresent(field -> stored.put(column, ModelCells.stored(field, value))));
    Map<String, @Nullable Object> before = get(name, id).orElse(null);
    if (before == null) {
      return false;
    }
    stored.keySet().removeIf(column -> Objects.equals(stored.get(column), before.get(column)));
    if (stored.isEmpty()) {
      return true;
    }
    var after = new LinkedHashMap<>(before);
    after.putAll(stored);
    requireUnique(entity, after, StoreError.UPDATE_FAILED);
    put(name, after);
    note(name, id, Kind.UPDATE, before, after, List.copyOf(stored.keySet()));
    return true;
  }

  @Override
  public boolean delete(String entity, String id) {
    Map<String, @Nullable Object> before = get(entity, id).orElse(null);
    if (before == null) {
      return false;
    }
    tables.get(entity).remove(id);
    note(entity, id, Kind.DELETE, before, null, List.of());
    return true;
  }

  @Override
  public boolean link(String entity, String id, String relation, String targetId) {
    Relation points = relation(entity, relation);
    if (access != Access.EVERYTHING && get(points.target(), targetId).isEmpty()) {
      throw new PylonException(StoreError.INVALID_DATA, "hidden").with("field", points.field());
    }
    return update(entity, id, Map.of(points.field(), targetId));
  }

  @Override
  public boolean unlink(String entity, String id, String relation) {
    return update(entity, id, Collections.singletonMap(relation(entity, relation).field(), null));
  }

  private Relation relation(String entity, String relation) {
    return entity(entity)
        .relation(relation)
        .orElseThrow(() -> new PylonException(StoreError.RELATION_NOT_FOUND, "no such relation"));
  }

  private static void requireColumns(Entity entity, Map<String, @Nullable Object> row) {
    for (String column : row.keySet()) {
      if (!column.equals("id") && entity.field(column).isEmpty()) {
        throw new PylonException(QueryError.INVALID_COLUMN, "no such column");
      }
    }
  }

  /** No other row has the same values where they must be unique; nothing equals null. */
  private void requireUnique(Entity entity, Map<String, @Nullable Object> row, StoreError code) {
    var unique = new ArrayList<List<String>>();
    entity.fields().stream()
        .filter(Field::unique)
        .forEach(field -> unique.add(List.of(field.name())));
    entity.indexes().stream().filter(Index::unique).forEach(index -> unique.add(index.fields()));
    for (List<String> columns : unique) {
      for (Map<String, @Nullable Object> other : tables.get(entity.name()).values()) {
        if (!Objects.equals(other.get("id"), row.get("id"))
            && columns.stream()
                .allMatch(column ->
                    row.get(column) != null
                        && Objects.equals(row.get(column), other.get(column)))) {
          throw notUnique(code, columns.getFirst());
        }
      }
    }
  }

  private static PylonException notUnique(StoreError code, String field) {
    return new PylonException(code, "there is one")
        .with("reason", "UNIQUE_VIOLATION")
        .with("field", field);
  }

  private void put(String entity, Map<String, @Nullable Object> row) {
    tables.get(entity).put((String) row.get("id"), row);
  }

  private void note(
      String entity,
      String id,
      Kind kind,
      @Nullable Map<String, @Nullable Object> before,
      @Nullable Map<String, @Nullable Object> after,
      List<String> fields) {
    changes.add(new Change(0, entity, id, kind, before, after, fields, Instant.EPOCH));
  }

  @Override
  public List<Change> changes() {
    return changes;
  }

  @Override
  public <R, X extends Exception> R own(Work<R, X> work) {
    throw new UnsupportedOperationException("the model has no tables of its own");
  }

  @Override
  public void afterCommit(Runnable work) {
    throw new UnsupportedOperationException("nobody asks the model for this");
  }
}
