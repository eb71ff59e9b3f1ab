package dev.pylon.store;

import dev.pylon.db.Session;
import dev.pylon.db.Work;
import dev.pylon.model.Identity;
import dev.pylon.store.Change.Kind;
import dev.pylon.store.search.SearchIndex;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way of every row that is written, whoever writes it: may this caller, what do the steps make
 * of it, is it well formed, the row, its search index, the note of the change. Confined to where
 * the statements of its transaction run.
 */
final class RowWriter {
  private final SqlTransaction tx;
  private final List<WriteStep> steps;
  private final InstantSource clock;
  private LongList<Change> changes = new LongList<>(Changes.FORM);

  RowWriter(SqlTransaction tx, List<WriteStep> steps, InstantSource clock) {
    this.tx = tx;
    this.steps = steps;
    this.clock = clock;
  }

  /** What has been written so far, in order. */
  List<Change> changes() {
    return Collections.unmodifiableList(changes);
  }

  /** How many changes there are, for {@link #forget}. */
  int mark() {
    return changes.size();
  }

  /** Forgets what was noted since {@code mark}, because it was undone. */
  void forget(int mark) {
    changes.shortenTo(mark);
  }

  /** Whether a write of {@code table} is more than one statement, so it may fail half done. */
  boolean isManifold(EntityTable table) {
    return table.index() != null || !steps.isEmpty();
  }

  void insert(Session session, EntityTable table, String id, Map<String, @Nullable Object> wanted) {
    Row row = insertUnindexed(session, table, id, wanted);
    SearchIndex index = table.index();
    if (index != null) {
      index.inserted(session, row);
    }
  }

  /** Puts rows into the search index that were inserted without. */
  void index(Session session, EntityTable table, List<Row> rows) {
    SearchIndex index = table.index();
    if (index != null) {
      index.inserted(session, rows);
    }
  }

  /** Inserts a row that is yet to be found: {@link #index} has to follow. */
  Row insertUnindexed(
      Session session, EntityTable table, String id, Map<String, @Nullable Object> wanted) {
    String entity = table.entity().name();
    tx.requireInsert(table, wanted);
    Map<String, @Nullable Object> data = wanted;
    for (WriteStep step : steps) {
      data = step.beforeInsert(occasion(session), entity, data);
    }
    Row row = table.rowToInsert(id, data);
    session.execute(table.insert(row));
    note(entity, id, Kind.INSERT, null, row, List.of());
    return row;
  }

  boolean update(
      Session session, EntityTable table, String id, Map<String, @Nullable Object> wanted) {
    String entity = table.entity().name();
    Map<String, @Nullable Object> patch = table.patch(wanted);
    Map<String, @Nullable Object> before = tx.visibleRow(session, table, id);
    if (before == null) {
      return false;
    }
    tx.access().requireUpdate(table.entity(), before, table.merged(before, patch));
    for (WriteStep step : steps) {
      patch = table.patch(step.beforeUpdate(occasion(session), entity, before, patch));
    }
    Map<String, @Nullable Object> changed = table.changed(before, patch);
    if (changed.isEmpty()) {
      return true;
    }
    session.execute(table.update(id, changed));
    Row after = table.merged(before, changed);
    SearchIndex index = table.index();
    if (index != null) {
      index.updated(session, before, after);
    }
    note(entity, id, Kind.UPDATE, before, after, List.copyOf(changed.keySet()));
    return true;
  }

  boolean delete(Session session, EntityTable table, String id) {
    String entity = table.entity().name();
    Map<String, @Nullable Object> before = tx.visibleRow(session, table, id);
    if (before == null) {
      return false;
    }
    tx.access().requireDelete(table.entity(), before);
    for (WriteStep step : steps) {
      step.beforeDelete(occasion(session), entity, before);
    }
    session.execute(table.delete(id));
    SearchIndex index = table.index();
    if (index != null) {
      index.deleted(session, before);
    }
    note(entity, id, Kind.DELETE, before, null, List.of());
    return true;
  }

  /** Writes the changes to the log and gives them their numbers. */
  void log(Session session) {
    if (changes.isEmpty()) {
      return;
    }
    var numbered = new LongList<Change>(Changes.FORM);
    try {
      LogTable.append(session, changes, tx.model()::isPoliced, numbered::add);
    } catch (RuntimeException e) {
      numbered.close();
      throw e;
    }
    changes.close();
    changes = numbered;
  }

  /** Nobody will ask for the changes any more. */
  void close() {
    changes.close();
  }

  private void note(
      String entity,
      String id,
      Kind kind,
      @Nullable Map<String, @Nullable Object> before,
      @Nullable Map<String, @Nullable Object> after,
      List<String> fields) {
    Instant at = Instant.ofEpochMilli(clock.millis());
    changes.add(new Change(0, entity, id, kind, before, after, fields, at));
  }

  private WriteStep.Occasion occasion(Session session) {
    return new WriteStep.Occasion() {
      @Override
      public Identity caller() {
        return tx.access().caller();
      }

      @Override
      public Reads rows() {
        return tx.unrestricted();
      }

      @Override
      public <R, X extends Exception> R own(Work<R, X> work) throws X {
        return work.run(session);
      }
    };
  }
}
