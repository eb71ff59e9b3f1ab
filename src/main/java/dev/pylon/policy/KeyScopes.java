package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.store.Access.Deed;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an API key may be used for. We know {@code read}, {@code write} (which reads, too), the same
 * for one entity ({@code read:Todo}), {@code fn:<name>}, {@code fn:*}, and {@code *}; all others
 * mean something to the application alone. A key without any that we know may be used for
 * everything its owner may do. A key with one of them reaches the rows that they name, and no
 * others; one with any {@code fn:} calls the functions that they name, and no others.
 */
public final class KeyScopes {
  private static final String FUNCTION = "fn:";

  /** For who did not present a key. */
  private static final KeyScopes EVERYTHING = new KeyScopes(Set.of());

  private final Set<String> known;

  private KeyScopes(Set<String> known) {
    this.known = known;
  }

  /** What {@code caller} may do as far as their key goes. */
  public static KeyScopes of(Identity caller) {
    Identity.Key key = caller.key();
    return key == null ? EVERYTHING : parse(key.scopes());
  }

  static KeyScopes parse(@Nullable String scopes) {
    Set<String> known =
        scopes == null
            ? Set.of()
            : Stream.of(scopes.split("[,\\s]+"))
                .filter(KeyScopes::isOurs)
                .collect(Collectors.toUnmodifiableSet());
    return known.isEmpty() || known.contains("*") ? EVERYTHING : new KeyScopes(known);
  }

  private static boolean isOurs(String scope) {
    return scope.equals("*")
        || scope.equals("read")
        || scope.equals("write")
        || scope.startsWith("read:")
        || scope.startsWith("write:")
        || scope.startsWith(FUNCTION);
  }

  /** Whether they limit anything. */
  boolean areLimited() {
    return !known.isEmpty();
  }

  /** Whether they reach the rows of {@code entity} for that. */
  public boolean allow(Deed deed, String entity) {
    List<String> sufficient =
        deed == Deed.READ
            ? List.of("read", "write", "read:" + entity, "write:" + entity)
            : List.of("write", "write:" + entity);
    return known.isEmpty() || sufficient.stream().anyMatch(known::contains);
  }

  /**
   * Refuses rows.
   *
   * @throws PylonException {@link PolicyError#INSUFFICIENT_SCOPE}
   */
  void require(Deed deed, String entity) {
    if (!allow(deed, entity)) {
      throw refused();
    }
  }

  /**
   * Refuses a function.
   *
   * @throws PylonException {@link PolicyError#INSUFFICIENT_SCOPE}
   */
  public void requireFunction(String name) {
    Predicate<String> isFunction = scope -> scope.startsWith(FUNCTION);
    if (known.stream().anyMatch(isFunction)
        && !known.contains(FUNCTION + "*")
        && !known.contains(FUNCTION + name)) {
      throw refused();
    }
  }

  private static PylonException refused() {
    return new PylonException(
        PolicyError.INSUFFICIENT_SCOPE, "This API key may not be used for that");
  }
}
