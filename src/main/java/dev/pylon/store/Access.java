package dev.pylon.store;

import dev.pylon.model.Identity;
import dev.pylon.schema.Entity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may see and change: the policy point of {@link Store#as}. Every method allows
 * everything unless it is overridden. Methods that refuse throw a {@link
 * dev.pylon.model.PylonException} with the code the caller is to read; they may be asked inside the
 * transaction and must not wait for anything.
 *
 * <p>A row that the caller may not see does not exist for them: reads do not find it, and changing
 * or deleting it answers false.
 */
public interface Access {

  /** No policy. */
  Access EVERYTHING = new Access() {};

  /** What is done with a row. */
  enum Deed {
    READ,
    INSERT,
    UPDATE,
    DELETE
  }

  /** Who is asking, for write steps to know. */
  default Identity caller() {
    return Identity.SYSTEM;
  }

  /**
   * Whether the caller sees the fields that are {@linkplain dev.pylon.schema.AuthConfig#hides
   * hidden} from clients.
   */
  default boolean seesHiddenFields() {
    return true;
  }

  /** Refuses what the caller may do with no row of {@code entity}, whatever it holds. */
  default void require(Deed deed, Entity entity) {}

  /**
   * Which rows of {@code entity} the caller sees. Part of every read, so limits, counts and totals
   * are those of the rows that can be seen.
   */
  default Visibility readable(Entity entity) {
    return Visibility.ALL;
  }

  /**
   * Refuses a row as the caller sent it, before any write step has seen it.
   *
   * @param row what was sent; numbers, booleans and instants as they would be stored
   */
  default void requireInsert(Entity entity, Map<String, @Nullable Object> row) {}

  /**
   * Refuses a change.
   *
   * @param before the row as it is
   * @param after the row as the caller wants it, before any write step has seen it
   */
  default void requireUpdate(
      Entity entity, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {}

  /** Refuses the end of a row. */
  default void requireDelete(Entity entity, Map<String, @Nullable Object> before) {}
}
