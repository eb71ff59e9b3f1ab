package dev.pylon.auth;

import dev.pylon.auth.LetterTokens.Link;
import dev.pylon.auth.LetterTokens.Purpose;
import dev.pylon.model.PylonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A way back for who has forgotten a password: a link in a letter. Whether there was somebody to
 * send it to is not told, nor can it be measured: that is found out after the answer. Thread-safe.
 */
public final class PasswordResets {
  private final Users users;
  private final Letters letters;
  private final LetterTokens links;
  private final Passwords passwords;
  private final Ownership ownership;

  PasswordResets(
      Users users, Letters letters, LetterTokens links, Passwords passwords, Ownership ownership) {
    this.users = users;
    this.letters = letters;
    this.links = links;
    this.passwords = passwords;
    this.ownership = ownership;
  }

  /**
   * Sends a link to {@code email}, where there is such a user. Returns at once.
   *
   * @param email normalized
   */
  public void request(String email) {
    letters.later(() -> users.findByEmail(email).ifPresent(user -> send(user, email)));
  }

  private void send(Map<String, @Nullable Object> user, String email) {
    letters.passwordReset(
        email, links.make(Purpose.PASSWORD_RESET, email, String.valueOf(user.get("id"))));
  }

  /**
   * Sets a new password.
   *
   * @param token from the letter; good once
   * @return how many sessions have ended
   * @throws PylonException {@link AuthError#INVALID_TOKEN}, and those of a password that may not be
   *     chosen, after which the token is still good
   */
  public int complete(String token, String password, Visitor visitor) {
    passwords.requireGood(password);
    Link link = links.take(Purpose.PASSWORD_RESET, token).orElseThrow(PasswordResets::tooOld);
    String userId = link.userId();
    if (userId == null) {
      throw tooOld();
    }
    int ended = ownership.claim(userId, link.email(), visitor);
    return ended + passwords.reset(userId, password, visitor);
  }

  /** That a link was used before, or is too old, or none of ours. */
  static PylonException tooOld() {
    return new PylonException(AuthError.INVALID_TOKEN, "The link was used or is too old");
  }
}
