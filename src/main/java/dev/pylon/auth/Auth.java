package dev.pylon.auth;

import dev.pylon.model.Identity;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Turns credentials into an identity. Thread-safe. */
public final class Auth {
  private final @Nullable String adminToken;
  private final @Nullable String localToken;
  private final @Nullable Accounts accounts;

  /**
   * @param adminToken {@code PYLON_ADMIN_TOKEN}, good from anywhere
   * @param localToken of this start of {@code pylon dev}, good from this machine only
   * @param accounts of whoever else may come; null where nobody else is known
   */
  public Auth(
      @Nullable String adminToken, @Nullable String localToken, @Nullable Accounts accounts) {
    this.adminToken = blankToNull(adminToken);
    this.localToken = blankToNull(localToken);
    this.accounts = accounts;
  }

  /** Knows nobody but administrators. */
  public Auth(@Nullable String adminToken, @Nullable String localToken) {
    this(adminToken, localToken, null);
  }

  private static @Nullable String blankToNull(@Nullable String token) {
    return token == null || token.isBlank() ? null : token;
  }

  /**
   * Who presents {@code token}; an unknown one is nobody. May ask the database.
   *
   * @param local whether the caller is on this machine; only asked where it matters
   */
  public Identity identify(@Nullable String token, BooleanSupplier local) {
    if (token == null) {
      return Identity.ANONYMOUS;
    }
    if (equal(adminToken, token) || (equal(localToken, token) && local.getAsBoolean())) {
      return Identity.ADMIN;
    }
    return accounts == null
        ? Identity.ANONYMOUS
        : accounts.identify(token).orElse(Identity.ANONYMOUS);
  }

  /**
   * Whom an administrator speaks for, or asks about: that user as their own session would make
   * them, with address and roles.
   *
   * @param userId null for nobody
   */
  public Identity person(@Nullable String userId, @Nullable String tenantId) {
    return userId == null || accounts == null
        ? new Identity(userId, false, tenantId, List.of(), false)
        : accounts.person(userId, tenantId);
  }

  /** The same who presents the token of a device, which counts where it is one of theirs. */
  public Identity onDevice(Identity identity, @Nullable String deviceToken) {
    String userId = identity.userId();
    return accounts != null && userId != null && accounts.devices().isTrusted(userId, deviceToken)
        ? identity.onTrustedDevice()
        : identity;
  }

  /** Whether {@code token} looks like one that opens a session. */
  public boolean isSessionToken(String token) {
    return Sessions.isToken(token);
  }

  private static boolean equal(@Nullable String expected, String given) {
    return expected != null && Secrets.equal(expected, given);
  }
}
