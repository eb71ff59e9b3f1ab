package dev.pylon.email.smtp;

import dev.pylon.email.Letter;
import dev.pylon.email.MailException;
import dev.pylon.email.Mailer;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** Hands letters to a mail server, each over a connection of its own. Thread-safe. */
public final class SmtpMailer implements Mailer {
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  /** For each answer of the server, and for what we say to be taken. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Replies from here on are final (RFC 5321, 4.2.1). */
  private static final int FINAL_REPLY = 500;

  private final Server server;
  private final String from;
  private final InstantSource clock;
  private final Properties properties;

  /** How the server is spoken to. */
  public enum Security {
    /** In the open; for a server on this machine. */
    NONE,
    /** TLS after a greeting; a server that has none gets no letter. */
    STARTTLS,
    /** TLS from the start. */
    TLS
  }

  /**
   * @param user null where the server asks for nobody
   * @param trust who is believed to be the server; null for whom the JDK believes
   */
  public record Server(
      String host,
      int port,
      Security security,
      @Nullable String user,
      @Nullable String password,
      @Nullable SSLSocketFactory trust) {

    /** Never shows the password. */
    @Override
    public String toString() {
      return "Server[host=%s, port=%d, security=%s]".formatted(host, port, security);
    }
  }

  public SmtpMailer(Server server, String from, InstantSource clock) {
    this.server = server;
    this.from = from;
    this.clock = clock;
    this.properties = properties(server, from);
  }

  private static Properties properties(Server server, String from) {
    var properties = new Properties();
    properties.put("mail.smtp.host", server.host());
    properties.put("mail.smtp.port", String.valueOf(server.port()));
    properties.put("mail.smtp.connectiontimeout", String.valueOf(CONNECT_PATIENCE.toMillis()));
    properties.put("mail.smtp.timeout", String.valueOf(PATIENCE.toMillis()));
    properties.put("mail.smtp.writetimeout", String.valueOf(PATIENCE.toMillis()));
    properties.put("mail.smtp.auth", String.valueOf(server.user() != null));
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
    properties.put("mail.smtp.ssl.enable", String.valueOf(server.security() == Security.TLS));
    boolean later = server.security() == Security.STARTTLS;
    properties.put("mail.smtp.starttls.enable", String.valueOf(later));
    properties.put("mail.smtp.starttls.required", String.valueOf(later));
    if (server.trust() != null) {
      properties.put("mail.smtp.ssl.socketFactory", server.trust());
    }
    // Else the id of each letter would name the account that runs the server.
    properties.put("mail.from", from);
    return properties;
  }

  @Override
  public void send(Letter letter) {
    Session session = Session.getInstance(properties);
    try (Transport transport = session.getTransport("smtp")) {
      MimeMessage message = message(session, letter);
      transport.connect(server.user(), server.password());
      transport.sendMessage(message, message.getAllRecipients());
    } catch (MessagingException e) {
      throw refusal(e);
    }
  }

  private MimeMessage message(Session session, Letter letter) throws MessagingException {
    var message = new MimeMessage(session);
    message.setFrom(new InternetAddress(from));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(letter.to(), true));
    message.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
    message.setText(letter.text(), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(clock.instant()));
    message.saveChanges();
    return message;
  }

  /** What is said of it names neither reader nor words: servers repeat both. */
  private static MailException refusal(MessagingException e) {
    return switch (e) {
      case AuthenticationFailedException _ ->
          new MailException("the mail server does not know us by this user and password");
      case AddressException _ -> new MailException("an address cannot be written to");
      default -> {
        int reply = reply(e);
        yield reply >= FINAL_REPLY
            ? new MailException("the mail server refused with " + reply)
            : MailException.passing(
                reply > 0
                    ? "the mail server refused for the moment with " + reply
                    : "the mail server was not reached: " + cause(e));
      }
    };
  }

  /** The server's reply, wherever in the chain it stands; 0 where there is none. */
  private static int reply(MessagingException e) {
    int reply =
        switch (e) {
          case SMTPSendFailedException failed -> failed.getReturnCode();
          case SMTPAddressFailedException failed -> failed.getReturnCode();
          case SMTPSenderFailedException failed -> failed.getReturnCode();
          default -> 0;
        };
    return e.getNextException() instanceof MessagingException next
        ? Math.max(reply, reply(next))
        : Math.max(reply, 0);
  }

  private static String cause(MessagingException e) {
    Exception next = e.getNextException();
    return (next instanceof IOException ? next : e).getClass().getSimpleName();
  }
}
