package dev.pylon.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows as one reader sees them. A row is {@code id}, then every field of the manifest in its order;
 * its values are null, {@code String}, {@code Long}, {@code Double} or {@code Boolean}.
 *
 * <p>Every method may block: call it on a virtual thread, or from work given to {@link #execute}.
 * All refuse an entity the manifest does not have with {@link StoreError#ENTITY_NOT_FOUND}.
 */
public interface Reads {

  Optional<Map<String, @Nullable Object>> get(String entity, String id);

  /** All rows, by id. */
  List<Map<String, @Nullable Object>> list(String entity);

  /**
   * Rows by id, a page at a time.
   *
   * @param after the id the page starts behind, whether or not it exists; null for the first page
   * @param limit clamped to 1 to 1,000
   */
  Page paginate(String entity, @Nullable String after, int limit);

  /** The first row, by id, whose {@code field} equals {@code value}; nothing equals null. */
  Optional<Map<String, @Nullable Object>> lookup(
      String entity, String field, @Nullable Object value);

  /**
   * The rows a filter finds (data contract, 3.3), such as {@code {done: false, $order: {due:
   * "asc"}, $limit: 20}}.
   */
  List<Map<String, @Nullable Object>> query(String entity, Map<String, @Nullable Object> filter);

  /**
   * Hands the rows a filter finds to {@code taker}, by id, on the caller's thread. However many
   * they are, only a few hundred are held at a time, and no database thread waits for {@code
   * taker}. Outside of a transaction a row that changes meanwhile is seen as it is when its turn
   * comes, and none is seen twice.
   *
   * @param filter as for {@link #query}, without {@code $order}
   */
  void each(
      String entity,
      Map<String, @Nullable Object> filter,
      Consumer<Map<String, @Nullable Object>> taker);

  /** Rows of several entities with what they point at (data contract, 3.4). */
  Map<String, List<Map<String, @Nullable Object>>> graph(Map<String, @Nullable Object> query);

  /**
   * Counts and totals, by groups where the question says so: {@code {rows: [{…}, …]}} (data
   * contract, 3.5).
   */
  Map<String, @Nullable Object> aggregate(String entity, Map<String, @Nullable Object> question);

  /** Full-text search (data contract, 3.7). */
  Map<String, @Nullable Object> search(String entity, Map<String, @Nullable Object> request);

  /**
   * Runs {@code work} where this view's statements run, and returns at once. There the methods
   * above go on directly, without another change of thread. In a transaction such work runs in the
   * order it was given, and is refused with {@link IllegalStateException} after the end. It must
   * not wait for anything but this view, and must not throw.
   */
  void execute(Runnable work);
}
