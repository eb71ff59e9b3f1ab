package dev.pylon.schema;

import java.util.regex.Pattern;
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

  private static final Pattern FIELD = Pattern.compile("(?<![\\w.])(?:data|existing)\\.(\\w+)");

  /** Whether the rule about reading names {@code field}; a text in it that looks so counts too. */
  boolean readingNames(String field) {
    String rule = allowRead == null || allowRead.isEmpty() ? allow : allowRead;
    return FIELD.matcher(rule).results().anyMatch(found -> found.group(1).equals(field));
  }

  /** Whether any expression says something. */
  public boolean hasRule() {
    return Stream.of(allow, allowRead, allowInsert, allowUpdate, allowDelete, allowWrite)
        .anyMatch(rule -> rule != null && !rule.isBlank());
  }
}
