package dev.pylon.auth.oauth;

import dev.pylon.model.ErrorCode;

/** How signing in with another provider is refused. */
public enum OAuthError implements ErrorCode {
  MISSING_CALLBACK(400),
  MISSING_FIELD(400),
  OAUTH_DENIED(403),
  OAUTH_EMAIL_UNVERIFIED(403),
  OAUTH_INVALID_STATE(403),
  UNTRUSTED_REDIRECT(403),
  PROVIDER_NOT_FOUND(404),
  OAUTH_PROVIDER_BROKEN(500),
  OAUTH_TOKEN_EXCHANGE_FAILED(502);

  private final int status;

  OAuthError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
