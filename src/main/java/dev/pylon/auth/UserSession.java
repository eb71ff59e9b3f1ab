package dev.pylon.auth;

import org.jspecify.annotations.Nullable;

/**
 * One sign-in that still holds. Times are epoch seconds.
 *
 * @param hash what is kept of its token
 * @param prefix the beginning of its token, by which people tell sessions apart
 * @param tenantId the tenant its user has selected, if any
 * @param device what its user signed in with, as far as it said
 */
public record UserSession(
    String hash,
    @Nullable String prefix,
    String userId,
    @Nullable String tenantId,
    @Nullable String device,
    long createdAt,
    long expiresAt) {

  /** A session and the token that opens it, which nobody can tell again. */
  public record Started(String token, UserSession session) {}
}
