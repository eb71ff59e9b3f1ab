package dev.pylon.auth;

import dev.pylon.db.Sql;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the hash of a password lies: in the user's row where the application declares a column for
 * it, else in a table of ours. Thread-safe.
 */
final class PasswordStore {
  static final String COLUMN = "passwordHash";

  /** Marks accounts that are opened by a password among those of other providers. */
  private static final String PROVIDER = "credential";

  private final Vault vault;
  private final Users users;
  private final InstantSource clock;

  PasswordStore(Vault vault, Users users, InstantSource clock) {
    this.vault = vault;
    this.users = users;
    this.clock = clock;
  }

  boolean isInRows() {
    return users.have(COLUMN);
  }

  /** The hash of a user, given their row. */
  Optional<String> find(Map<String, @Nullable Object> user) {
    if (isInRows()) {
      return user.get(COLUMN) instanceof String hash && !hash.isEmpty()
          ? Optional.of(hash)
          : Optional.empty();
    }
    String userId = String.valueOf(user.get("id"));
    return vault.read(session ->
        session.one(
            Sql.of(
                "SELECT password FROM _pylon_accounts"
                    + " WHERE provider_id = ? AND account_id = ? AND password IS NOT NULL",
                PROVIDER,
                userId),
            row -> row.requiredText(0)));
  }

  /** Takes the hash out of a user's row; one in our table goes with all else that is theirs. */
  void remove(String userId) {
    if (!isInRows()) {
      return;
    }
    var none = new HashMap<String, @Nullable Object>();
    none.put(COLUMN, users.mayLack(COLUMN) ? null : "");
    boolean unused = users.write(tx -> tx.update(users.settings().userEntity(), userId, none));
  }

  void put(String userId, String hash) {
    if (isInRows()) {
      boolean unused =
          users.write(tx -> tx.update(users.settings().userEntity(), userId, Map.of(COLUMN, hash)));
      return;
    }
    long now = clock.instant().getEpochSecond();
    int unused =
        vault.write(session ->
            session.execute(
                Sql.of(
                    """
                    INSERT INTO _pylon_accounts
                        (id, user_id, provider_id, account_id, password, created_at, updated_at)
                      VALUES (?, ?, ?, ?, ?, ?, ?)
                      ON CONFLICT (provider_id, account_id)
                        DO UPDATE SET password = excluded.password, updated_at = excluded.updated_at\
                    """,
                    "acc_" + Secrets.hex(16),
                    userId,
                    PROVIDER,
                    userId,
                    hash,
                    now,
                    now)));
  }
}
