package dev.pylon.json;

/**
 * The text is not JSON, or not the JSON that was asked for. The message may be shown to its sender.
 */
public final class JsonException extends RuntimeException {
  public JsonException(String message) {
    super(message);
  }

  public JsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
