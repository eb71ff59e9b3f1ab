package dev.pylon.store;

import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.store.Transaction.IfThere;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many writes at once, as somebody sent them (data contract, 3.6 and 4.2). Each goes the way of
 * every write. What the database itself cannot do is thrown; what is wrong with a write is told.
 */
public final class Bulk {
  /** Rows that go to the database at once, so that it does not wait for each. */
  private static final int TOGETHER = 500;

  private final Rows rows;
  private final Duration patience;

  /**
   * @param patience how long a transaction waits for the writers before it
   */
  public Bulk(Rows rows, Duration patience) {
    this.rows = rows;
    this.patience = patience;
  }

  /** What becomes of a row that is brought back and points at one that is not there. */
  public enum Pointing {
    /** It is refused, and all others with it. */
    CHECKED,
    /** It is taken as it is. */
    ANYWHERE
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
   * Brings rows back under the ids they have, all or none, in one transaction: {@code {by_entity:
   * [{entity, failed, inserted}], failed, imported}}, and where rows that are there are changed,
   * how many were {@code updated}. However many rows there are, some are held at a time.
   *
   * @param pointing what becomes of rows that point at nothing
   * @throws PylonException what is wrong with the first row that cannot be taken, with the details
   *     {@code entity}, {@code index} and {@code line}
   */
  public Map<String, Object> restore(SentRows sent, IfThere ifThere, Pointing pointing) {
    Map<String, Long> changed =
        rows.write(
            Deadline.after(patience),
            tx -> {
              Map<String, Long> done = restoreAll(tx, sent.rows(), ifThere);
              if (pointing == Pointing.CHECKED) {
                requireReferences(tx, sent);
              }
              return done;
            });
    var byEntity = new ArrayList<Map<String, Object>>();
    long imported = 0;
    for (Map.Entry<String, Long> count : sent.counts().entrySet()) {
      long updated = changed.getOrDefault(count.getKey(), 0L);
      var entry = new LinkedHashMap<String, Object>();
      entry.put("entity", count.getKey());
      entry.put("failed", 0);
      entry.put("inserted", count.getValue() - updated);
      if (ifThere == IfThere.CHANGE) {
        entry.put("updated", updated);
      }
      byEntity.add(entry);
      imported += count.getValue();
    }
    var report = new LinkedHashMap<String, Object>();
    report.put("by_entity", byEntity);
    report.put("failed", 0);
    report.put("imported", imported);
    return report;
  }

  private void requireReferences(Transaction tx, SentRows sent) {
    var references = new References(tx, rows.manifest());
    if (references.concern(sent.counts().keySet())) {
      references.require(sent.rows());
    }
  }

  /** How many rows of which entity were there and have been changed. */
  private static Map<String, Long> restoreAll(Transaction tx, List<SentRow> rows, IfThere ifThere) {
    var changed = new HashMap<String, Long>();
    for (int from = 0; from < rows.size(); ) {
      String entity = rows.get(from).entity();
      var together = new ArrayList<SentRow>(TOGETHER);
      while (together.size() < TOGETHER
          && from < rows.size()
          && rows.get(from).entity().equals(entity)) {
        together.add(rows.get(from++));
      }
      changed.merge(entity, (long) tx.restoreAll(together, ifThere), Long::sum);
    }
    return changed;
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
