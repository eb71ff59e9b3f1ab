package dev.pylon.auth;

import dev.pylon.model.ErrorCode;

/** How signing in, and what belongs to it, is refused. */
public enum AuthError implements ErrorCode {
  INVALID_EMAIL(400),
  INVALID_TOKEN(400),
  MISSING_CODE(400),
  MISSING_EMAIL(400),
  MISSING_ORG_ID(400),
  MISSING_PASSWORD(400),
  MISSING_TOKEN(400),
  MISSING_USER_ID(400),
  NO_PASSWORD_SET(400),
  PWNED_PASSWORD(400),
  TOTP_NOT_ENROLLED(400),
  UPGRADE_FAILED(400),
  WEAK_PASSWORD(400),
  AUTH_REQUIRED(401),
  INVALID_API_KEY(401),
  INVALID_CODE(401),
  INVALID_CREDENTIALS(401),
  INVALID_TOTP_CODE(401),
  SESSION_EXPIRED(401),
  TOTP_REQUIRED(401),
  UNAUTHENTICATED(401),
  UNAUTHORIZED(401),
  WRONG_PASSWORD(401),
  API_KEY_AUTH_FORBIDDEN(403),
  NOT_A_MEMBER(403),
  USER_NOT_FOUND(404),
  EMAIL_TAKEN(409),
  RATE_LIMITED(429),
  EMAIL_SEND_FAILED(500),
  LOOKUP_FAILED(500),
  TOTP_BAD_SECRET(500),
  AUTH_OVERLOADED(503);

  private final int status;

  AuthError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
