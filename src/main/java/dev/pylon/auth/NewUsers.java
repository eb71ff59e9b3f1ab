package dev.pylon.auth;

import dev.pylon.model.PylonException;
import dev.pylon.schema.FieldType;
import dev.pylon.store.StoreError;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds users: whatever we know of them that the application has a column for. Thread-safe. */
final class NewUsers {
  /** The form in which rows keep moments. */
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String VERIFIED = "emailVerified";

  /** What an avatar without a picture is drawn in. */
  private static final List<String> COLOURS =
      List.of(
          "#8b5cf6", "#6366f1", "#3b82f6", "#06b6d4", "#10b981", "#84cc16", "#eab308", "#f97316",
          "#ef4444", "#ec4899");

  private final Users users;
  private final InstantSource clock;

  NewUsers(Users users, InstantSource clock) {
    this.users = users;
    this.clock = clock;
  }

  /** Says what to write where the application has nobody who could sign up. */
  private void requireUsers() {
    String name = users.settings().userEntity();
    String missing =
        users.entity().isEmpty()
            ? "Unknown entity: \"%s\"".formatted(name)
            : "The entity \"%s\" has no field \"%s\"".formatted(name, Users.EMAIL);
    if (!users.have(Users.EMAIL)) {
      throw new PylonException(
              StoreError.ENTITY_NOT_FOUND, missing + ", where people who sign up are kept")
          .with(
              "hint",
              ("Add it to the schema: const %s = entity(\"%s\", { email: field.string().unique(),"
                      + " displayName: field.string().optional() })")
                  .formatted(name, name));
    }
  }

  static PylonException taken() {
    return new PylonException(AuthError.EMAIL_TAKEN, "There is an account with this address")
        .with("field", Users.EMAIL);
  }

  /** Always the same colour for the same address. */
  static String colour(String email) {
    int hash = 0;
    for (byte b : email.getBytes(StandardCharsets.UTF_8)) {
      hash = hash * 31 + (b & 0xff);
    }
    return COLOURS.get((int) (Math.abs((long) hash) % COLOURS.size()));
  }

  /**
   * Adds a user who has chosen a password.
   *
   * @param displayName null for the address
   * @return their id
   * @throws PylonException {@link AuthError#EMAIL_TAKEN}, or what the store says of the row
   */
  String add(String email, @Nullable String displayName, String passwordHash) {
    requireUsers();
    Map<String, @Nullable Object> row = row(email, displayName);
    row.put("avatarColor", colour(email));
    row.put(PasswordStore.COLUMN, passwordHash);
    String entity = users.settings().userEntity();
    return users.write(tx -> {
      if (tx.lookup(entity, Users.EMAIL, email).isPresent()) {
        throw taken();
      }
      return tx.insert(entity, declared(row));
    });
  }

  /**
   * The user of an address which they have proved to be theirs; a new one where there is none. Who
   * had the account until now is for {@link Ownership} to say.
   *
   * @param displayName of a new one; null for the address
   * @return their id
   */
  String findOrAdd(String email, @Nullable String displayName) {
    requireUsers();
    String entity = users.settings().userEntity();
    return users.write(tx -> {
      Map<String, @Nullable Object> known = tx.lookup(entity, Users.EMAIL, email).orElse(null);
      if (known == null) {
        Map<String, @Nullable Object> row = row(email, displayName);
        row.put(VERIFIED, verified());
        return tx.insert(entity, declared(row));
      }
      String id = String.valueOf(known.get("id"));
      if (users.have(VERIFIED) && isUnverified(known)) {
        tx.update(entity, id, Map.of(VERIFIED, verified()));
      }
      return id;
    });
  }

  /**
   * Gives a user another address, which they have proved to be theirs.
   *
   * @throws PylonException {@link AuthError#EMAIL_TAKEN}
   */
  void move(String userId, String email) {
    String entity = users.settings().userEntity();
    var changes = new LinkedHashMap<String, @Nullable Object>();
    changes.put(Users.EMAIL, email);
    changes.put(VERIFIED, verified());
    boolean unused =
        users.write(tx -> {
          if (tx.lookup(entity, Users.EMAIL, email)
              .filter(row -> !userId.equals(row.get("id")))
              .isPresent()) {
            throw taken();
          }
          return tx.update(entity, userId, declared(changes));
        });
  }

  /**
   * Adds a user of whom no address is known.
   *
   * @return their id; empty where users must have one
   */
  Optional<String> addWithoutAddress(@Nullable String displayName) {
    if (users.have(Users.EMAIL) && !users.mayLack(Users.EMAIL)) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> row = row("", displayName);
    row.remove(Users.EMAIL);
    return Optional.of(users.write(tx -> tx.insert(users.settings().userEntity(), declared(row))));
  }

  /** Stamps the address of a user as theirs; returns the stamp. */
  Object verify(String userId) {
    Object stamp = verified();
    if (users.have(VERIFIED)) {
      boolean unused =
          users.write(
              tx -> tx.update(users.settings().userEntity(), userId, Map.of(VERIFIED, stamp)));
    }
    return stamp;
  }

  private static boolean isUnverified(Map<String, @Nullable Object> row) {
    Object stamp = row.get(VERIFIED);
    return stamp == null || Boolean.FALSE.equals(stamp);
  }

  private Map<String, @Nullable Object> row(String email, @Nullable String displayName) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put(Users.EMAIL, email);
    row.put("displayName", displayName == null || displayName.isBlank() ? email : displayName);
    row.put("createdAt", now());
    return row;
  }

  private Object verified() {
    boolean flag =
        users
            .entity()
            .flatMap(entity -> entity.field(VERIFIED))
            .filter(field -> field.type().kind() == FieldType.Kind.BOOL)
            .isPresent();
    return flag ? Boolean.TRUE : now();
  }

  private String now() {
    return MOMENT.format(clock.instant());
  }

  private Map<String, @Nullable Object> declared(Map<String, @Nullable Object> row) {
    row.keySet().removeIf(field -> !users.have(field));
    return row;
  }
}
