package dev.pylon.policy;

import dev.pylon.model.ErrorCode;

/** How policies refuse. */
public enum PolicyError implements ErrorCode {
  POLICY_DENIED(403),
  /** An API key was presented that may not be used for this. */
  INSUFFICIENT_SCOPE(403),
  /** Rows of tenants are asked for, and the caller has selected none. */
  TENANT_REQUIRED(403),
  /** A row of another tenant was to be written. */
  TENANT_MISMATCH(403);

  private final int status;

  PolicyError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
