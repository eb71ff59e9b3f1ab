package dev.pylon.auth;

import org.jspecify.annotations.Nullable;

/**
 * Something a user did that one may want to know later.
 *
 * @param createdAt epoch seconds
 * @param action such as {@code sign_in}
 * @param userId whom it is about
 * @param actorId who did it; null for nobody known
 * @param reason why it did not succeed
 * @param metadata JSON, never a secret
 */
public record AuditEvent(
    String id,
    long createdAt,
    String action,
    @Nullable String userId,
    @Nullable String actorId,
    @Nullable String tenantId,
    @Nullable String address,
    @Nullable String userAgent,
    boolean success,
    @Nullable String reason,
    @Nullable String metadata) {

  /** What can happen. Stored in lower case. */
  public enum Action {
    ACCOUNT_RECLAIMED,
    SIGN_UP,
    SIGN_IN,
    SIGN_IN_FAILED,
    SIGN_OUT,
    PASSWORD_CHANGED,
    PASSWORD_RESET,
    PROVIDER_LINKED,
    EMAIL_VERIFIED,
    KEY_MADE,
    KEY_REVOKED,
    GUEST_MERGED,
    SESSION_MINTED,
    SESSION_UPGRADED,
    SESSIONS_REVOKED,
    TENANT_SELECTED,
    TOTP_ENROLLED,
    TOTP_DISABLED,
    BACKUP_CODES_MADE,
    SECOND_FACTOR_ASKED,
    SECOND_FACTOR_FAILED,
    DEVICE_TRUSTED,
    DEVICE_REVOKED,
    EMAIL_CHANGED,
    ACCOUNT_DELETED,
    ORG_MADE,
    ORG_DELETED,
    ORG_INVITED,
    ORG_INVITE_REVOKED,
    ORG_JOINED,
    ORG_LEFT,
    ORG_ROLE_CHANGED
  }
}
