package dev.pylon.email;

/** A letter that nobody took. The message is for the log; it holds nothing of the letter. */
public final class MailException extends RuntimeException {
  private final boolean passing;

  /** A letter that nobody will take. */
  public MailException(String message) {
    super(message);
    this.passing = false;
  }

  private MailException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  /** A letter that may be taken when it is sent again. */
  public static MailException passing(String message) {
    return new MailException(message, true);
  }

  /** Whether it is worth sending the letter again. */
  public boolean isPassing() {
    return passing;
  }
}
