package dev.pylon.policy;

import dev.pylon.model.ErrorCode;

/** How policies refuse. */
public enum PolicyError implements ErrorCode {
  POLICY_DENIED(403);

  private final int status;

  PolicyError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
