package dev.pylon.jobs;

import dev.pylon.model.ErrorCode;

/** How the queue refuses. */
public enum JobError implements ErrorCode {
  /** The job could not be written down; nothing will run. */
  ENQUEUE_FAILED(503);

  private final int status;

  JobError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
