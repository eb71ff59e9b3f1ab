package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.schema.Entity;
import dev.pylon.store.Access.Deed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Something that somebody might want to do. */
public sealed interface Question {
  Identity caller();

  /**
   * @param row the row as it is; null for any
   * @param sent the row that is to be added, or the fields that are to be changed; null for any
   */
  record OfRow(
      Identity caller,
      Deed deed,
      Entity entity,
      @Nullable Map<String, @Nullable Object> row,
      @Nullable Map<String, @Nullable Object> sent)
      implements Question {

    /** About {@code one}, or about any row where that is null. */
    Facts facts(@Nullable Map<String, @Nullable Object> one) {
      if (one == null) {
        return Facts.ofAny(caller, entity);
      }
      return deed == Deed.INSERT ? Facts.ofNew(caller, entity, one) : Facts.of(caller, entity, one);
    }

    /** About the row with what was sent in its place. */
    Facts change() {
      Map<String, @Nullable Object> before = Objects.requireNonNull(row);
      var after = new LinkedHashMap<String, @Nullable Object>(before);
      after.putAll(Objects.requireNonNull(sent));
      after.put("id", before.get("id"));
      return Facts.ofChange(caller, entity, before, after);
    }
  }

  /**
   * @param input what would be sent
   */
  record OfAction(Identity caller, String action, @Nullable Object input) implements Question {}
}
