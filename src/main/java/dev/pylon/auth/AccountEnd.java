package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The end of an account: the user's row, and everything of ours by which they, or a program of
 * theirs, could come in. What else the application keeps of them is the application's. Thread-safe.
 */
public final class AccountEnd {
  private final Vault vault;
  private final Users users;
  private final Organizations orgs;
  private final IdentityCache remembered;
  private final Audit audit;

  AccountEnd(Vault vault, Users users, Organizations orgs, IdentityCache remembered, Audit audit) {
    this.vault = vault;
    this.users = users;
    this.orgs = orgs;
    this.remembered = remembered;
    this.audit = audit;
  }

  /** How much there was. */
  public record Ended(int sessions, int keys, int accounts) {}

  /**
   * Ends the account of {@code userId}.
   *
   * @throws PylonException {@link AuthError#LAST_OWNER} where others depend on it, or what the
   *     store says of the row; nothing has happened then
   */
  public Ended end(String userId, Visitor visitor) {
    orgs.ownedWithOthers(userId)
        .ifPresent(name -> {
          throw new PylonException(
              AuthError.LAST_OWNER,
              "You are the last owner of \"%s\"; make somebody else one first".formatted(name));
        });
    String email = users.email(userId).orElse(null);
    if (users.entity().isPresent()) {
      boolean unused = users.write(tx -> tx.delete(users.settings().userEntity(), userId));
    }
    Ended ended = forget(userId, email);
    audit.note(
        Action.ACCOUNT_DELETED,
        userId,
        visitor,
        Map.of(
            "sessions", String.valueOf(ended.sessions()),
            "keys", String.valueOf(ended.keys()),
            "accounts", String.valueOf(ended.accounts())));
    return ended;
  }

  /**
   * Forgets all that we keep of a user, but for what they did.
   *
   * @param email their address; null where it is not known
   */
  public Ended forget(String userId, @Nullable String email) {
    Ended ended = vault.write(session -> forget(session, userId, email));
    remembered.forgetUser(userId);
    return ended;
  }

  private static Ended forget(Session session, String userId, @Nullable String email) {
    int sessions = delete(session, "_pylon_sessions", userId);
    int keys = delete(session, "_pylon_api_keys", userId);
    int accounts = delete(session, "_pylon_accounts", userId);
    TrustedDevices.forget(session, userId);
    SecondFactors.forget(session, userId);
    LetterTokens.forget(session, userId, email);
    Codes.forget(session, email);
    Organizations.forget(session, userId);
    return new Ended(sessions, keys, accounts);
  }

  private static int delete(Session session, String table, String userId) {
    return session.execute(Sql.of("DELETE FROM %s WHERE user_id = ?".formatted(table), userId));
  }
}
