package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Work;
import dev.pylon.model.IdSource;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Relation;
import dev.pylon.store.Change.Kind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows inside one transaction of a database. Operations may come from several threads; they run one
 * after the other where the transaction's statements run, and the changes are noted there, in
 * order.
 */
final class SqlTransaction extends SqlReads implements Transaction {
  private final Database.Transaction transaction;
  private final Model model;
  private final Dialect dialect;
  private final int rowsMax;
  private final IdSource ids;
  private final InstantSource clock;
  private final List<Change> changes = new ArrayList<>();

  SqlTransaction(Database.Transaction transaction, Model model, SqlStore store) {
    this.transaction = transaction;
    this.model = model;
    this.dialect = store.dialect();
    this.rowsMax = store.rowsMax();
    this.ids = store.ids();
    this.clock = store.clock();
  }

  @Override
  Model model() {
    return model;
  }

  @Override
  Dialect dialect() {
    return dialect;
  }

  @Override
  int rowsMax() {
    return rowsMax;
  }

  @Override
  <R> R run(Work<R, RuntimeException> work) {
    return transaction.run(work);
  }

  @Override
  public void execute(Runnable work) {
    transaction.execute(work);
  }

  @Override
  public String insert(String entity, Map<String, @Nullable Object> row) {
    EntityTable table = model.table(entity);
    Row stored = table.rowToInsert(ids.rowId(), row);
    write(StoreError.INSERT_FAILED, entity, () -> run(session -> insert(session, table, stored)));
    return stored.id();
  }

  @Override
  public List<String> insertMany(String entity, List<Map<String, @Nullable Object>> rows) {
    EntityTable table = model.table(entity);
    List<Row> stored = rowsToInsert(table, rows);
    write(
        StoreError.INSERT_FAILED,
        entity,
        () -> transaction.atomically(session -> insertAll(session, table, stored)));
    return stored.stream().map(Row::id).toList();
  }

  private List<Row> rowsToInsert(EntityTable table, List<Map<String, @Nullable Object>> rows) {
    var stored = new ArrayList<Row>(rows.size());
    for (Map<String, @Nullable Object> row : rows) {
      try {
        stored.add(table.rowToInsert(ids.rowId(), row));
      } catch (PylonException e) {
        throw e.with("index", stored.size());
      }
    }
    return stored;
  }

  private boolean insertAll(Session session, EntityTable table, List<Row> rows) {
    int before = changes.size();
    try {
      for (Row row : rows) {
        insert(session, table, row);
      }
      return true;
    } catch (DatabaseException e) {
      changes.subList(before, changes.size()).clear();
      throw e;
    }
  }

  private boolean insert(Session session, EntityTable table, Row row) {
    session.execute(table.insert(row));
    note(table, row.id(), Kind.INSERT, row);
    return true;
  }

  @Override
  public boolean update(String entity, String id, Map<String, @Nullable Object> patch) {
    EntityTable table = model.table(entity);
    Map<String, @Nullable Object> stored = table.patch(patch);
    if (stored.isEmpty()) {
      return get(entity, id).isPresent();
    }
    return write(
        StoreError.UPDATE_FAILED, entity, () -> run(session -> update(session, table, id, stored)));
  }

  private boolean update(
      Session session, EntityTable table, String id, Map<String, @Nullable Object> patch) {
    boolean found = session.execute(table.update(id, patch)) > 0;
    if (found) {
      note(table, id, Kind.UPDATE, Collections.unmodifiableMap(patch));
    }
    return found;
  }

  @Override
  public boolean delete(String entity, String id) {
    EntityTable table = model.table(entity);
    return write(
        StoreError.DELETE_FAILED, entity, () -> run(session -> delete(session, table, id)));
  }

  private boolean delete(Session session, EntityTable table, String id) {
    boolean found = session.execute(table.delete(id)) > 0;
    if (found) {
      note(table, id, Kind.DELETE, null);
    }
    return found;
  }

  @Override
  public boolean link(String entity, String id, String relation, String targetId) {
    return update(entity, id, Map.of(fieldOf(entity, relation), targetId));
  }

  @Override
  public boolean unlink(String entity, String id, String relation) {
    var patch = new LinkedHashMap<String, @Nullable Object>();
    patch.put(fieldOf(entity, relation), null);
    return update(entity, id, patch);
  }

  private String fieldOf(String entity, String relation) {
    EntityTable table = model.table(entity);
    return table
        .entity()
        .relation(relation)
        .map(Relation::field)
        .orElseThrow(() ->
            new PylonException(
                StoreError.RELATION_NOT_FOUND,
                "Unknown relation \"%s\" on \"%s\"".formatted(relation, entity)));
  }

  private void note(
      EntityTable table, String id, Kind kind, @Nullable Map<String, @Nullable Object> data) {
    changes.add(
        new Change(table.entity().name(), id, kind, data, Instant.ofEpochMilli(clock.millis())));
  }

  private boolean write(StoreError code, String entity, java.util.function.BooleanSupplier work) {
    try {
      return work.getAsBoolean();
    } catch (DatabaseException e) {
      throw Refusals.ofWrite(code, entity, e);
    }
  }

  @Override
  public <R, X extends Exception> R own(Work<R, X> work) throws X {
    return transaction.atomically(work);
  }

  @Override
  public void afterCommit(Runnable work) {
    transaction.afterCommit(work);
  }

  /** Read where the statements run, or after the end of the transaction. */
  @Override
  public List<Change> changes() {
    return Collections.unmodifiableList(changes);
  }
}
