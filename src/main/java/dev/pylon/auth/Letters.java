package dev.pylon.auth;

import dev.pylon.email.Letter;
import dev.pylon.email.MailException;
import dev.pylon.email.Mailer;
import dev.pylon.model.PylonException;

/** The letters that signing in needs (services contract, 7.2). Thread-safe. */
final class Letters {
  private static final System.Logger LOG = System.getLogger(Letters.class.getName());

  private final Mailer mailer;
  private final String publicUrl;

  /**
   * @param publicUrl what links begin with; empty for links that lead nowhere but to their host
   */
  Letters(Mailer mailer, String publicUrl) {
    this.mailer = mailer;
    this.publicUrl = publicUrl;
  }

  /**
   * @throws PylonException {@link AuthError#EMAIL_SEND_FAILED}
   */
  void signInCode(String email, String code) {
    sendCode(email, "Your sign-in code", "Your sign-in code is: ", code);
  }

  /**
   * @throws PylonException {@link AuthError#EMAIL_SEND_FAILED}
   */
  void verificationCode(String email, String code) {
    sendCode(email, "Verify your email address", "Your verification code is: ", code);
  }

  private void sendCode(String email, String subject, String words, String code) {
    send(new Letter(email, subject, words + code + "\n\nIt expires in 10 minutes."));
  }

  /**
   * @throws PylonException {@link AuthError#EMAIL_SEND_FAILED}
   */
  void passwordReset(String email, String token) {
    send(
        new Letter(
            email,
            "Reset your password",
            "Open this link to choose a new password:\n\n%s/reset-password?token=%s\n\nIt expires in 30 minutes. If you did not ask for it, ignore this letter."
                .formatted(publicUrl, token)));
  }

  private void send(Letter letter) {
    try {
      mailer.send(letter);
    } catch (MailException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a letter was not sent to={0} reason={1}",
          Users.redacted(letter.to()),
          e.getMessage());
      throw new PylonException(AuthError.EMAIL_SEND_FAILED, "The e-mail could not be sent", e);
    }
  }
}
