package dev.pylon.auth;

import dev.pylon.model.ErrorCode;

/** How signing in, and what belongs to it, is refused. */
public enum AuthError implements ErrorCode {
  MISSING_USER_ID(400),
  MISSING_ORG_ID(400),
  UPGRADE_FAILED(400),
  AUTH_REQUIRED(401),
  SESSION_EXPIRED(401),
  UNAUTHENTICATED(401),
  NOT_A_MEMBER(403),
  LOOKUP_FAILED(500);

  private final int status;

  AuthError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
