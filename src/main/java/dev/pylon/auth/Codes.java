package dev.pylon.auth;

import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Six digits that a letter brings, by which somebody proves an address. A code is good once, for
 * ten minutes, and for five attempts. Thread-safe.
 */
final class Codes {
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final Duration BETWEEN_LETTERS = Duration.ofSeconds(60);
  private static final int ATTEMPTS_MAX = 5;

  private final Vault vault;
  private final InstantSource clock;

  Codes(Vault vault, InstantSource clock) {
    this.vault = vault;
    this.clock = clock;
  }

  /** What became of the wish for a code. */
  sealed interface Made {
    record Code(String digits) implements Made {}

    /** The last one is too fresh. */
    record TooSoon(long waitSeconds) implements Made {}
  }

  /** How an attempt ended. */
  enum Attempt {
    RIGHT,
    WRONG,
    TOO_MANY
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** A new code for {@code purpose}, which ends the one before. */
  Made make(String purpose) {
    long now = now();
    String digits = Secrets.code();
    // A code's age is told by its end. The statement looks and writes at once: of two who ask, one.
    int written =
        vault.write(session -> {
          session.execute(Sql.of("DELETE FROM _pylon_magic_codes WHERE expires_at <= ?", now));
          return session.execute(
              Sql.of(
                  """
                  INSERT INTO _pylon_magic_codes (email, code, expires_at, attempts)
                    VALUES (?, ?, ?, 0)
                    ON CONFLICT (email) DO UPDATE
                      SET code = excluded.code, expires_at = excluded.expires_at, attempts = 0
                      WHERE _pylon_magic_codes.expires_at <= ?\
                  """,
                  purpose,
                  hash(purpose, digits),
                  now + LIFETIME.toSeconds(),
                  now + LIFETIME.minus(BETWEEN_LETTERS).toSeconds()));
        });
    return written > 0 ? new Made.Code(digits) : new Made.TooSoon(wait(purpose, now));
  }

  private long wait(String purpose, long now) {
    long end =
        vault
            .read(session ->
                session.one(
                    Sql.of("SELECT expires_at FROM _pylon_magic_codes WHERE email = ?", purpose),
                    row -> row.integer(0)))
            .orElse(now);
    return Math.max(1, end - LIFETIME.minus(BETWEEN_LETTERS).toSeconds() - now);
  }

  /** Tries a code; the right one is good no more. */
  Attempt attempt(String purpose, String digits) {
    long now = now();
    return vault.write(session -> {
      // Each attempt is counted before it is looked at, so none is free.
      String code =
          session.first(
              Sql.of(
                  "UPDATE _pylon_magic_codes SET attempts = attempts + 1"
                      + " WHERE email = ? AND expires_at > ? AND attempts < ? RETURNING code",
                  purpose,
                  now,
                  ATTEMPTS_MAX),
              row -> row.requiredText(0));
      if (code == null) {
        return isUsedUp(session, purpose, now) ? Attempt.TOO_MANY : Attempt.WRONG;
      }
      boolean right =
          Secrets.equal(code, hash(purpose, digits))
              && session.execute(
                      Sql.of(
                          "DELETE FROM _pylon_magic_codes WHERE email = ? AND code = ?",
                          purpose,
                          code))
                  > 0;
      return right ? Attempt.RIGHT : Attempt.WRONG;
    });
  }

  /** Ends the codes that were sent to an address, whatever for. */
  static int forget(Session session, @Nullable String email) {
    return session.execute(
        Sql.of(
            "DELETE FROM _pylon_magic_codes WHERE email = ? OR email = ?",
            email,
            email == null ? null : Proofs.verificationOf(email)));
  }

  private static boolean isUsedUp(Session session, String purpose, long now) {
    return session
        .one(
            Sql.of(
                "SELECT attempts FROM _pylon_magic_codes WHERE email = ? AND expires_at > ?",
                purpose,
                now),
            row -> row.integer(0))
        .filter(attempts -> attempts >= ATTEMPTS_MAX)
        .isPresent();
  }

  /** Six digits are soon guessed from any hash: this one only keeps them out of sight. */
  private static String hash(String purpose, String digits) {
    return Secrets.hash(purpose + ":" + digits);
  }
}
