package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.model.Deadline;
import dev.pylon.store.search.SearchIndex;
import dev.pylon.store.search.SearchIndexes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts rows from before a search index into it, some at a time, while everybody goes on reading and
 * writing. Which indexes lack rows is known here, so no search has to ask the database.
 * Thread-safe.
 */
final class IndexFilling {
  /** How long a piece waits for the writers before it. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Database database;
  private final Supplier<Model> model;
  private final SearchIndexes indexes;

  /** Entities whose index lacks rows. Put in place after a commit, under the lock of this. */
  private volatile Set<String> lacking = Set.of();

  IndexFilling(Database database, Dialect dialect, Supplier<Model> model) {
    this.database = database;
    this.model = model;
    this.indexes = new SearchIndexes(dialect);
  }

  /**
   * Makes and drops indexes in a change of schema.
   *
   * @return the entities whose index lacks rows then, to be {@linkplain #begin begun with} after
   *     the commit
   */
  Set<String> prepare(Session session, Collection<SearchIndex> wanted) {
    return indexes.prepare(session, wanted);
  }

  synchronized void begin(Set<String> entities) {
    lacking = Set.copyOf(entities);
  }

  private synchronized void end(String entity) {
    var rest = new HashSet<>(lacking);
    rest.remove(entity);
    lacking = Set.copyOf(rest);
  }

  /** Whether a search of {@code entity} may miss rows that are older than its index. */
  boolean isPartial(String entity) {
    return lacking.contains(entity);
  }

  /**
   * Puts some rows in, where any are lacking.
   *
   * @return whether there is more to be done
   */
  boolean fillSome() {
    if (lacking.isEmpty()) {
      return false;
    }
    boolean found =
        database.write(
            Deadline.after(PATIENCE),
            transaction -> {
              // The model changes only between transactions, so the index is the one that is there.
              SearchIndex index = next();
              if (index == null) {
                return false;
              }
              if (!transaction.run(session -> indexes.fill(session, index))) {
                transaction.afterCommit(() -> end(index.entity().name()));
              }
              return true;
            });
    return found && !lacking.isEmpty();
  }

  private @Nullable SearchIndex next() {
    return model.get().indexes().stream()
        .filter(index -> isPartial(index.entity().name()))
        .findFirst()
        .orElse(null);
  }
}
