package dev.pylon.auth;

import dev.pylon.db.Sql;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What else than a row of theirs belongs to users: accounts at other providers, and addresses they
 * have proved to be theirs. Thread-safe.
 */
final class Links {
  /** Marks addresses. No provider can be called so. */
  static final String ADDRESS = "e-mail";

  private final Vault vault;
  private final InstantSource clock;

  Links(Vault vault, InstantSource clock) {
    this.vault = vault;
    this.clock = clock;
  }

  /** Whose {@code account} at {@code provider} is. */
  Optional<String> find(String provider, String account) {
    return vault.read(session ->
        session.one(
            Sql.of(
                "SELECT user_id FROM _pylon_accounts WHERE provider_id = ? AND account_id = ?",
                provider,
                account),
            row -> row.requiredText(0)));
  }

  /** Whether anything belongs to {@code userId}. */
  boolean belongTo(String userId) {
    return vault
        .read(session ->
            session.one(
                Sql.of("SELECT 1 FROM _pylon_accounts WHERE user_id = ? LIMIT 1", userId),
                row -> row.integer(0)))
        .isPresent();
  }

  /** From now on it is theirs, and nobody else's. */
  void put(String userId, String provider, String account) {
    long now = clock.instant().getEpochSecond();
    int unused =
        vault.write(session ->
            session.execute(
                Sql.of(
                    """
                    INSERT INTO _pylon_accounts
                        (id, user_id, provider_id, account_id, created_at, updated_at)
                      VALUES (?, ?, ?, ?, ?, ?)
                      ON CONFLICT (provider_id, account_id)
                        DO UPDATE SET user_id = excluded.user_id, updated_at = excluded.updated_at\
                    """,
                    "acc_" + Secrets.hex(16),
                    userId,
                    provider,
                    account,
                    now,
                    now)));
  }
}
