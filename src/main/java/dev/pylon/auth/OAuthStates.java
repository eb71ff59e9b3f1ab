package dev.pylon.auth;

import dev.pylon.auth.oauth.Attempt;
import dev.pylon.db.Sql;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sign-ins with other providers that are under way: begun, and not yet come back. Each comes back
 * once, within ten minutes. Thread-safe.
 */
final class OAuthStates {
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final int BYTES = 32;

  private final Vault vault;
  private final InstantSource clock;

  OAuthStates(Vault vault, InstantSource clock) {
    this.vault = vault;
    this.clock = clock;
  }

  /**
   * Where a sign-in goes when it comes back.
   *
   * @param browser the hash of what the browser that began it was given
   */
  record Begun(
      String provider,
      String callback,
      String errorCallback,
      Attempt attempt,
      @Nullable String browser) {}

  /** Begins one. */
  Attempt begin(String provider, String callback, String errorCallback, String browser) {
    var attempt = new Attempt(Secrets.base64(BYTES), Secrets.base64(BYTES));
    long now = clock.instant().getEpochSecond();
    int unused =
        vault.write(session -> {
          session.execute(Sql.of("DELETE FROM _pylon_oauth_state WHERE expires_at <= ?", now));
          return session.execute(
              Sql.of(
                  """
                  INSERT INTO _pylon_oauth_state
                      (token, provider, callback_url, error_callback_url, pkce_verifier, browser,
                       expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)\
                  """,
                  Secrets.hash(attempt.state()),
                  provider,
                  callback,
                  errorCallback,
                  attempt.verifier(),
                  Secrets.hash(browser),
                  now + LIFETIME.toSeconds()));
        });
    return attempt;
  }

  /** The one that {@code state} is of, if it was begun with {@code provider}. */
  Optional<Begun> find(String provider, String state) {
    return vault.read(session ->
        session.one(
            Sql.of(
                """
                SELECT callback_url, error_callback_url, pkce_verifier, browser
                  FROM _pylon_oauth_state WHERE token = ? AND provider = ? AND expires_at > ?\
                """,
                Secrets.hash(state),
                provider,
                clock.instant().getEpochSecond()),
            row ->
                new Begun(
                    provider,
                    row.requiredText(0),
                    row.requiredText(1),
                    new Attempt(state, row.requiredText(2)),
                    row.text(3))));
  }

  /** Ends it; of two who bring the same, one hears true. */
  boolean take(Begun begun) {
    return vault.write(session ->
        session.execute(
            Sql.of(
                "DELETE FROM _pylon_oauth_state WHERE token = ?",
                Secrets.hash(begun.attempt().state()))))
        > 0;
  }
}
