package dev.pylon.boot;

import dev.pylon.model.ErrorCode;

/** Why a server does not start, or does not answer yet. */
public enum BootError implements ErrorCode {
  /** Somebody else listens there. */
  PORT_BUSY(500),
  /** Certificate and key cannot be used. */
  TLS_UNUSABLE(500),
  /** A {@code pylon dev} runs on this project already. */
  DEV_ALREADY_RUNNING(500),
  CACHE_UNWRITABLE(500),
  /** A file of the project cannot be written. */
  PROJECT_UNWRITABLE(500),
  BUN_MISSING(500),
  /** What {@code serve} was to serve cannot be built. */
  BUILD_FAILED(500),
  /** There is nothing to save. */
  NO_SUCH_DATABASE(404),
  /** An archive is not one of ours, or not whole. */
  NO_BACKUP(400);

  private final int status;

  BootError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
