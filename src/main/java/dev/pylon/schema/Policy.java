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

  private static final String OF_THE_ROW = "(?<![\\w.])(?:data|existing)\\.(\\w+)";
  private static final String OF_THE_CALLER = "(?<![\\w.])auth\\.\\w+";

  private static final Pattern FIELD = Pattern.compile(OF_THE_ROW);

  private static final Pattern OWNER =
      Pattern.compile(
          OF_THE_CALLER
              + "\\s*==\\s*"
              + OF_THE_ROW
              + "|"
              + OF_THE_ROW
              + "\\s*==\\s*"
              + OF_THE_CALLER);

  /** Whether the rule about reading names {@code field}; a text in it that looks so counts too. */
  boolean readingNames(String field) {
    return FIELD.matcher(reading()).results().anyMatch(found -> found.group(1).equals(field));
  }

  /** Whether the rule about reading asks whether {@code field} is something of the caller's. */
  boolean readingAsksWhose(String field) {
    return OWNER
        .matcher(reading())
        .results()
        .anyMatch(found -> field.equals(found.group(1)) || field.equals(found.group(2)));
  }

  private String reading() {
    return allowRead == null || allowRead.isEmpty() ? allow : allowRead;
  }

  /** Whether any expression says something. */
  public boolean hasRule() {
    return Stream.of(allow, allowRead, allowInsert, allowUpdate, allowDelete, allowWrite)
        .anyMatch(rule -> rule != null && !rule.isBlank());
  }
}
