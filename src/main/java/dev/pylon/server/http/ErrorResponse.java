package dev.pylon.server.http;

import dev.pylon.model.PylonException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one shape of an error: {@code {"error":{"code","message",…}}}. */
public final class ErrorResponse {
  private static final Logger LOG = System.getLogger(ErrorResponse.class.getName());

  private ErrorResponse() {}

  /**
   * The answer to a request that ended in {@code failure}. What is our mistake is logged here, with
   * what the caller is not told.
   */
  public static Response.Full of(Throwable failure, String requestId) {
    if (failure instanceof PylonException refusal) {
      if (refusal.code().status() == 500 && refusal.getCause() != null) {
        LOG.log(Level.ERROR, "request refused request=" + requestId, refusal);
      }
      return of(
          refusal.code().status(), refusal.code().name(), refusal.message(), refusal.details());
    }
    LOG.log(Level.ERROR, "request failed request=" + requestId, failure);
    return of(
        HttpError.INTERNAL.status(),
        HttpError.INTERNAL.name(),
        "The server failed to answer; request id " + requestId,
        Map.of());
  }

  /** An error whose parts are known; 405 tells what is allowed, 429 and 503 when to come back. */
  public static Response.Full of(
      int status, String code, String message, Map<String, ? extends @Nullable Object> members) {
    var error = new LinkedHashMap<String, @Nullable Object>();
    error.put("code", code);
    error.put("message", message);
    error.putAll(members);
    Response.Full response = Response.json(status, Map.of("error", error));
    if (status == 429 || status == 503) {
      Object seconds = error.get("retry_after_secs");
      return response.with("Retry-After", seconds == null ? "1" : seconds.toString());
    }
    if (status == 405 && error.get("allow") instanceof String methods) {
      return response.with("Allow", methods);
    }
    return response;
  }
}
