package dev.pylon.email;

/** A letter that nobody took. The message is for the log; it holds nothing of the letter. */
public final class MailException extends RuntimeException {
  public MailException(String message) {
    super(message);
  }

  public MailException(String message, Throwable cause) {
    super(message, cause);
  }
}
