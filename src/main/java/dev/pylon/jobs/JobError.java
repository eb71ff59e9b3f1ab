package dev.pylon.jobs;

import dev.pylon.model.ErrorCode;

/** How the queue refuses. */
public enum JobError implements ErrorCode {
  /** The job could not be written down; nothing will run. */
  ENQUEUE_FAILED(503),
  /** The end of a job could not be written with its effect, of which nothing stays. */
  JOB_LOST(503),
  /** The job has begun or ended: too late for what was asked. */
  JOB_NOT_WAITING(409),
  /** There is nothing to serve yet, so nothing to run later. */
  JOBS_NOT_AVAILABLE(503),
  /** A job without the name of its function. */
  MISSING_NAME(400);

  private final int status;

  JobError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
