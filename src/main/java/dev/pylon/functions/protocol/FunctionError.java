package dev.pylon.functions.protocol;

import dev.pylon.model.ErrorCode;

/** How the function engine itself refuses or fails (functions contract, 8; statuses as decided). */
public enum FunctionError implements ErrorCode {
  FUNCTIONS_NOT_AVAILABLE(503),
  FN_NOT_FOUND(404),
  FN_TYPE_MISMATCH(400),
  FN_LOAD_FAILED(500),
  RATE_LIMITED(429),
  NOT_AN_ACTION(400),
  DRY_RUN_REFUSED(400),
  FN_TIMEOUT(504),
  FN_OVERLOADED(503),
  INVALID_ARGS(400),
  INVALID_QUERY(400),
  HANDLER_ERROR(400),
  READ_ONLY(400),
  NESTED_MUTATION(400),
  NESTED_TOO_DEEP(400),
  NESTED_TRANSACTION(400),
  SCHEDULE_FAILED(503),
  CALL_ENDED(400),
  CALL_CANCELLED(499),
  PROTOCOL_ERROR(500),
  RUNNER_NOT_STARTED(503),
  RUNNER_EXITED(503),
  RUNTIME_GONE(503),
  IO_ERROR(503);

  private final int status;

  FunctionError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
