package dev.pylon.auth;

import dev.pylon.db.DatabaseError;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.schema.AuthConfig;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Manifest;
import dev.pylon.store.Rows.Writing;
import dev.pylon.store.Store;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The application's users: rows of the entity that its manifest names. They are written as
 * everybody writes rows, so hooks and live clients see them. Thread-safe.
 */
public final class Users {
  static final String EMAIL = "email";

  /** RFC 5321, 4.5.3.1.3. */
  private static final int ADDRESS_CHARS_MAX = 254;

  /** How long a sign-up waits for the writers before it. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supplier<Optional<Store>> store;

  Users(Supplier<Optional<Store>> store) {
    this.store = store;
  }

  /** One way to write an address, whoever types it. */
  public static String normalized(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  /**
   * An address as we keep it.
   *
   * @throws PylonException {@link AuthError#INVALID_EMAIL}
   */
  public static String address(String given) {
    String email = normalized(given);
    int at = email.indexOf('@');
    // What parts addresses in the head of a letter is in none of ours: one letter has one reader.
    boolean plain =
        email.chars().allMatch(c -> c > ' ' && c != 0x7f && "<>,;:()[]\\\"".indexOf(c) < 0);
    if (at < 1
        || at != email.lastIndexOf('@')
        || at == email.length() - 1
        || email.length() > ADDRESS_CHARS_MAX
        || !plain) {
      throw new PylonException(AuthError.INVALID_EMAIL, "This is no e-mail address");
    }
    return email;
  }

  /** For logs: the first two characters and the domain. */
  public static String redacted(String email) {
    int at = email.lastIndexOf('@');
    String name = at < 0 ? email : email.substring(0, at);
    return name.substring(0, Math.min(2, name.length()))
        + "***"
        + (at < 0 ? "" : email.substring(at));
  }

  Store rows() {
    return store
        .get()
        .orElseThrow(
            () -> new PylonException(DatabaseError.DATABASE_UNAVAILABLE, "There are no rows yet"));
  }

  Manifest manifest() {
    return rows().manifest();
  }

  /** How the application signs people in. */
  AuthConfig settings() {
    return store.get().map(rows -> rows.manifest().auth()).orElse(AuthConfig.DEFAULT);
  }

  /** The entity of users; empty where the application has none of that name. */
  Optional<Entity> entity() {
    return store.get().flatMap(rows -> rows.manifest().entity(settings().userEntity()));
  }

  /** Whether rows of users have {@code field}. */
  boolean have(String field) {
    return entity().flatMap(entity -> entity.field(field)).isPresent();
  }

  /** Whether a row of a user may be without {@code field}. */
  boolean mayLack(String field) {
    return entity().flatMap(entity -> entity.field(field)).filter(Field::optional).isPresent();
  }

  /** The row of a user with all its fields. */
  public Optional<Map<String, @Nullable Object>> find(String userId) {
    return entity().flatMap(entity -> rows().get(entity.name(), userId));
  }

  /** The user of an address, which is {@linkplain #normalized normalized}. */
  Optional<Map<String, @Nullable Object>> findByEmail(String email) {
    return have(EMAIL) ? rows().lookup(settings().userEntity(), EMAIL, email) : Optional.empty();
  }

  /** The address in a user's row. */
  Optional<String> email(String userId) {
    return find(userId).map(row -> row.get(EMAIL)).map(Users::textOrNull);
  }

  @SuppressWarnings("NullAway") // Optional.map takes null for nothing
  private static String textOrNull(Object value) {
    return value instanceof String text ? text : null;
  }

  /** One transaction, with the patience of a request. */
  <R, X extends Exception> R write(Writing<R, X> work) throws X {
    return rows().write(Deadline.after(PATIENCE), work);
  }
}
