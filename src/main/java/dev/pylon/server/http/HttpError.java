package dev.pylon.server.http;

import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;

/** How the HTTP surface itself refuses. */
public enum HttpError implements ErrorCode {
  INVALID_HTTP(400),
  INVALID_JSON(400),
  UNAUTHORIZED(401),
  FORBIDDEN(403),
  CSRF_REJECTED(403),
  NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  PAYLOAD_TOO_LARGE(413),
  RATE_LIMITED(429),
  HEADERS_TOO_LARGE(431),
  INTERNAL(500),
  NOT_IMPLEMENTED(501),
  AI_NOT_CONFIGURED(503),
  DEV_BUILD_FAILED(503),
  NOT_AVAILABLE(503),
  OVERLOADED(503),
  SHUTTING_DOWN(503);

  private final int status;

  HttpError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }

  /** The refusal of what comes while too much is being answered. */
  public static PylonException overloaded() {
    return new PylonException(OVERLOADED, "Too many requests are being answered; try again");
  }

  /** The refusal of whatever comes after the server was told to stop. */
  public static PylonException shuttingDown() {
    return new PylonException(SHUTTING_DOWN, "The server is shutting down");
  }
}
