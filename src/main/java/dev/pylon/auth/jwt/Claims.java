package dev.pylon.auth.jwt;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a token says whose signature, issuer, audience and time are good.
 *
 * @param audience whom it is for
 * @param expiresAt epoch seconds
 * @param all by name
 */
public record Claims(
    String subject, List<String> audience, long expiresAt, Map<String, @Nullable Object> all) {
  private static final int ROLES_MAX = 100;

  /** The text of a claim; empty where it has none. */
  public Optional<String> text(String name) {
    return find(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Whether a claim says yes, as some do in words. */
  public boolean isTrue(String name) {
    return find(name) instanceof Object said && (said.equals(true) || said.equals("true"));
  }

  /** The words of a claim: a list, or a text with blanks between them. */
  public List<String> words(String name) {
    return switch (find(name)) {
      case List<?> list ->
          list.stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .limit(ROLES_MAX)
              .toList();
      case String text when !text.isBlank() -> List.of(text.strip().split("\\s+", ROLES_MAX));
      case null, default -> List.of();
    };
  }

  /** By its name, or by a path of names such as {@code realm_access.roles}. */
  private @Nullable Object find(String name) {
    if (all.containsKey(name) || name.indexOf('.') < 0) {
      return all.get(name);
    }
    @Nullable Object found = all;
    for (String part : name.split("\\.")) {
      found = found instanceof Map<?, ?> object ? object.get(part) : null;
    }
    return found;
  }
}
