package dev.pylon.schema;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with an entity or an action. Expressions are text here; {@code policy} reads
 * them.
 */
public record Policy(
    String name,
    @Nullable String entity,
    @Nullable String action,
    String allow,
    @Nullable String allowRead,
    @Nullable String allowInsert,
    @Nullable String allowUpdate,
    @Nullable String allowDelete,
    @Nullable String allowWrite) {

  /** Whether any expression says something. */
  public boolean hasRule() {
    return Stream.of(allow, allowRead, allowInsert, allowUpdate, allowDelete, allowWrite)
        .anyMatch(rule -> rule != null && !rule.isBlank());
  }
}
