package dev.pylon.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal addressed to the caller. The message is shown to them as it is: it names what they sent
 * and never what we hold (no SQL, no paths, no stack). What we know more stands in the cause, which
 * only the log sees.
 */
public final class PylonException extends RuntimeException {
  private final ErrorCode code;
  private final Map<String, Object> details;

  public PylonException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public PylonException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, Map.of(), cause);
  }

  private PylonException(
      ErrorCode code, String message, Map<String, Object> details, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = details;
  }

  /**
   * The same refusal with one more member in its error object, such as {@code hint} or {@code
   * field}.
   */
  public PylonException with(String name, Object value) {
    var more = new LinkedHashMap<>(details);
    more.put(name, value);
    var refusal = new PylonException(code, message(), Map.copyOf(more), getCause());
    refusal.setStackTrace(getStackTrace());
    return refusal;
  }

  public ErrorCode code() {
    return code;
  }

  /** What the caller reads; never null. */
  public String message() {
    return String.valueOf(getMessage());
  }

  /** Further members of the error object beside {@code code} and {@code message}. */
  public Map<String, Object> details() {
    return details;
  }
}
