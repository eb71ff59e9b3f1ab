package dev.pylon.auth;

import dev.pylon.model.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Turns credentials into an identity. Immutable. */
public final class Auth {
  private final @Nullable String adminToken;
  private final @Nullable String localToken;

  /**
   * @param adminToken {@code PYLON_ADMIN_TOKEN}, good from anywhere
   * @param localToken of this start of {@code pylon dev}, good from this machine only
   */
  public Auth(@Nullable String adminToken, @Nullable String localToken) {
    this.adminToken = blankToNull(adminToken);
    this.localToken = blankToNull(localToken);
  }

  private static @Nullable String blankToNull(@Nullable String token) {
    return token == null || token.isBlank() ? null : token;
  }

  /** Who presents {@code bearer}; an unknown token is nobody. */
  public Identity identify(@Nullable String bearer, boolean local) {
    if (bearer == null) {
      return Identity.ANONYMOUS;
    }
    if (equal(adminToken, bearer) || (local && equal(localToken, bearer))) {
      return Identity.ADMIN;
    }
    return Identity.ANONYMOUS;
  }

  /** Takes as long for a nearly right token as for a wrong one. */
  private static boolean equal(@Nullable String expected, String given) {
    return expected != null
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
