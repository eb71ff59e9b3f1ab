package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.db.Sql;
import java.util.List;

/**
 * Whose an address is. Anybody can make an account with the address of somebody else, or write it
 * into their row, and wait: so whoever proves that it is theirs gets the account, and nobody who
 * had it before keeps a way in. What the row itself says of a proof does not count, for users may
 * be able to write it. Thread-safe.
 */
final class Ownership {
  /** Whatever opens an account, beside sessions; and enrolments that nobody has ended yet. */
  private static final List<String> WAYS_IN =
      List.of("_pylon_accounts", "_pylon_api_keys", "_pylon_verification_tokens", "_pylon_totp");

  private final Vault vault;
  private final Users users;
  private final PasswordStore passwords;
  private final Links links;
  private final Sessions sessions;
  private final SecondFactors factors;
  private final Audit audit;

  Ownership(
      Vault vault,
      Users users,
      PasswordStore passwords,
      Links links,
      Sessions sessions,
      SecondFactors factors,
      Audit audit) {
    this.vault = vault;
    this.users = users;
    this.passwords = passwords;
    this.links = links;
    this.sessions = sessions;
    this.factors = factors;
    this.audit = audit;
  }

  /**
   * The account of {@code userId} belongs to who is at the door, and has proved {@code email}. All
   * that somebody else may have left in it ends, unless the same was proved before.
   *
   * <p>An account with a second factor stays as it is: whoever has proved the address is asked for
   * that factor next. Else a letter, and so a letter box that somebody got into, would end it. Who
   * finds the second factor of a stranger in the way gets no further, and nor does the stranger.
   *
   * @return how many sessions have ended
   */
  int claim(String userId, String email, Visitor visitor) {
    if (isProved(userId, email) || factors.isActive(userId)) {
      return 0;
    }
    int ended = 0;
    if (mayBeAnothers(userId)) {
      ended = end(userId);
      audit.note(Action.ACCOUNT_RECLAIMED, userId, visitor);
    }
    links.put(userId, Links.ADDRESS, email);
    return ended;
  }

  /** Who has signed in has proved that {@code email} is theirs, too. */
  void confirm(String userId, String email) {
    links.put(userId, Links.ADDRESS, email);
  }

  private boolean isProved(String userId, String email) {
    return links.find(Links.ADDRESS, email).filter(userId::equals).isPresent();
  }

  private boolean mayBeAnothers(String userId) {
    return links.belongTo(userId) || users.find(userId).flatMap(passwords::find).isPresent();
  }

  private int end(String userId) {
    passwords.remove(userId);
    int unused =
        vault.write(session ->
            WAYS_IN.stream()
                .mapToInt(table ->
                    session.execute(
                        Sql.of("DELETE FROM %s WHERE user_id = ?".formatted(table), userId)))
                .sum());
    return sessions.revokeAll(userId);
  }
}
