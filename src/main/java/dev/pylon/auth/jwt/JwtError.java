package dev.pylon.auth.jwt;

import dev.pylon.model.ErrorCode;

/** How a JSON web token, or the wish for one, is refused. */
public enum JwtError implements ErrorCode {
  INVALID_JWT(401),
  JWT_MISCONFIGURED(401),
  JWT_NOT_CONFIGURED(501),
  JWKS_UNAVAILABLE(503);

  private final int status;

  JwtError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
