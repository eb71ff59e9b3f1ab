package dev.pylon.store.differential;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.store.Access;
import dev.pylon.store.FilteredAccess;
import dev.pylon.store.Page;
import dev.pylon.store.Reads;
import dev.pylon.store.Rows;
import dev.pylon.store.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done to a store, as a word and what it is about: {@code ["update", "Task",
 * "#3", {"done": true}]}. Ids are written as {@link Names}.
 */
record Act(String verb, List<? extends @Nullable Object> words) {
  private static final Set<String> WRITES =
      Set.of("insert", "insertMany", "restore", "update", "delete", "link", "unlink");

  static Act of(String verb, @Nullable Object... words) {
    return new Act(verb, Collections.unmodifiableList(java.util.Arrays.asList(words)));
  }

  /** As JSON. */
  @Override
  public String toString() {
    return Json.text(json());
  }

  private List<@Nullable Object> json() {
    var json = new ArrayList<@Nullable Object>();
    json.add(verb);
    for (Object word : words) {
      json.add(
          word instanceof Act act ? act.json() : word instanceof List<?> list ? list(list) : word);
    }
    return json;
  }

  private static List<@Nullable Object> list(List<?> list) {
    var json = new ArrayList<@Nullable Object>();
    list.forEach(item -> json.add(item instanceof Act act ? act.json() : item));
    return json;
  }

  /** Does it to {@code subject} and returns what came of it. */
  @Nullable Object play(Subject subject) {
    return play(subject, Access.EVERYTHING);
  }

  private @Nullable Object play(Subject subject, Access access) {
    return switch (verb) {
      case "as" -> ((Act) word(1)).play(subject, readable(object(subject, 0)));
      case "transact" -> subject.transact(access, list(subject, 0));
      case "batch" -> subject.batch(access, list(subject, 0));
      case "transaction" -> transaction(subject, subject.as(access));
      default ->
          WRITES.contains(verb)
              ? subject
                  .as(access)
                  .<@Nullable Object, RuntimeException>write(
                      Subject.soon(), tx -> write(subject, tx))
              : read(subject, subject.as(access));
    };
  }

  /** Only rows that fulfil the filter of their entity can be seen. */
  private static Access readable(Map<String, @Nullable Object> filters) {
    var readable = new LinkedHashMap<String, Map<String, @Nullable Object>>();
    filters.forEach((entity, filter) -> readable.put(entity, ModelReads.objectOrEmpty(filter)));
    return FilteredAccess.of(readable);
  }

  /** How a transaction ends. */
  enum Ending {
    /** Refusals are caught, as a handler may do, and what else was done is kept. */
    COMMIT,
    /** Nothing is kept. */
    ROLLBACK,
    /** The first refusal ends it, and nothing is kept. */
    FIRST_REFUSAL
  }

  /** Ends a transaction that is to leave nothing. */
  private static final class ChangedMyMind extends RuntimeException {}

  private Object transaction(Subject subject, Rows rows) {
    Ending ending = Ending.valueOf((String) word(0));
    var outcomes = new ArrayList<Object>();
    try {
      rows.write(
          Subject.soon(),
          tx -> {
            outcomes.clear();
            for (Object part : (List<?>) word(1)) {
              outcomes.add(part(subject, tx, (Act) part, ending));
            }
            if (ending == Ending.ROLLBACK) {
              throw new ChangedMyMind();
            }
            return true;
          });
    } catch (ChangedMyMind _) {
      outcomes.add("rolled back");
    }
    return outcomes;
  }

  private static Object part(Subject subject, Transaction tx, Act act, Ending ending) {
    try {
      Object value = WRITES.contains(act.verb) ? act.write(subject, tx) : act.read(subject, tx);
      return value == null ? "nothing" : value;
    } catch (PylonException refusal) {
      if (ending == Ending.FIRST_REFUSAL) {
        throw refusal;
      }
      return refusal;
    }
  }

  private @Nullable Object write(Subject subject, Transaction tx) {
    return switch (verb) {
      case "insert" -> subject.names().learn(tx.insert(text(subject, 0), object(subject, 1)));
      case "insertMany" -> {
        List<String> ids = tx.insertMany(text(subject, 0), rows(subject, 1));
        ids.forEach(subject.names()::learn);
        yield ids;
      }
      case "restore" -> {
        tx.restore(text(subject, 0), text(subject, 1), object(subject, 2));
        yield null;
      }
      case "update" -> tx.update(text(subject, 0), text(subject, 1), object(subject, 2));
      case "delete" -> tx.delete(text(subject, 0), text(subject, 1));
      case "link" ->
          tx.link(text(subject, 0), text(subject, 1), text(subject, 2), text(subject, 3));
      case "unlink" -> tx.unlink(text(subject, 0), text(subject, 1), text(subject, 2));
      default -> throw new IllegalArgumentException(verb);
    };
  }

  private @Nullable Object read(Subject subject, Reads rows) {
    return switch (verb) {
      case "get" -> rows.get(text(subject, 0), text(subject, 1)).orElse(null);
      case "list" -> rows.list(text(subject, 0));
      case "page" -> {
        Page page =
            rows.paginate(
                text(subject, 0), (String) translated(subject, 1), ((Long) word(2)).intValue());
        yield Json.object("rows", page.rows(), "next", page.nextCursor());
      }
      case "lookup" ->
          rows.lookup(text(subject, 0), text(subject, 1), translated(subject, 2)).orElse(null);
      case "query" -> rows.query(text(subject, 0), object(subject, 1));
      case "each" -> {
        var taken = new ArrayList<Map<String, @Nullable Object>>();
        rows.each(text(subject, 0), object(subject, 1), taken::add);
        yield taken;
      }
      case "graph" -> rows.graph(object(subject, 0));
      case "aggregate" -> rows.aggregate(text(subject, 0), object(subject, 1));
      case "search" -> rows.search(text(subject, 0), object(subject, 1));
      default -> throw new IllegalArgumentException(verb);
    };
  }

  private Object word(int position) {
    return Objects.requireNonNull(words.get(position));
  }

  private @Nullable Object translated(Subject subject, int position) {
    return subject.names().toIds(words.get(position));
  }

  private String text(Subject subject, int position) {
    return (String) Objects.requireNonNull(translated(subject, position));
  }

  private Map<String, @Nullable Object> object(Subject subject, int position) {
    return Json.asObject((Map<?, ?>) Objects.requireNonNull(translated(subject, position)));
  }

  private List<?> list(Subject subject, int position) {
    return (List<?>) Objects.requireNonNull(translated(subject, position));
  }

  private List<Map<String, @Nullable Object>> rows(Subject subject, int position) {
    var rows = new ArrayList<Map<String, @Nullable Object>>();
    list(subject, position).forEach(row -> rows.add(Json.asObject((Map<?, ?>) row)));
    return rows;
  }
}
