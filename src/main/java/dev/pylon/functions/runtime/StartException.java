package dev.pylon.functions.runtime;

/** A runtime did not come up. The message says why, with its own last lines. */
public final class StartException extends Exception {
  StartException(String message) {
    super(message);
  }

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
