package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.Codes.Attempt;
import dev.pylon.auth.Codes.Made;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.model.PylonException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proving an address by a code that was sent to it: to sign in, or to have it stamped. Thread-safe.
 */
public final class Proofs {
  private final Users users;
  private final NewUsers newUsers;
  private final Ownership ownership;
  private final Codes codes;
  private final Letters letters;
  private final SignIn signIn;
  private final Audit audit;

  Proofs(
      Users users,
      NewUsers newUsers,
      Ownership ownership,
      Codes codes,
      Letters letters,
      SignIn signIn,
      Audit audit) {
    this.users = users;
    this.newUsers = newUsers;
    this.ownership = ownership;
    this.codes = codes;
    this.letters = letters;
    this.signIn = signIn;
    this.audit = audit;
  }

  /** A code that is on its way to {@code email}. */
  public record Sent(String email, String code) {}

  /**
   * Sends a code to sign in with, whether or not there is an account.
   *
   * @param email normalized
   * @throws PylonException {@link AuthError#RATE_LIMITED}, {@link AuthError#EMAIL_SEND_FAILED}
   */
  public Sent sendSignInCode(String email) {
    String code = newCode(email);
    letters.signInCode(email, code);
    return new Sent(email, code);
  }

  /**
   * Signs in with a code; who has no account yet gets one. What others may have left in an account
   * whose address was not proved before has ended then.
   *
   * @throws PylonException {@link AuthError#INVALID_CODE}, {@link AuthError#RATE_LIMITED}, or what
   *     the store says of a new user's row
   */
  public Started signIn(String email, String code, Visitor visitor) {
    try {
      attempt(email, code);
    } catch (PylonException e) {
      audit.noteFailure(Action.SIGN_IN_FAILED, null, visitor, e.code().name());
      throw e;
    }
    String userId = newUsers.findOrAdd(email, null);
    int unused = ownership.claim(userId, email, visitor);
    return signIn.begin(userId, "magic_code", visitor);
  }

  /**
   * Sends a code to the address in the row of {@code userId}.
   *
   * @throws PylonException {@link AuthError#USER_NOT_FOUND}, {@link AuthError#MISSING_EMAIL}, and
   *     those of {@link #sendSignInCode}
   */
  public Sent sendVerification(String userId) {
    String email = emailOf(userId);
    String code = newCode(verificationOf(email));
    letters.verificationCode(email, code);
    return new Sent(email, code);
  }

  /**
   * Stamps the address of {@code userId} as theirs; returns the stamp.
   *
   * @throws PylonException {@link AuthError#INVALID_CODE} and others
   */
  public Object verify(String userId, String code, Visitor visitor) {
    String email = emailOf(userId);
    attempt(verificationOf(email), code);
    ownership.confirm(userId, email);
    Object stamp = newUsers.verify(userId);
    audit.note(Action.EMAIL_VERIFIED, userId, visitor);
    return stamp;
  }

  /** Apart from the codes one signs in with, so that neither opens what the other does. */
  static String verificationOf(String email) {
    return "verify:" + email;
  }

  private String emailOf(String userId) {
    Optional<Map<String, @Nullable Object>> user = users.find(userId);
    if (user.isEmpty()) {
      throw new PylonException(AuthError.USER_NOT_FOUND, "There is no row of this user");
    }
    if (user.get().get(Users.EMAIL) instanceof String email && !email.isBlank()) {
      return Users.normalized(email);
    }
    throw new PylonException(AuthError.MISSING_EMAIL, "This account has no e-mail address");
  }

  private String newCode(String purpose) {
    return switch (codes.make(purpose)) {
      case Made.Code(var digits) -> digits;
      case Made.TooSoon(var seconds) ->
          throw new PylonException(AuthError.RATE_LIMITED, "A code was sent a moment ago")
              .with("hint", "Try again in %ds".formatted(seconds))
              .with("retry_after_secs", seconds);
    };
  }

  private void attempt(String purpose, String code) {
    Attempt ended = codes.attempt(purpose, code.strip());
    switch (ended) {
      case RIGHT -> {}
      case WRONG ->
          throw new PylonException(AuthError.INVALID_CODE, "The code is wrong or too old");
      case TOO_MANY ->
          throw new PylonException(
                  AuthError.RATE_LIMITED, "Too many wrong codes; ask for a new one")
              .with("retry_after_secs", 60L);
    }
  }
}
