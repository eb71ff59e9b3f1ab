package dev.pylon.store.differential;

import static dev.pylon.Eventually.SOON;

import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.store.Access;
import dev.pylon.store.Bulk;
import dev.pylon.store.Change;
import dev.pylon.store.LoggedChange;
import dev.pylon.store.Rows;
import dev.pylon.store.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One of those who must all give the same answers. */
abstract class Subject implements AutoCloseable {
  private final String title;
  private final List<Change> heard = Collections.synchronizedList(new ArrayList<>());
  private Names names = new Names();

  private Subject(String title) {
    this.title = title;
  }

  /** A store over a database. */
  static Subject of(String title, Store store) {
    return new OnDatabase(title, store);
  }

  /** What a store should be. */
  static Model model(Manifest manifest, int rowsMax) {
    return new Model(manifest, rowsMax);
  }

  static Deadline soon() {
    return Deadline.after(SOON);
  }

  String title() {
    return title;
  }

  Names names() {
    return names;
  }

  abstract Rows as(Access access);

  abstract Map<String, @Nullable Object> transact(
      Access access, List<? extends @Nullable Object> sent);

  abstract Map<String, @Nullable Object> batch(
      Access access, List<? extends @Nullable Object> sent);

  /** Removes every row and forgets every name. */
  void empty() {
    heard.clear();
    names = new Names();
  }

  /**
   * What is wrong with the log of changes since the last {@link #empty}; empty where nothing is.
   */
  abstract String faultOfLog();

  /**
   * What came of an act, as JSON.
   *
   * @param told what every subject must say
   * @param words what two databases must also say alike: the words of refusals
   */
  record Outcome(String told, String words) {}

  Outcome play(Act act) {
    int before = heard.size();
    Object value;
    try {
      value = act.play(this);
    } catch (PylonException refusal) {
      value = refusal;
    }
    learnIds(value);
    List<Change> changes = List.copyOf(heard.subList(before, heard.size()));
    var events = new ArrayList<Object>();
    changes.forEach(change -> events.add(shown(change)));
    var words = new ArrayList<@Nullable Object>();
    Object told = names.toNames(told(value, words));
    return new Outcome(
        Json.text(Json.object("answer", told, "events", names.toNames(events))),
        Json.text(names.toNames(words)));
  }

  /** The ids that a list of writes has given. */
  private void learnIds(@Nullable Object value) {
    if (value instanceof Map<?, ?> map && map.get("results") instanceof List<?> results) {
      for (Object result : results) {
        if (result instanceof Map<?, ?> done
            && "insert".equals(done.get("op"))
            && done.get("id") instanceof String id) {
          names.learn(id);
        }
      }
    }
  }

  private static List<@Nullable Object> shown(Change change) {
    var shown = new ArrayList<@Nullable Object>();
    Collections.addAll(
        shown,
        change.kind().name(),
        change.entity(),
        change.rowId(),
        change.before(),
        change.after(),
        change.fields());
    return shown;
  }

  /**
   * {@code value} without the words of its refusals, which go to {@code words}; where a row is not
   * unique in two ways, databases may name either.
   */
  private static @Nullable Object told(@Nullable Object value, List<@Nullable Object> words) {
    return switch (value) {
      case PylonException refusal -> {
        if (!refusal.details().containsKey("reason")) {
          words.add(refusal.message());
          words.add(new TreeMap<>(refusal.details()));
        }
        yield "refused: " + refusal.code().name() + reason(refusal);
      }
      case List<?> list -> {
        var told = new ArrayList<@Nullable Object>();
        list.forEach(item -> told.add(told(item, words)));
        yield told;
      }
      case Map<?, ?> map when map.containsKey("op") && map.containsKey("code") -> {
        var told = new LinkedHashMap<>(Json.asObject(map));
        Object error = told.remove("error");
        if (!String.valueOf(told.get("code")).endsWith("_FAILED")) {
          words.add(error);
        }
        yield told;
      }
      case Map<?, ?> map when map.containsKey("results") -> {
        var told = new LinkedHashMap<>(Json.asObject(map));
        told.put("results", told(map.get("results"), words));
        yield told;
      }
      case Map<?, ?> map when map.containsKey("tookMs") -> {
        var told = new LinkedHashMap<>(Json.asObject(map));
        told.remove("tookMs");
        yield told;
      }
      case null, default -> value;
    };
  }

