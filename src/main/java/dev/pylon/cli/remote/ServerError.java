package dev.pylon.cli.remote;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error a server answered.
 *
 * @param httpStatus 400 for the error event of a stream, whose own status was 200
 * @param hint what the server advises, if it does
 */
public record ServerError(int httpStatus, String code, String message, @Nullable String hint) {

  /** Reads {@code {"error":{…}}}, or the object inside alone, as in the error event of a stream. */
  public static ServerError parse(int httpStatus, byte[] body) {
    try {
      Map<String, @Nullable Object> object = Json.parseObject(body);
      Map<String, @Nullable Object> error =
          object.get("error") instanceof Map<?, ?> inner ? Json.asObject(inner) : object;
      if (error.get("code") instanceof String code) {
        return new ServerError(
            httpStatus,
            code,
            error.get("message") instanceof String message ? message : code,
            advice(code, error));
      }
    } catch (JsonException e) {
      // some other server answered; its status says the rest
    }
    return new ServerError(
        httpStatus, "HTTP_" + httpStatus, "the server answered with status " + httpStatus, null);
  }

  /** What the server advises, or why functions cannot be called, which is the next best. */
  private static @Nullable String advice(String code, Map<String, @Nullable Object> error) {
    String member =
        switch (code) {
          case "FN_LOAD_FAILED" -> "load_error";
          case "FUNCTIONS_NOT_AVAILABLE" -> "reason";
          default -> "hint";
        };
    return error.get(member) instanceof String text ? text : null;
  }

  /**
   * The error event of a stream.
   *
   * @param facts what the server said about the call; the status of the failure, where it is one of
   *     ours. Elsewhere the code decides: the stream's own status was sent before the failure.
   */
  public static ServerError ofEvent(byte[] data, Map<String, @Nullable Object> facts) {
    ServerError error = parse(400, data);
    int status =
        facts.get("status") instanceof Number number ? number.intValue() : usualStatus(error.code);
    return new ServerError(status, error.code, error.message, error.hint);
  }

  private static int usualStatus(String code) {
    return switch (code) {
      case "FN_TIMEOUT" -> 504;
      case "FN_OVERLOADED", "FUNCTIONS_NOT_AVAILABLE", "RUNTIME_GONE", "IO_ERROR" -> 503;
      default -> code.startsWith("RUNNER_") ? 503 : 400;
    };
  }

  public ExitStatus exitStatus() {
    return ExitStatus.of(code, httpStatus);
  }

  /** The failure of the command; {@code advice} where the server gave none. */
  public Failure failure(@Nullable String advice) {
    return new Failure(exitStatus(), code, message, hint == null ? advice : hint);
  }
}
