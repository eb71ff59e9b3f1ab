package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Work;
import dev.pylon.model.IdSource;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Relation;
import dev.pylon.store.Access.Deed;
import java.util.ArrayList;
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
  /** The longest id that somebody may bring along; ours have forty. */
  private static final int ID_CHARS_MAX = 200;

  private final Database.Transaction transaction;
  private final Model model;
  private final Access access;
  private final SqlStore store;
  private final IdSource ids;
  private final RowWriter writer;

  SqlTransaction(Database.Transaction transaction, Model model, Access access, SqlStore store) {
    this.transaction = transaction;
    this.model = model;
    this.access = access;
    this.store = store;
    this.ids = store.ids();
    this.writer = new RowWriter(this, store.steps(), store.clock());
  }

  @Override
  Model model() {
    return model;
  }

  @Override
  Dialect dialect() {
    return store.dialect();
  }

  @Override
  Access access() {
    return access;
  }

  /** The same rows without a policy, for who only reads. */
  Reads unrestricted() {
    return new SqlTransaction(transaction, model, Access.EVERYTHING, store);
  }

  @Override
  boolean isPartial(String entity) {
    return store.isPartial(entity);
  }

  @Override
  int rowsMax() {
    return store.rowsMax();
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
    String id = ids.rowId();
    insert(entity, id, row);
    return id;
  }

  @Override
  public void restore(String entity, String id, Map<String, @Nullable Object> row) {
    requireId(id);
    insert(entity, id, row);
  }

  @Override
  public int restoreAll(List<SentRow> rows, IfThere ifThere) {
    var restoring =
        new Object() {
          SentRow row = rows.getFirst();
          int changed;
        };
    try {
      return transaction.run(_ ->
          undoable(session -> {
            for (SentRow row : rows) {
              restoring.row = row;
              restoring.changed += restore(session, row, ifThere) ? 1 : 0;
            }
            return restoring.changed;
          }));
    } catch (DatabaseException e) {
      throw restoring.row.named(
          Refusals.ofWrite(StoreError.INSERT_FAILED, restoring.row.entity(), e));
    } catch (PylonException e) {
      throw restoring.row.named(e);
    }
  }

  /** Whether it was there and has been changed. */
  private boolean restore(Session session, SentRow row, IfThere ifThere) {
    EntityTable table = model.table(row.entity());
    String id = row.id();
    if (id == null) {
      writer.insert(session, table, ids.rowId(), row.members());
      return false;
    }
    requireId(id);
    if (ifThere == IfThere.CHANGE) {
      access.require(Deed.UPDATE, table.entity());
      if (writer.update(session, table, id, row.members())) {
        return true;
      }
    }
    writer.insert(session, table, id, row.members());
    return false;
  }

  private static void requireId(String id) {
    if (id.isEmpty() || id.length() > ID_CHARS_MAX || id.chars().anyMatch(c -> c < ' ')) {
      throw new PylonException(
              StoreError.INVALID_DATA,
              "\"id\" takes 1 to %d characters of text".formatted(ID_CHARS_MAX))
          .with("field", "id");
    }
  }

  private void insert(String entity, String id, Map<String, @Nullable Object> row) {
    EntityTable table = model.table(entity);
    write(
        StoreError.INSERT_FAILED,
        table,
        session -> {
          writer.insert(session, table, id, row);
          return true;
        });
  }

  @Override
  public List<String> insertMany(String entity, List<Map<String, @Nullable Object>> rows) {
    EntityTable table = model.table(entity);
    var added = new ArrayList<Row>(rows.size());
    atomically(
        StoreError.INSERT_FAILED,
        table,
        session -> {
          for (Map<String, @Nullable Object> row : rows) {
            try {
              added.add(writer.insertUnindexed(session, table, ids.rowId(), row));
            } catch (PylonException e) {
              throw e.with("index", added.size());
            }
          }
          writer.index(session, table, added);
          return true;
        });
    return added.stream().map(row -> String.valueOf(row.get("id"))).toList();
  }

  @Override
  public boolean update(String entity, String id, Map<String, @Nullable Object> patch) {
    EntityTable table = model.table(entity);
    access.require(Deed.UPDATE, table.entity());
    return write(
        StoreError.UPDATE_FAILED, table, session -> writer.update(session, table, id, patch));
  }

  @Override
  public boolean delete(String entity, String id) {
    EntityTable table = model.table(entity);
    access.require(Deed.DELETE, table.entity());
    return write(StoreError.DELETE_FAILED, table, session -> writer.delete(session, table, id));
  }

  @Override
  public boolean link(String entity, String id, String relation, String targetId) {
    Relation points = relation(entity, relation);
    if (access != Access.EVERYTHING && get(points.target(), targetId).isEmpty()) {
      throw new PylonException(
              StoreError.INVALID_DATA,
              "There is no \"%s\" with this id to link to".formatted(points.target()))
          .with("field", points.field());
    }
    return update(entity, id, Map.of(points.field(), targetId));
  }

  @Override
  public boolean unlink(String entity, String id, String relation) {
    var patch = new LinkedHashMap<String, @Nullable Object>();
    patch.put(relation(entity, relation).field(), null);
    return update(entity, id, patch);
  }

  private Relation relation(String entity, String relation) {
    return model
        .table(entity)
        .entity()
        .relation(relation)
        .orElseThrow(() ->
            new PylonException(
                StoreError.RELATION_NOT_FOUND,
                "Unknown relation \"%s\" on \"%s\"".formatted(relation, entity)));
  }

  /** Asks the policy about a row as it was sent. */
  void requireInsert(EntityTable table, Map<String, @Nullable Object> wanted) {
    if (access != Access.EVERYTHING) {
      access.requireInsert(table.entity(), table.judged(wanted));
    }
  }

  /** Runs what writes one row; where it fails it has done nothing. */
  private boolean write(StoreError code, EntityTable table, Work<Boolean, RuntimeException> work) {
    if (writer.isManifold(table)) {
      return atomically(code, table, work);
    }
    try {
      return transaction.run(work);
    } catch (DatabaseException e) {
      throw Refusals.ofWrite(code, table.entity().name(), e);
    }
  }

  private boolean atomically(
      StoreError code, EntityTable table, Work<Boolean, RuntimeException> work) {
    try {
      return transaction.run(_ -> undoable(work));
    } catch (DatabaseException e) {
      throw Refusals.ofWrite(code, table.entity().name(), e);
    }
  }

  private <R> R undoable(Work<R, RuntimeException> work) {
    int mark = writer.mark();
    try {
      return transaction.atomically(work);
    } catch (RuntimeException e) {
      writer.forget(mark);
      throw e;
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

  /** Nobody will ask for the changes any more. */
  void close() {
    writer.close();
  }

  /** Writes the changes down, as the last thing before the commit. */
  void log(Session session) {
    writer.log(session);
  }

  /** Read where the statements run, or after the end of the transaction. */
  @Override
  public List<Change> changes() {
    return writer.changes();
  }
}
