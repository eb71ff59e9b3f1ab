package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.LetterTokens.Link;
import dev.pylon.auth.LetterTokens.Purpose;
import dev.pylon.model.PylonException;
import java.util.Optional;

/**
 * Another address for who has one. It counts when a letter to the new one was read; the old one is
 * told. Whether the new one has an account is not told before that. Thread-safe.
 */
public final class AddressChanges {
  private final Vault vault;
  private final Users users;
  private final NewUsers newUsers;
  private final Ownership ownership;
  private final Passwords passwords;
  private final LetterTokens tokens;
  private final Letters letters;
  private final Audit audit;

  AddressChanges(
      Vault vault,
      Users users,
      NewUsers newUsers,
      Ownership ownership,
      Passwords passwords,
      LetterTokens tokens,
      Letters letters,
      Audit audit) {
    this.vault = vault;
    this.users = users;
    this.newUsers = newUsers;
    this.ownership = ownership;
    this.passwords = passwords;
    this.tokens = tokens;
    this.letters = letters;
    this.audit = audit;
  }

  /**
   * Sends a link to {@code email}, unless somebody has it already. The letter leaves later.
   *
   * @param email normalized
   * @param password of who has one: the address is a way to another password
   * @throws PylonException {@link AuthError#USER_NOT_FOUND}, {@link AuthError#WRONG_PASSWORD}
   */
  public void request(String userId, String email, String password, Visitor visitor) {
    if (users.find(userId).isEmpty()) {
      throw new PylonException(AuthError.USER_NOT_FOUND, "There is no row of this user");
    }
    if (passwords.has(userId) && !passwords.isRight(userId, password)) {
      audit.noteFailure(Action.EMAIL_CHANGED, userId, visitor, AuthError.WRONG_PASSWORD.name());
      throw new PylonException(AuthError.WRONG_PASSWORD, "The current password is wrong");
    }
    letters.later(() -> {
      if (users.findByEmail(email).isEmpty()) {
        letters.emailChange(email, tokens.make(Purpose.EMAIL_CHANGE, email, userId));
      }
    });
  }

  /**
   * Changes the address; links and codes that the old one got are good no more.
   *
   * @return the new one
   * @throws PylonException {@link AuthError#INVALID_TOKEN}, {@link AuthError#EMAIL_TAKEN}
   */
  public String confirm(String token, Visitor visitor) {
    Link link = tokens.take(Purpose.EMAIL_CHANGE, token).orElseThrow(PasswordResets::tooOld);
    String userId = link.userId();
    if (userId == null || users.find(userId).isEmpty()) {
      throw PasswordResets.tooOld();
    }
    Optional<String> before = users.email(userId);
    newUsers.move(userId, link.email());
    int unused = vault.write(session -> LetterTokens.forget(session, userId, before.orElse(null)));
    // Whoever else reads the letter has not proved that the account is theirs.
    if (userId.equals(visitor.identity().userId())) {
      ownership.confirm(userId, link.email());
    }
    audit.note(Action.EMAIL_CHANGED, userId, visitor);
    before
        .filter(address -> !address.equals(link.email()))
        .ifPresent(address -> letters.later(() -> letters.emailChanged(address, link.email())));
    return link.email();
  }
}
