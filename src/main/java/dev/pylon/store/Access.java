package dev.pylon.store;

import dev.pylon.model.Identity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may see and change: the policy point of {@link Store#as}. Every method allows
 * everything unless it is overridden. Methods that refuse throw a {@link
 * dev.pylon.model.PylonException} with the code the caller is to read; they are asked inside the
 * transaction and must not wait for anything.
 *
 * <p>A row that the caller may not see does not exist for them: reads do not find it, and changing
 * or deleting it answers false.
 */
public interface Access {

  /** No policy. */
  Access EVERYTHING = new Access() {};

  /** Who is asking, for write steps to know. */
  default Identity caller() {
    return Identity.SYSTEM;
  }

  /**
   * What a row of {@code entity} must fulfil for the caller to see it, as a filter (data contract,
   * 3.3) without order and limit. The empty filter lets every row be seen, {@code {id: {$in: []}}}
   * none. Part of every read, so limits, counts and totals are those of the rows that can be seen.
   */
  default Map<String, @Nullable Object> readable(String entity) {
    return Map.of();
  }

  /** Refuses a row as the caller sent it, before any write step has seen it. */
  default void requireInsert(String entity, Map<String, @Nullable Object> row) {}

  /**
   * Refuses a change.
   *
   * @param before the row as it is
   * @param after the row as the caller wants it, before any write step has seen it
   */
  default void requireUpdate(
      String entity, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {}

  /** Refuses the end of a row. */
  default void requireDelete(String entity, Map<String, @Nullable Object> before) {}
}
