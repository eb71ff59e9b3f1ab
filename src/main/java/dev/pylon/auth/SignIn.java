package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.model.Identity;
import java.util.Map;
import java.util.Optional;

/** What happens when somebody has proved who they are, in whichever way. Thread-safe. */
public final class SignIn {
  private final Sessions sessions;
  private final Guests guests;
  private final Audit audit;

  SignIn(Sessions sessions, Guests guests, Audit audit) {
    this.sessions = sessions;
    this.guests = guests;
    this.audit = audit;
  }

  /**
   * Begins a session of {@code userId}. What {@code visitor} made as a guest is theirs from now on.
   *
   * @param method how they proved it, such as {@code password}
   */
  public Started begin(String userId, String method, Visitor visitor) {
    String before = visitor.identity().userId();
    if (before != null) {
      mergeGuest(before, userId, visitor);
    }
    Started started = sessions.start(userId, null, visitor.userAgent());
    audit.note(Action.SIGN_IN, userId, visitor, Map.of("method", method));
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
