package dev.pylon.functions.protocol;

import java.util.Locale;
import java.util.Optional;

/** What a function may do: read, be a transaction, or act on the outside world. */
public enum FunctionKind {
  QUERY,
  MUTATION,
  ACTION;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** {@code query}, {@code mutation} or {@code action}. */
  public String wireName() {
    return wireName;
  }

  public static Optional<FunctionKind> parse(String wireName) {
    return switch (wireName) {
      case "query" -> Optional.of(QUERY);
      case "mutation" -> Optional.of(MUTATION);
      case "action" -> Optional.of(ACTION);
      default -> Optional.empty();
    };
  }
}
