package dev.pylon.store;

import dev.pylon.store.query.Condition;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which rows can be seen: those that fulfil both.
 *
 * @param where what the database judges
 * @param rest what no database can judge alike, asked of each row that fulfils {@code where}; null
 *     where there is nothing more to ask. It costs a look at each of those rows with every read.
 */
public record Visibility(Condition where, @Nullable Predicate<Map<String, @Nullable Object>> rest) {
  public static final Visibility ALL = new Visibility(Condition.EVERYTHING, null);
  public static final Visibility NONE = new Visibility(Condition.NOTHING, null);

  /** Whether a row that fulfils {@link #where} can be seen. */
  boolean shows(Map<String, @Nullable Object> row) {
    return rest == null || rest.test(row);
  }
}
