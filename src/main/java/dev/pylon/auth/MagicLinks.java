package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.LetterTokens.Link;
import dev.pylon.auth.LetterTokens.Purpose;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.model.PylonException;

/** Signing in by a link that a letter brings. Thread-safe. */
public final class MagicLinks {
  private final NewUsers newUsers;
  private final Ownership ownership;
  private final LetterTokens tokens;
  private final Letters letters;
  private final SignIn signIn;
  private final Audit audit;

  MagicLinks(
      NewUsers newUsers,
      Ownership ownership,
      LetterTokens tokens,
      Letters letters,
      SignIn signIn,
      Audit audit) {
    this.newUsers = newUsers;
    this.ownership = ownership;
    this.tokens = tokens;
    this.letters = letters;
    this.signIn = signIn;
    this.audit = audit;
  }

  /**
   * Sends a link, whether or not there is an account; returns the token in it.
   *
   * @param email normalized
   * @throws PylonException {@link AuthError#EMAIL_SEND_FAILED}
   */
  public String send(String email) {
    String token = tokens.make(Purpose.MAGIC_LINK, email, null);
    letters.signInLink(email, token);
    return token;
  }

  /**
   * Signs in; who has no account yet gets one.
   *
   * @throws PylonException {@link AuthError#INVALID_TOKEN}, those of {@link SignIn#begin}, or what
   *     the store says of a new user's row
   */
  public Started signIn(String token, Visitor visitor) {
    Link link =
        tokens
            .take(Purpose.MAGIC_LINK, token)
            .orElseThrow(() -> {
              audit.noteFailure(
                  Action.SIGN_IN_FAILED, null, visitor, AuthError.INVALID_TOKEN.name());
              return PasswordResets.tooOld();
            });
    String userId = newUsers.findOrAdd(link.email(), null);
    int unused = ownership.claim(userId, link.email(), visitor);
    return signIn.begin(userId, "magic_link", visitor);
  }
}
