package dev.pylon.store;

import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many writes at once, as somebody sent them (data contract, 3.6 and 4.2). Each goes the way of
 * every write. What the database itself cannot do is thrown; what is wrong with a write is told.
 */
public final class Bulk {
  private final Rows rows;
  private final Duration patience;

  /**
   * @param patience how long a transaction waits for the writers before it
   */
  public Bulk(Rows rows, Duration patience) {
    this.rows = rows;
    this.patience = patience;
  }

  /**
   * What became of a list of writes.
   *
   * @param results an entry for each; of a transaction that did not commit, those up to the one it
   *     failed at, or all that could not be read
   */
  public record Transacted(boolean committed, List<Map<String, Object>> results) {}

  /** Does all of {@code sent} in one transaction, or nothing. All are read before the first. */
  public Transacted transact(List<? extends @Nullable Object> sent) {
    var operations = new ArrayList<Operation>();
    var results = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < sent.size(); i++) {
      try {
        operations.add(Operation.read(sent.get(i)));
      } catch (PylonException refusal) {
        results.add(failed(word(sent.get(i)), i, refusal));
      }
    }
    if (!results.isEmpty()) {
      return new Transacted(false, results);
    }
    try {
      rows.write(Deadline.after(patience), tx -> applyAll(tx, operations, results));
      return new Transacted(true, results);
    } catch (Undone _) {
      return new Transacted(false, results);
    }
  }

  private static boolean applyAll(
      Transaction tx, List<Operation> operations, List<Map<String, Object>> results) throws Undone {
    // A database may run a transaction again from its beginning.
    results.clear();
    for (int i = 0; i < operations.size(); i++) {
      try {
        results.add(operations.get(i).apply(tx));
      } catch (PylonException refusal) {
        requireTheirs(refusal);
        results.add(failed(operations.get(i).op(), i, refusal));
        throw new Undone();
      }
    }
    return true;
  }

  /** Rolls back what was done; what is to be said about it has been said. */
  private static final class Undone extends Exception {}

  /**
   * Does each of {@code sent} in a transaction of its own: {@code {failed, results, succeeded}}.
   */
  public Map<String, Object> batch(List<? extends @Nullable Object> sent) {
    var results = new ArrayList<Map<String, Object>>();
    int failed = 0;
    for (int i = 0; i < sent.size(); i++) {
      try {
        Operation operation = Operation.read(sent.get(i));
        Map<String, Object> result = rows.write(Deadline.after(patience), operation::apply);
        result.put("ok", true);
        results.add(result);
      } catch (PylonException refusal) {
        requireTheirs(refusal);
        Map<String, Object> result = failed(word(sent.get(i)), i, refusal);
        result.put("ok", false);
        results.add(result);
        failed++;
      }
    }
    var report = new LinkedHashMap<String, Object>();
    report.put("failed", failed);
    report.put("results", results);
    report.put("succeeded", results.size() - failed);
    return report;
  }

  /**
   * Brings rows back under the ids they have, all or none: {@code {by_entity: [{entity, failed,
   * inserted}], failed, imported}}. A row without an id gets one.
   *
   * @param entities rows by the name of their entity, as an export writes them; {@code
   *     __internal__} is skipped
   * @throws PylonException what is wrong with the first row that cannot be taken, with the details
   *     {@code entity} and {@code index}
   */
  public Map<String, Object> restore(Map<String, @Nullable Object> entities) {
    Map<String, Integer> counts =
        rows.write(Deadline.after(patience), tx -> restoreAll(tx, entities));
    var byEntity = new ArrayList<Map<String, Object>>();
    int imported = 0;
    for (Map.Entry<String, Integer> count : counts.entrySet()) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("entity", count.getKey());
      entry.put("failed", 0);
      entry.put("inserted", count.getValue());
      byEntity.add(entry);
      imported += count.getValue();
    }
    var report = new LinkedHashMap<String, Object>();
    report.put("by_entity", byEntity);
    report.put("failed", 0);
    report.put("imported", imported);
    return report;
  }

  private static Map<String, Integer> restoreAll(
      Transaction tx, Map<String, @Nullable Object> entities) {
    var counts = new LinkedHashMap<String, Integer>();
    entities.forEach((entity, list) -> {
      if (entity.equals("__internal__")) {
        return;
      }
      if (!(list instanceof List<?> rows)) {
        throw new PylonException(
            StoreError.INVALID_DATA, "\"%s\" takes an array of rows".formatted(entity));
      }
      for (int i = 0; i < rows.size(); i++) {
        try {
          restore(tx, entity, rows.get(i));
        } catch (PylonException e) {
          throw e.with("entity", entity).with("index", i);
        }
      }
      counts.put(entity, rows.size());
    });
    return counts;
  }

  private static void restore(Transaction tx, String entity, @Nullable Object sent) {
    if (!(sent instanceof Map<?, ?> members)) {
      throw new PylonException(StoreError.INVALID_DATA, "A row is an object");
    }
    Map<String, @Nullable Object> row = Json.asObject(members);
    switch (row.get("id")) {
      case null -> tx.insert(entity, row);
      case String id -> tx.restore(entity, id, row);
      default ->
          throw new PylonException(StoreError.INVALID_DATA, "\"id\" takes text")
              .with("field", "id");
    }
  }

  /** What the database cannot do is not the sender's to put right. */
  private static void requireTheirs(PylonException refusal) {
    if (refusal.code().status() >= 500) {
      throw refusal;
    }
  }

  private static Map<String, Object> failed(String op, int index, PylonException refusal) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("op", op);
    entry.put("error", refusal.message());
    entry.put("code", refusal.code().name());
    entry.put("index", index);
    return entry;
  }

  private static String word(@Nullable Object sent) {
    return sent instanceof Map<?, ?> members && members.get("op") instanceof String op ? op : "";
  }
}
