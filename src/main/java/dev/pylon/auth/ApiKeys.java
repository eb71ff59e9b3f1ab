package dev.pylon.auth;

import dev.pylon.auth.ApiKey.Made;
import dev.pylon.db.Columns;
import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for programs: {@code pk.key_<32>.<43>}. The part behind the last dot is secret, and only
 * its HMAC is kept. Thread-safe.
 */
public final class ApiKeys {
  private static final Pattern FORM =
      Pattern.compile("pk\\.(key_[A-Za-z0-9_-]{32})\\.([A-Za-z0-9_-]{43})");

  private static final int ID_BYTES = 24;
  private static final int SECRET_BYTES = 32;
  private static final int SHOWN_CHARS = 16;

  /** Keys of one user. */
  private static final int KEYS_MAX = 100;

  /** What earlier servers mixed in where nothing was set; their keys are still good. */
  private static final String PEPPER_WHERE_NONE_IS_SET =
      "pylon-dev-api-key-pepper-not-for-production";

  private static final long BETWEEN_TOUCHES_SECONDS = 60;

  private static final String COLUMNS =
      "id, user_id, name, prefix, scopes, expires_at, last_used_at, created_at";

  private final Vault vault;
  private final InstantSource clock;
  private final IdentityCache remembered;
  private final String pepper;

  /**
   * @param pepper mixed into secrets before they are kept; null where none is set
   */
  ApiKeys(Vault vault, InstantSource clock, IdentityCache remembered, @Nullable String pepper) {
    this.vault = vault;
    this.clock = clock;
    this.remembered = remembered;
    this.pepper = pepper == null ? PEPPER_WHERE_NONE_IS_SET : pepper;
  }

  /** Whether {@code token} says that it is a key. */
  static boolean isKey(String token) {
    return token.startsWith("pk.");
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /**
   * Makes a key.
   *
   * @param expiresAt epoch seconds, null for never
   * @throws PylonException {@link AuthError#RATE_LIMITED} where its owner has too many
   */
  public Made make(String userId, String name, @Nullable String scopes, @Nullable Long expiresAt) {
    if (list(userId).size() >= KEYS_MAX) {
      throw new PylonException(
              AuthError.RATE_LIMITED, "At most %d keys; revoke one first".formatted(KEYS_MAX))
          .with("retry_after_secs", 60L);
    }
    String id = "key_" + Secrets.base64(ID_BYTES);
    String secret = Secrets.base64(SECRET_BYTES);
    String token = "pk." + id + "." + secret;
    var key =
        new ApiKey(
            id, userId, name, token.substring(0, SHOWN_CHARS), scopes, expiresAt, null, now());
    int unused =
        vault.write(session ->
            session.execute(
                Sql.of(
                    "INSERT INTO _pylon_api_keys ("
                        + COLUMNS
                        + ", secret_hash)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    key.id(),
                    key.userId(),
                    key.name(),
                    key.prefix(),
                    key.scopes(),
                    key.expiresAt(),
                    key.lastUsedAt(),
                    key.createdAt(),
                    hash(secret))));
    return new Made(token, key);
  }

  /** The keys of a user, the newest first. */
  public List<ApiKey> list(String userId) {
    return vault.read(session ->
        session.list(
            Sql.of(
                "SELECT "
                    + COLUMNS
                    + " FROM _pylon_api_keys WHERE user_id = ? ORDER BY created_at DESC, id",
                userId),
            ApiKeys::key));
  }

  /** Ends a key of {@code userId}; returns whether they have such a key. */
  public boolean revoke(String userId, String id) {
    int ended =
        vault.write(session ->
            session.execute(
                Sql.of("DELETE FROM _pylon_api_keys WHERE id = ? AND user_id = ?", id, userId)));
    remembered.forgetKey(id);
    return ended > 0;
  }

  /** The key that {@code token} is, where it is one that holds. Asks the database. */
  Optional<ApiKey> find(String token) {
    Matcher parts = FORM.matcher(token);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long now = now();
    Optional<ApiKey> found =
        vault
            .read(session ->
                session.one(
                    Sql.of(
                        "SELECT "
                            + COLUMNS
                            + ", secret_hash FROM _pylon_api_keys"
                            + " WHERE id = ? AND coalesce(expires_at, ?) > ?",
                        parts.group(1),
                        Long.MAX_VALUE,
                        now),
                    row -> new Kept(key(row), row.requiredText(8))))
            .filter(kept -> Secrets.equal(kept.hash(), hash(parts.group(2))))
            .map(Kept::key);
    found.filter(key -> isStale(key.lastUsedAt(), now)).ifPresent(key -> touch(key.id(), now));
    return found;
  }

  private record Kept(ApiKey key, String hash) {}

  private static boolean isStale(@Nullable Long usedAt, long now) {
    return usedAt == null || now - usedAt >= BETWEEN_TOUCHES_SECONDS;
  }

  private void touch(String id, long now) {
    int unused =
        vault.write(session ->
            session.execute(
                Sql.of("UPDATE _pylon_api_keys SET last_used_at = ? WHERE id = ?", now, id)));
  }

  private String hash(String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(pepper.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static ApiKey key(Columns row) {
    return new ApiKey(
        row.requiredText(0),
        row.requiredText(1),
        row.requiredText(2),
        row.requiredText(3),
        row.text(4),
        row.integerOrNull(5),
        row.integerOrNull(6),
        row.integer(7));
  }
}
