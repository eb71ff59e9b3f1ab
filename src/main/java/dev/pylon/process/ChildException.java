package dev.pylon.process;

/** A child could not be started or talked to. The message names the command and the reason. */
public final class ChildException extends Exception {
  public ChildException(String message) {
    super(message);
  }

  public ChildException(String message, Throwable cause) {
    super(message, cause);
  }
}
