package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.Challenges.Asked;
import dev.pylon.auth.Challenges.Waiting;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import java.util.Map;
import java.util.Optional;

/**
 * What happens when somebody has proved who they are. Every way to sign in ends here, so who has a
 * second factor is asked for it whichever way they came. Thread-safe.
 */
public final class SignIn {
  private final Sessions sessions;
  private final Guests guests;
  private final SecondFactors factors;
  private final TrustedDevices devices;
  private final Challenges challenges;
  private final Audit audit;

  SignIn(
      Sessions sessions,
      Guests guests,
      SecondFactors factors,
      TrustedDevices devices,
      Challenges challenges,
      Audit audit) {
    this.sessions = sessions;
    this.guests = guests;
    this.factors = factors;
    this.devices = devices;
    this.challenges = challenges;
    this.audit = audit;
  }

  /**
   * Begins a session of {@code userId}. What {@code visitor} made as a guest is theirs from now on.
   *
   * @param method how they proved it, such as {@code password}
   * @throws PylonException {@link AuthError#TOTP_REQUIRED} where a second step is due; its {@code
   *     totp_token} opens {@link #finish}
   */
  public Started begin(String userId, String method, Visitor visitor) {
    if (factors.isActive(userId) && !devices.isTrusted(userId, visitor.device())) {
      Asked asked = challenges.ask(userId, method);
      audit.note(Action.SECOND_FACTOR_ASKED, userId, visitor, Map.of("method", method));
      throw new PylonException(
              AuthError.TOTP_REQUIRED,
              "Bring a code of your authenticator app to /api/auth/totp/verify")
          .with("totp_token", asked.token())
          .with("expires_at", asked.expiresAt());
    }
    return open(userId, visitor, Map.of("method", method));
  }

  /** Who may take the second step with {@code token}; empty where nobody may. */
  public Optional<String> waiting(String token) {
    return challenges.user(token);
  }

  /**
   * Takes the second step.
   *
   * @param token from the refusal of the first one
   * @throws PylonException {@link AuthError#INVALID_TOKEN} where one must begin anew, {@link
   *     AuthError#INVALID_TOTP_CODE}
   */
  public Started finish(String token, String code, Visitor visitor) {
    Waiting waiting = challenges.attempt(token).orElseThrow(SignIn::tooLate);
    factors.require(waiting.userId(), code, visitor);
    if (!challenges.end(token)) {
      throw tooLate();
    }
    return open(
        waiting.userId(), visitor, Map.of("method", waiting.method(), "second_factor", "totp"));
  }

  /** That there is nothing to take the second step of. */
  public static PylonException tooLate() {
    return new PylonException(
        AuthError.INVALID_TOKEN, "This sign-in took too long or too many attempts; begin anew");
  }

  private Started open(String userId, Visitor visitor, Map<String, String> how) {
    String before = visitor.identity().userId();
    if (before != null) {
      mergeGuest(before, userId, visitor);
    }
    Started started = sessions.start(userId, null, visitor.userAgent());
    audit.note(Action.SIGN_IN, userId, visitor, how);
    return started;
  }

  /**
   * Makes the session another user's, under the same token. What its guest made is theirs from now
   * on.
   *
   * @return whether there is such a session
   */
  public boolean upgrade(String token, String userId, Visitor visitor) {
    Optional<UserSession> session = sessions.find(token);
    session.ifPresent(found -> mergeGuest(found.userId(), userId, visitor));
    if (session.isEmpty() || !sessions.give(token, userId)) {
      return false;
    }
    audit.note(Action.SESSION_UPGRADED, userId, visitor);
    return true;
  }

  /** Begins a session of somebody new without an account. */
  public Started beginAsGuest(Visitor visitor) {
    return sessions.start(Guests.newId(), null, visitor.userAgent());
  }

  /** Gives {@code userId} the rows of {@code before}, where that is a guest. */
  private void mergeGuest(String before, String userId, Visitor visitor) {
    if (!before.startsWith(Identity.GUEST_PREFIX)) {
      return;
    }
    String touched = guests.merge(before, userId);
    if (!touched.isEmpty()) {
      audit.note(Action.GUEST_MERGED, userId, visitor, Map.of("rows", touched));
    }
  }
}