  private static String reason(PylonException refusal) {
    return refusal.details().get("reason") instanceof String reason ? " " + reason : "";
  }

  /** A store over a database, which it closes. */
  private static final class OnDatabase extends Subject {
    private final Store store;
    private long logged;

    OnDatabase(String title, Store store) {
      super(title);
      this.store = store;
      store.onCommit(super.heard::addAll);
    }

    @Override
    Rows as(Access access) {
      return access == Access.EVERYTHING ? store : store.as(access);
    }

    @Override
    Map<String, @Nullable Object> transact(Access access, List<? extends @Nullable Object> sent) {
      Bulk.Transacted done = new Bulk(as(access), SOON).transact(sent);
      return Json.object("committed", done.committed(), "results", done.results());
    }

    @Override
    Map<String, @Nullable Object> batch(Access access, List<? extends @Nullable Object> sent) {
      return new LinkedHashMap<>(new Bulk(as(access), SOON).batch(sent));
    }

    @Override
    void empty() {
      store.write(
          soon(),
          tx -> {
            for (Entity entity : store.manifest().entities()) {
              tx.each(
                  entity.name(),
                  Map.of(),
                  row -> tx.delete(entity.name(), String.valueOf(row.get("id"))));
            }
            return true;
          });
      logged = store.log().head();
      super.empty();
    }

    @Override
    String faultOfLog() {
      var entries = new ArrayList<LoggedChange>();
      List<LoggedChange> page = store.log().after(logged, 1_000);
      while (!page.isEmpty()) {
        entries.addAll(page);
        page = store.log().after(page.getLast().seq(), 1_000);
      }
      List<String> log = entries.stream().map(OnDatabase::shown).toList();
      List<String> events = super.heard.stream().map(OnDatabase::shown).toList();
      for (int i = 0; i < Math.max(log.size(), events.size()); i++) {
        String entry = i < log.size() ? log.get(i) : "nothing";
        String event = i < events.size() ? events.get(i) : "nothing";
        if (!entry.equals(event)) {
          return "the log says %s where %s was announced".formatted(entry, event);
        }
      }
      return "";
    }

    private static String shown(LoggedChange entry) {
      return "%d %s %s %s %s"
          .formatted(entry.seq(), entry.kind(), entry.entity(), entry.rowId(), entry.fields());
    }

    private static String shown(Change change) {
      return "%d %s %s %s %s"
          .formatted(change.seq(), change.kind(), change.entity(), change.rowId(), change.fields());
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** The plain model. */
  static final class Model extends Subject {
    private final Manifest manifest;
    private final int rowsMax;
    private ModelStore store;

    private Model(Manifest manifest, int rowsMax) {
      super("the model");
      this.manifest = manifest;
      this.rowsMax = rowsMax;
      this.store = new ModelStore(manifest, rowsMax, super.heard::addAll);
    }

    /** The rows of {@code entity}, by name. */
    List<String> rowNames(String entity) {
      return store.tables().get(entity).keySet().stream()
          .map(id -> String.valueOf(names().toNames(id)))
          .toList();
    }

    @Override
    ModelStore as(Access access) {
      return access == Access.EVERYTHING ? store : store.as(access);
    }

    @Override
    Map<String, @Nullable Object> transact(Access access, List<? extends @Nullable Object> sent) {
      return as(access).transact(sent);
    }

    @Override
    Map<String, @Nullable Object> batch(Access access, List<? extends @Nullable Object> sent) {
      return as(access).batch(sent);
    }

    @Override
    void empty() {
      store = new ModelStore(manifest, rowsMax, super.heard::addAll);
      super.empty();
    }

    @Override
    String faultOfLog() {
      return "";
    }

    @Override
    public void close() {
      // It holds nothing but memory.
    }
  }

  @Override
  public abstract void close();
}
