package dev.pylon.auth;

import dev.pylon.db.Sql;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Sign-ins that wait for their second step. Each is known by a token, holds for five minutes and
 * for five attempts, and ends with the first that is right. Thread-safe.
 */
final class Challenges {
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final int ATTEMPTS_MAX = 5;
  private static final int TOKEN_BYTES = 32;

  private final Vault vault;
  private final InstantSource clock;

  Challenges(Vault vault, InstantSource clock) {
    this.vault = vault;
    this.clock = clock;
  }

  /**
   * @param expiresAt epoch seconds
   */
  record Asked(String token, long expiresAt) {}

  /**
   * @param method how the first step was taken
   */
  record Waiting(String userId, String method) {}

  private long now() {
    return clock.instant().getEpochSecond();
  }

  Asked ask(String userId, String method) {
    String token = Secrets.base64(TOKEN_BYTES);
    long now = now();
    long end = now + LIFETIME.toSeconds();
    int unused =
        vault.write(session -> {
          session.execute(
              Sql.of("DELETE FROM _pylon_sign_in_challenges WHERE expires_at <= ?", now));
          return session.execute(
              Sql.of(
                  """
                  INSERT INTO _pylon_sign_in_challenges
                      (token_hash, user_id, method, attempts, expires_at)
                    VALUES (?, ?, ?, 0, ?)\
                  """,
                  Secrets.hash(token),
                  userId,
                  method,
                  end));
        });
    return new Asked(token, end);
  }

  /** Whom a token lets try, without using up an attempt. */
  Optional<String> user(String token) {
    return vault.read(session ->
        session.one(
            Sql.of(
                "SELECT user_id FROM _pylon_sign_in_challenges"
                    + " WHERE token_hash = ? AND expires_at > ?",
                Secrets.hash(token),
                now()),
            row -> row.requiredText(0)));
  }

  /** Uses up an attempt: it is counted before it is looked at, so none is free. */
  Optional<Waiting> attempt(String token) {
    return vault.write(session ->
        session.one(
            Sql.of(
                "UPDATE _pylon_sign_in_challenges SET attempts = attempts + 1"
                    + " WHERE token_hash = ? AND expires_at > ? AND attempts < ?"
                    + " RETURNING user_id, method",
                Secrets.hash(token),
                now(),
                ATTEMPTS_MAX),
            row -> new Waiting(row.requiredText(0), row.requiredText(1))));
  }

  /** Ends a sign-in that waited; returns whether it still did. */
  boolean end(String token) {
    return vault.write(session ->
        session.execute(
            Sql.of(
                "DELETE FROM _pylon_sign_in_challenges WHERE token_hash = ?", Secrets.hash(token))))
        > 0;
  }
}
