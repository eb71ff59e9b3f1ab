package dev.pylon.auth;

import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What links in letters carry: each is good once, for one purpose and one while. Thread-safe. */
final class LetterTokens {
  private static final int TOKEN_BYTES = 32;

  private final Vault vault;
  private final InstantSource clock;

  LetterTokens(Vault vault, InstantSource clock) {
    this.vault = vault;
    this.clock = clock;
  }

  /** What a link is for (services contract, 7.2). Stored in lower case. */
  enum Purpose {
    MAGIC_LINK(Duration.ofMinutes(15)),
    PASSWORD_RESET(Duration.ofMinutes(30)),
    EMAIL_CHANGE(Duration.ofHours(24));

    private final Duration lifetime;

    Purpose(Duration lifetime) {
      this.lifetime = lifetime;
    }

    private String stored() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a token stands for.
   *
   * @param userId null where the address alone counts
   */
  record Link(String email, @Nullable String userId) {}

  /** A new token. */
  String make(Purpose purpose, String email, @Nullable String userId) {
    String token = Secrets.base64(TOKEN_BYTES);
    long now = clock.instant().getEpochSecond();
    int unused =
        vault.write(session -> {
          session.execute(
              Sql.of("DELETE FROM _pylon_verification_tokens WHERE expires_at <= ?", now));
          return session.execute(
              Sql.of(
                  """
                  INSERT INTO _pylon_verification_tokens
                      (id, kind, email, user_id, token_hash, token_prefix, created_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
                  """,
                  "vt_" + Secrets.hex(16),
                  purpose.stored(),
                  email,
                  userId,
                  Secrets.hash(token),
                  token.substring(0, SessionTable.SHOWN_CHARS),
                  now,
                  now + purpose.lifetime.toSeconds()));
        });
    return token;
  }

  /** Uses a token up; empty where it is none, was used, or is too old. */
  Optional<Link> take(Purpose purpose, String token) {
    long now = clock.instant().getEpochSecond();
    return vault.write(session ->
        session.one(
            Sql.of(
                """
                UPDATE _pylon_verification_tokens SET consumed_at = ?
                  WHERE token_hash = ? AND kind = ? AND consumed_at IS NULL AND expires_at > ?
                  RETURNING email, user_id\
                """,
                now,
                Secrets.hash(token),
                purpose.stored(),
                now),
            row -> new Link(row.requiredText(0), row.text(1))));
  }

  /** Ends every link that was sent to {@code email} or made for {@code userId}. */
  static int forget(Session session, String userId, @Nullable String email) {
    return session.execute(
        Sql.of(
            "DELETE FROM _pylon_verification_tokens WHERE user_id = ? OR email = ?",
            userId,
            email));
  }
}
