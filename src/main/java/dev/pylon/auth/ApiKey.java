package dev.pylon.auth;

import org.jspecify.annotations.Nullable;

/**
 * A token for programs, which speaks for its owner until it is revoked. Times are epoch seconds.
 *
 * @param prefix the beginning of the token, by which people tell keys apart; nothing of the secret
 * @param scopes what it may be used for, separated by commas; null for everything
 * @param expiresAt null for never
 * @param lastUsedAt to the minute; null for never
 */
public record ApiKey(
    String id,
    String userId,
    String name,
    String prefix,
    @Nullable String scopes,
    @Nullable Long expiresAt,
    @Nullable Long lastUsedAt,
    long createdAt) {

  /** A key and its token, which nobody can tell again. */
  public record Made(String token, ApiKey key) {}
}
