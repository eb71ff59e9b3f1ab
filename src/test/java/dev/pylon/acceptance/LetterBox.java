package dev.pylon.acceptance;

import dev.pylon.Eventually;
import dev.pylon.email.smtp.MailServer;
import dev.pylon.email.smtp.SmtpMailer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Letters that a server has sent by SMTP to this machine. */
final class LetterBox implements AutoCloseable {
  private final MailServer mail;

  LetterBox() throws IOException {
    this.mail = new MailServer(SmtpMailer.Security.NONE, null);
  }

  int port() {
    return mail.port();
  }

  /**
   * What stands behind {@code before} in the next letter to {@code address} that has it: a code, or
   * the token of a link.
   */
  String find(String address, String before, String form) throws InterruptedException {
    Pattern secret = Pattern.compile(before + "(" + form + ")");
    String letter = mail.mail().poll(Eventually.SOON.toSeconds(), TimeUnit.SECONDS);
    while (letter != null) {
      // Long lines may have been folded.
      Matcher found = secret.matcher(letter.replace("=\n", "").replace("=3D", "="));
      if (letter.contains(address) && found.find()) {
        return found.group(1);
      }
      letter = mail.mail().poll(Eventually.SOON.toSeconds(), TimeUnit.SECONDS);
    }
    throw new AssertionError("no letter to " + address + " with " + before);
  }

  @Override
  public void close() throws IOException {
    mail.close();
  }
}
