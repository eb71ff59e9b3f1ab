package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.auth.passwords.Hashing;
import dev.pylon.auth.passwords.PasswordHash.Verdict;
import dev.pylon.model.PylonException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signing up and in with a password. Nothing here tells, by word or by time, whether an address has
 * an account, but for signing up with one. Thread-safe.
 */
public final class Passwords {
  /** Characters; what NIST asks for is less. */
  private static final int CHARS_MIN = 10;

  private static final int CHARS_MAX = 1_000;

  private final NewUsers newUsers;
  private final Users users;
  private final PasswordStore store;
  private final Hashing hashing;
  private final Breaches breaches;
  private final Sessions sessions;
  private final TrustedDevices devices;
  private final SignIn signIn;
  private final Audit audit;

  Passwords(
      Users users,
      NewUsers newUsers,
      PasswordStore store,
      Hashing hashing,
      Breaches breaches,
      Sessions sessions,
      TrustedDevices devices,
      SignIn signIn,
      Audit audit) {
    this.users = users;
    this.newUsers = newUsers;
    this.store = store;
    this.hashing = hashing;
    this.breaches = breaches;
    this.sessions = sessions;
    this.devices = devices;
    this.signIn = signIn;
    this.audit = audit;
  }

  /**
   * Refuses a password that may not be chosen.
   *
   * @throws PylonException {@link AuthError#WEAK_PASSWORD}, {@link AuthError#PWNED_PASSWORD}
   */
  void requireGood(String password) {
    if (password.length() < CHARS_MIN || password.length() > CHARS_MAX) {
      throw new PylonException(
          AuthError.WEAK_PASSWORD,
          "The password must have %d to %d characters".formatted(CHARS_MIN, CHARS_MAX));
    }
    if (breaches.know(password)) {
      throw new PylonException(
          AuthError.PWNED_PASSWORD, "This password has appeared in known data breaches");
    }
  }

  String hashed(String password) {
    return hashing.hash(password).orElseThrow(Passwords::overloaded);
  }

  private static PylonException overloaded() {
    return new PylonException(
        AuthError.AUTH_OVERLOADED, "Too many people are signing in; try again");
  }

  /**
   * Adds a user and signs them in.
   *
   * @param email normalized
   * @param displayName null for the address
   * @throws PylonException {@link AuthError#EMAIL_TAKEN}, those of {@link #requireGood}, or what
   *     the store says of the row
   */
  public Started register(
      String email, String password, @Nullable String displayName, Visitor visitor) {
    requireGood(password);
    if (users.findByEmail(email).isPresent()) {
      audit.noteFailure(Action.SIGN_UP, null, visitor, AuthError.EMAIL_TAKEN.name());
      throw NewUsers.taken();
    }
    String hash = hashed(password);
    String userId = newUsers.add(email, displayName, hash);
    if (!store.isInRows()) {
      store.put(userId, hash);
    }
    audit.note(Action.SIGN_UP, userId, visitor, Map.of("method", "password"));
    return signIn.begin(userId, "password", visitor);
  }

  /**
   * Signs in.
   *
   * @param email normalized
   * @throws PylonException {@link AuthError#INVALID_CREDENTIALS}
   */
  public Started login(String email, String password, Visitor visitor) {
    Optional<Map<String, @Nullable Object>> user = users.findByEmail(email);
    Optional<String> stored = user.flatMap(store::find);
    String userId = user.map(row -> String.valueOf(row.get("id"))).orElse(null);
    Verdict verdict = check(password, stored);
    if (verdict == Verdict.WRONG || userId == null) {
      audit.noteFailure(
          Action.SIGN_IN_FAILED, userId, visitor, AuthError.INVALID_CREDENTIALS.name());
      throw new PylonException(
          AuthError.INVALID_CREDENTIALS, "The e-mail address or the password is wrong");
    }
    if (verdict == Verdict.RIGHT_BUT_OLD) {
      store.put(userId, hashed(password));
    }
    return signIn.begin(userId, "password", visitor);
  }

  private Verdict check(String password, Optional<String> stored) {
    // Beyond this no password is kept, and hashing would only cost.
    return password.length() > CHARS_MAX
        ? Verdict.WRONG
        : hashing.check(password, stored).orElseThrow(Passwords::overloaded);
  }

  /**
   * A change of password: what it ended, and the session that goes on.
   *
   * @param revoked sessions that have ended
   */
  public record Changed(int revoked, Started session) {}

  /**
   * Changes the password of who has signed in; ends all their sessions and begins a new one.
   *
   * @throws PylonException {@link AuthError#NO_PASSWORD_SET}, {@link AuthError#WRONG_PASSWORD}, and
   *     those of {@link #requireGood}
   */
  public Changed change(String userId, String current, String next, Visitor visitor) {
    String stored =
        users
            .find(userId)
            .flatMap(store::find)
            .orElseThrow(() ->
                new PylonException(AuthError.NO_PASSWORD_SET, "This account has no password yet"));
    if (check(current, Optional.of(stored)) == Verdict.WRONG) {
      audit.noteFailure(Action.PASSWORD_CHANGED, userId, visitor, AuthError.WRONG_PASSWORD.name());
      throw new PylonException(AuthError.WRONG_PASSWORD, "The current password is wrong");
    }
    requireGood(next);
    store.put(userId, hashed(next));
    int revoked = endEverywhere(userId);
    audit.note(Action.PASSWORD_CHANGED, userId, visitor);
    return new Changed(
        revoked, sessions.start(userId, visitor.identity().tenantId(), visitor.userAgent()));
  }

  /**
   * Sets the password of who has proved it by a letter; ends all their sessions.
   *
   * @param password one that {@link #requireGood} let pass
   * @return how many sessions there were
   */
  int reset(String userId, String password, Visitor visitor) {
    store.put(userId, hashed(password));
    int revoked = endEverywhere(userId);
    audit.note(Action.PASSWORD_RESET, userId, visitor);
    return revoked;
  }

  /** Nobody stays signed in, or is spared the second step, by what the old password opened. */
  private int endEverywhere(String userId) {
    int unused = devices.revokeAll(userId);
    return sessions.revokeAll(userId);
  }

  /** Whether {@code userId} has a password. */
  boolean has(String userId) {
    return users.find(userId).flatMap(store::find).isPresent();
  }

  /** Whether {@code password} is that of {@code userId}; who has none has none that is right. */
  public boolean isRight(String userId, String password) {
    Optional<String> stored = users.find(userId).flatMap(store::find);
    return check(password, stored) != Verdict.WRONG && stored.isPresent();
  }
}
