package dev.pylon.email;

/** Sends letters. Thread-safe; may wait for a few seconds. */
@FunctionalInterface
public interface Mailer {
  /** Sends nothing, and says so. */
  Mailer NONE =
      letter -> {
        throw new MailException("no mail transport is configured");
      };

  /**
   * Hands the letter to whoever delivers it.
   *
   * @throws MailException where nobody took it
   */
  void send(Letter letter);
}
