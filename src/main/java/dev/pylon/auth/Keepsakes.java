package dev.pylon.auth;

import dev.pylon.db.Columns;
import dev.pylon.db.Sql;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the vault keeps of other ways in, for administrators, without a secret. Thread-safe. */
public final class Keepsakes {
  private static final int LIST_MAX = 1_000;

  private final Vault vault;

  Keepsakes(Vault vault) {
    this.vault = vault;
  }

  /** An account at another provider, or a password of ours. Times are epoch seconds. */
  public record Account(
      String id,
      String userId,
      String provider,
      String accountId,
      @Nullable String scope,
      boolean hasAccessToken,
      boolean hasRefreshToken,
      boolean hasIdToken,
      boolean hasPassword,
      @Nullable Long accessTokenExpiresAt,
      @Nullable Long refreshTokenExpiresAt,
      long createdAt,
      long updatedAt) {}

  /** A code that was sent; only a hash of it is kept. */
  public record Code(String email, long expiresAt, long attempts) {}

  /** The newest thousand. */
  public List<Account> accounts() {
    return vault.read(session ->
        session.list(
            Sql.of(
                """
                SELECT id, user_id, provider_id, account_id, scope,
                    CASE WHEN access_token IS NULL THEN 0 ELSE 1 END,
                    CASE WHEN refresh_token IS NULL THEN 0 ELSE 1 END,
                    CASE WHEN id_token IS NULL THEN 0 ELSE 1 END,
                    CASE WHEN password IS NULL THEN 0 ELSE 1 END,
                    access_token_expires_at, refresh_token_expires_at, created_at, updated_at
                  FROM _pylon_accounts ORDER BY created_at DESC, id LIMIT ?\
                """,
                LIST_MAX),
            Keepsakes::account));
  }

  private static Account account(Columns row) {
    return new Account(
        row.requiredText(0),
        row.requiredText(1),
        row.requiredText(2),
        row.requiredText(3),
        row.text(4),
        row.integer(5) != 0,
        row.integer(6) != 0,
        row.integer(7) != 0,
        row.integer(8) != 0,
        row.integerOrNull(9),
        row.integerOrNull(10),
        row.integer(11),
        row.integer(12));
  }

  /** The newest thousand. */
  public List<Code> codes() {
    return vault.read(session ->
        session.list(
            Sql.of(
                "SELECT email, expires_at, attempts FROM _pylon_magic_codes"
                    + " ORDER BY expires_at DESC, email LIMIT ?",
                LIST_MAX),
            row -> new Code(row.requiredText(0), row.integer(1), row.integer(2))));
  }
}
