package dev.pylon.store.differential;

import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.store.Access;
import dev.pylon.store.Change;
import dev.pylon.store.Rows;
import dev.pylon.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a store is by its contract, in memory and without any cleverness. */
final class ModelStore extends ModelReads implements Rows {
  private final State state;

  /** What all views of one store share. */
  private static final class State {
    private Map<String, SortedMap<String, Map<String, @Nullable Object>>> tables = new HashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Consumer<List<Change>> listener;

    State(Consumer<List<Change>> listener) {
      this.listener = listener;
    }
  }

  /**
   * @param listener hears of the changes of every transaction that made some
   */
  ModelStore(Manifest manifest, int rowsMax, Consumer<List<Change>> listener) {
    this(manifest, rowsMax, Access.EVERYTHING, new State(listener));
    for (Entity entity : manifest.entities()) {
      state.tables.put(entity.name(), new TreeMap<>(ModelCells.ORDER));
    }
  }

  private ModelStore(Manifest manifest, int rowsMax, Access access, State state) {
    super(manifest, rowsMax, access);
    this.state = state;
  }

  ModelStore as(Access other) {
    return new ModelStore(manifest, rowsMax, other, state);
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  Map<String, SortedMap<String, Map<String, @Nullable Object>>> tables() {
    return state.tables;
  }

  @Override
  public <R, X extends Exception> R write(Deadline patience, Writing<R, X> work) throws X {
    var tx =
        new ModelTransaction(
            manifest,
            rowsMax,
            access,
            copy(state.tables),
            () -> "%040x".formatted(state.ids.incrementAndGet()));
    R result = work.run(tx);
    state.tables = tx.tables();
    if (!tx.changes().isEmpty()) {
      state.listener.accept(tx.changes());
    }
    return result;
  }

  static Map<String, SortedMap<String, Map<String, @Nullable Object>>> copy(
      Map<String, SortedMap<String, Map<String, @Nullable Object>>> tables) {
    var copy = new HashMap<String, SortedMap<String, Map<String, @Nullable Object>>>();
    tables.forEach((entity, rows) -> copy.put(entity, new TreeMap<>(rows)));
    return copy;
  }

  /** All or nothing of a list of writes (data contract, 3.6). */
  Map<String, @Nullable Object> transact(List<? extends @Nullable Object> sent) {
    var results = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < sent.size(); i++) {
      if (!isOperation(sent.get(i))) {
        results.add(failed(sent.get(i), "TX_INVALID_OP", i));
      }
    }
    if (!results.isEmpty()) {
      return Json.object("committed", false, "results", results);
    }
    try {
      write(
          Subject.soon(),
          tx -> {
            for (int i = 0; i < sent.size(); i++) {
              try {
                results.add(applied(tx, objectOrEmpty(sent.get(i))));
              } catch (PylonException refusal) {
                results.add(failed(sent.get(i), refusal.code().name(), i));
                throw refusal;
              }
            }
            return true;
          });
      return Json.object("committed", true, "results", results);
    } catch (PylonException _) {
      return Json.object("committed", false, "results", results);
    }
  }

  /** Each of a list of writes by itself (data contract, 4.2). */
  Map<String, @Nullable Object> batch(List<? extends @Nullable Object> sent) {
    var results = new ArrayList<Map<String, Object>>();
    int failed = 0;
    for (int i = 0; i < sent.size(); i++) {
      Map<String, Object> result;
      if (!isOperation(sent.get(i))) {
        result = failed(sent.get(i), "TX_INVALID_OP", i);
        result.put("ok", false);
        failed++;
      } else {
        Map<String, @Nullable Object> operation = objectOrEmpty(sent.get(i));
        try {
          result = write(Subject.soon(), tx -> applied(tx, operation));
          result.put("ok", true);
        } catch (PylonException refusal) {
          result = failed(sent.get(i), refusal.code().name(), i);
          result.put("ok", false);
          failed++;
        }
      }
      results.add(result);
    }
    return Json.object("failed", failed, "results", results, "succeeded", sent.size() - failed);
  }

  private static boolean isOperation(@Nullable Object sent) {
    return sent instanceof Map<?, ?> map
        && map.get("entity") instanceof String
        && map.get("op") instanceof String op
        && switch (op) {
          case "insert" -> map.get("data") instanceof Map;
          case "update" -> map.get("id") instanceof String && map.get("data") instanceof Map;
          case "delete" -> map.get("id") instanceof String;
          default -> false;
        };
  }

  private static Map<String, Object> applied(
      Transaction tx, Map<String, @Nullable Object> operation) {
    String op = (String) operation.get("op");
    String entity = (String) operation.get("entity");
    Map<String, @Nullable Object> data = objectOrEmpty(operation.get("data"));
    var result = new LinkedHashMap<String, Object>();
    result.put("op", op);
    if (op.equals("insert")) {
      result.put("id", tx.insert(entity, data));
      return result;
    }
    String id = (String) operation.get("id");
    result.put("id", id);
    if (op.equals("update")) {
      result.put("updated", tx.update(entity, id, data));
    } else {
      result.put("deleted", tx.delete(entity, id));
    }
    return result;
  }

  private static Map<String, Object> failed(@Nullable Object sent, String code, int index) {
    var result = new LinkedHashMap<String, Object>();
    result.put("op", objectOrEmpty(sent).get("op") instanceof String op ? op : "");
    result.put("code", code);
    result.put("index", index);
    return result;
  }
}
