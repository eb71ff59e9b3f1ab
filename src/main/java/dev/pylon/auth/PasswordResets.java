package dev.pylon.auth;

import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A way back for who has forgotten a password: a link in a letter. Whether there was somebody to
 * send it to is not told, nor can it be measured: that is found out after the answer. Thread-safe.
 */
public final class PasswordResets implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PasswordResets.class.getName());

  private static final String KIND = "password_reset";
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final int TOKEN_BYTES = 32;

  /** Letters under way. Who asks while so many are gets none, and may ask again. */
  private static final int AT_ONCE = 32;

  private final Vault vault;
  private final Users users;
  private final Letters letters;
  private final Passwords passwords;
  private final InstantSource clock;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final ExecutorService tasks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("letter-", 0).factory());

  PasswordResets(
      Vault vault, Users users, Letters letters, Passwords passwords, InstantSource clock) {
    this.vault = vault;
    this.users = users;
    this.letters = letters;
    this.passwords = passwords;
    this.clock = clock;
  }

  /**
   * Sends a link to {@code email}, where there is such a user. Returns at once.
   *
   * @param email normalized
   */
  public void request(String email) {
    if (!free.tryAcquire()) {
      LOG.log(System.Logger.Level.WARNING, "too many letters at once, one was not sent");
      return;
    }
    tasks.execute(() -> {
      try {
        users.findByEmail(email).ifPresent(user -> send(user, email));
      } catch (RuntimeException e) {
        // Nobody waits for it; whoever asked may ask again.
        LOG.log(System.Logger.Level.WARNING, "a password reset was not sent", e);
      } finally {
        free.release();
      }
    });
  }

  private void send(Map<String, @Nullable Object> user, String email) {
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
                  KIND,
                  email,
                  String.valueOf(user.get("id")),
                  Secrets.hash(token),
                  token.substring(0, SessionTable.SHOWN_CHARS),
                  now,
                  now + LIFETIME.toSeconds()));
        });
    letters.passwordReset(email, token);
  }

  /**
   * Sets a new password.
   *
   * @param token from the letter; good once
   * @return how many sessions have ended
   * @throws PylonException {@link AuthError#INVALID_TOKEN}, and those of a password that may not be
   *     chosen, after which the token is still good
   */
  public int complete(String token, String password, Visitor visitor) {
    passwords.requireGood(password);
    long now = clock.instant().getEpochSecond();
    Optional<String> userId =
        vault.write(session ->
            session.one(
                Sql.of(
                    """
                    UPDATE _pylon_verification_tokens SET consumed_at = ?
                      WHERE token_hash = ? AND kind = ? AND consumed_at IS NULL AND expires_at > ?
                      RETURNING user_id\
                    """,
                    now,
                    Secrets.hash(token),
                    KIND,
                    now),
                row -> row.requiredText(0)));
    return passwords.reset(
        userId.orElseThrow(
            () -> new PylonException(AuthError.INVALID_TOKEN, "The link was used or is too old")),
        password,
        visitor);
  }

  @Override
  public void close() {
    tasks.shutdownNow();
  }
}
