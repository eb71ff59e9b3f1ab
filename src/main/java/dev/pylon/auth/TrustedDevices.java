package dev.pylon.auth;

import dev.pylon.auth.IdentityCache.Known;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.model.Identity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Devices whose user need not take the second step: each holds a token that is good for one user
 * and thirty days, and lets nobody in by itself. Thread-safe.
 */
public final class TrustedDevices {
  public static final Duration LIFETIME = Duration.ofDays(30);

  private static final int TOKEN_BYTES = 32;

  /** Devices of one user; the oldest are forgotten where another is trusted. */
  private static final int DEVICES_MAX = 20;

  /** Marks what is kept of a token among those that an earlier server kept as they were. */
  private static final String HASHED = "sha256:";

  private final Vault vault;
  private final InstantSource clock;
  private final IdentityCache remembered;

  TrustedDevices(Vault vault, InstantSource clock, IdentityCache remembered) {
    this.vault = vault;
    this.clock = clock;
    this.remembered = remembered;
  }

  /** Times are epoch seconds. */
  public record Device(String id, @Nullable String label, long createdAt, long expiresAt) {}

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private static String kept(String token) {
    return HASHED + Secrets.hash(token);
  }

  /** Trusts a device of {@code userId}; returns its token. */
  public String trust(String userId, @Nullable String userAgent) {
    String token = Secrets.base64(TOKEN_BYTES);
    long now = now();
    int unused =
        vault.write(session -> {
          session.execute(
              Sql.of(
                  """
                  INSERT INTO _pylon_trusted_devices
                      (token, id, user_id, label, created_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?)\
                  """,
                  kept(token),
                  "td_" + Secrets.hex(16),
                  userId,
                  DeviceLabel.of(userAgent),
                  String.valueOf(now),
                  String.valueOf(now + LIFETIME.toSeconds())));
          return session.execute(
              Sql.of(
                  """
                  DELETE FROM _pylon_trusted_devices WHERE user_id = ? AND token NOT IN (
                    SELECT token FROM _pylon_trusted_devices WHERE user_id = ?
                      ORDER BY created_at DESC, token LIMIT ?)\
                  """,
                  userId,
                  userId,
                  DEVICES_MAX));
        });
    return token;
  }

  /** Whether {@code token} is that of a device of {@code userId}. Remembered for a minute. */
  public boolean isTrusted(String userId, @Nullable String token) {
    return token != null
        && remembered
            .find("device:" + token, () -> find(token))
            .filter(known -> known.endsAt() > now())
            .filter(known -> userId.equals(known.identity().userId()))
            .isPresent();
  }

  private Optional<Known> find(String token) {
    String hash = kept(token);
    return vault.read(session ->
        session.one(
            Sql.of("SELECT user_id, expires_at FROM _pylon_trusted_devices WHERE token = ?", hash),
            row ->
                new Known(Identity.user(row.requiredText(0), null), hash, seconds(row.text(1)))));
  }

  /** Moments are kept as text; what an earlier server wrote differently has ended. */
  private static long seconds(@Nullable String text) {
    return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
  }

  /** The devices of a user, the newest first. */
  public List<Device> list(String userId) {
    long now = now();
    return vault
        .read(session ->
            session.list(
                Sql.of(
                    "SELECT id, label, created_at, expires_at FROM _pylon_trusted_devices"
                        + " WHERE user_id = ? ORDER BY created_at DESC, id",
                    userId),
                row ->
                    new Device(
                        row.requiredText(0),
                        row.text(1),
                        seconds(row.text(2)),
                        seconds(row.text(3)))))
        .stream()
        .filter(device -> device.expiresAt() > now)
        .toList();
  }

  /** Trusts a device of {@code userId} no more; returns whether there was such a one. */
  public boolean revoke(String userId, String id) {
    int ended =
        vault.write(session ->
            session.execute(
                Sql.of(
                    "DELETE FROM _pylon_trusted_devices WHERE id = ? AND user_id = ?",
                    id,
                    userId)));
    remembered.forgetUser(userId);
    return ended > 0;
  }

  /** Trusts no device of {@code userId}; returns how many there were. */
  public int revokeAll(String userId) {
    int ended = vault.write(session -> forget(session, userId));
    remembered.forgetUser(userId);
    return ended;
  }

  /** Removes all that is kept of a user. */
  static int forget(Session session, String userId) {
    return session.execute(Sql.of("DELETE FROM _pylon_trusted_devices WHERE user_id = ?", userId));
  }

  /** Puts hashes in the place of tokens that an earlier server kept as they were. */
  static void hideTokens(Session session) {
    List<String> clear =
        session.list(
            Sql.of("SELECT token FROM _pylon_trusted_devices WHERE token NOT LIKE 'sha256:%'"),
            row -> row.requiredText(0));
    for (String token : clear) {
      session.execute(
          Sql.of(
              "UPDATE _pylon_trusted_devices SET token = ? WHERE token = ?", kept(token), token));
    }
  }
}
