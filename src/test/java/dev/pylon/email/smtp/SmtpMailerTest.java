package dev.pylon.email.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pylon.email.Letter;
import dev.pylon.email.MailException;
import dev.pylon.email.smtp.SmtpMailer.Security;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a mail server on this machine. */
class SmtpMailerTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Letter LETTER =
      new Letter("ann@example.com", "Ihr Anmeldecode für heute", "Der Code ist: 123456\nGrüße");

  @TempDir private static Path folder;
  private static @Nullable SSLContext ours;
  private static @Nullable SSLSocketFactory believing;

  @BeforeAll
  static void keys() throws Exception {
    Path file = folder.resolve("keys.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "mail",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=DNS:localhost",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("mail", keys.getCertificate("mail"));
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    ours = context;
    believing = context.getSocketFactory();
  }

  private static SmtpMailer mailer(
      MailServer server,
      String host,
      Security security,
      @Nullable String user,
      @Nullable SSLSocketFactory trust) {
    return new SmtpMailer(
        new SmtpMailer.Server(
            host, server.port(), security, user, user == null ? null : "geheim", trust),
        "Desk <desk@example.com>",
        () -> Instant.parse("2026-03-01T12:00:00Z"));
  }

  private static MailException failure(SmtpMailer mailer) {
    return catchThrowableOfType(MailException.class, () -> mailer.send(LETTER));
  }

  @Test
  void aLetterArrivesAsItWasWritten() throws Exception {
    try (var server = new MailServer(Security.NONE, null)) {
      mailer(server, "localhost", Security.NONE, null, null).send(LETTER);

      String mail = server.mail().poll(30, TimeUnit.SECONDS);
      assertThat(mail)
          .contains("From: Desk <desk@example.com>", "To: ann@example.com")
          .contains("Subject: =?UTF-8?", "Date: Sun, 1 Mar 2026 ")
          .contains("Content-Type: text/plain; charset=UTF-8", "Code ist: 123456", "MIME-Version")
          .containsPattern("Message-ID: <[^>]+@example\\.com>?");
      assertThat(server.commands())
          .contains("MAIL FROM:<desk@example.com>", "RCPT TO:<ann@example.com>")
          .noneMatch(command -> command.startsWith("AUTH"));
    }
  }

  @Test
  void tlsBeginsBeforeAnythingIsSaid() throws Exception {
    try (var server = new MailServer(Security.TLS, ours)) {
      mailer(server, "localhost", Security.TLS, "desk", believing).send(LETTER);

      assertThat(server.mail()).hasSize(1);
      assertThat(server.commands())
          .contains("desk desk geheim")
          .noneMatch(c -> c.startsWith("EHLO"));
    }
  }

  @Test
  void tlsBeginsAfterTheGreeting() throws Exception {
    try (var server = new MailServer(Security.STARTTLS, ours)) {
      mailer(server, "localhost", Security.STARTTLS, "desk", believing).send(LETTER);

      assertThat(server.mail()).hasSize(1);
      assertThat(server.commands())
          .contains("STARTTLS", "desk desk geheim")
          .anyMatch(command -> command.startsWith("TLS MAIL FROM"))
          .noneMatch(command -> command.startsWith("AUTH"));
    }
  }

  @Test
  void aServerWithoutTlsGetsNoLetterWhereItIsWanted() throws Exception {
    try (var server = new MailServer(Security.STARTTLS, null)) {
      MailException failure =
          failure(mailer(server, "localhost", Security.STARTTLS, "desk", believing));

      assertThat(failure).isNotNull();
      assertThat(server.mail()).isEmpty();
      assertThat(server.commands()).noneMatch(c -> c.startsWith("AUTH") || c.startsWith("MAIL"));
    }
  }

  @Test
  void aServerThatIsNotBelievedGetsNoLetter() throws Exception {
    try (var server = new MailServer(Security.STARTTLS, ours)) {
      MailException unknown = failure(mailer(server, "localhost", Security.STARTTLS, "desk", null));
      MailException another =
          failure(mailer(server, "127.0.0.1", Security.STARTTLS, "desk", believing));

      assertThat(unknown).isNotNull();
      assertThat(another).isNotNull();
      assertThat(server.mail()).isEmpty();
      assertThat(server.commands()).noneMatch(command -> command.contains("geheim"));
    }
  }

  @Test
  void aRefusalIsFinalOrMayPassAsTheServerSays() throws IOException {
    try (var server = new MailServer(Security.NONE, null)) {
      SmtpMailer mailer = mailer(server, "localhost", Security.NONE, null, null);
      server.refuse("RCPT", "550 5.1.1 no such user ann@example.com");
      MailException unknown = failure(mailer);
      server.refuse("RCPT", "451 4.7.1 greylisted, ann@example.com");
      MailException later = failure(mailer);

      assertThat(unknown).hasMessage("the mail server refused with 550");
      assertThat(unknown.isPassing()).isFalse();
      assertThat(later.isPassing()).isTrue();
      assertThat(later.getMessage()).contains("451").doesNotContain("ann@example.com");
    }
  }

  @Test
  void aWrongPasswordIsSaidAndNotRepeated() throws IOException {
    try (var server = new MailServer(Security.NONE, null)) {
      server.refuse("AUTH", "535 5.7.8 wrong password geheim");

      MailException failure = failure(mailer(server, "localhost", Security.NONE, "desk", null));

      assertThat(failure).hasMessageContaining("does not know us");
      assertThat(failure.getMessage()).doesNotContain("geheim");
      assertThat(failure.isPassing()).isFalse();
    }
  }

  @Test
  void aServerThatIsAwayMayComeBack() throws IOException {
    var server = new MailServer(Security.NONE, null);
    server.close();

    MailException failure = failure(mailer(server, "127.0.0.1", Security.NONE, null, null));

    assertThat(failure.isPassing()).isTrue();
    assertThat(failure.getMessage()).contains("was not reached");
  }

  @Test
  void oneLetterHasOneReader() throws IOException {
    try (var server = new MailServer(Security.NONE, null)) {
      SmtpMailer mailer = mailer(server, "localhost", Security.NONE, null, null);

      MailException failure =
          catchThrowableOfType(
              MailException.class,
              () -> mailer.send(new Letter("ann@example.com, eve@example.com", "s", "t")));

      assertThat(failure).hasMessageContaining("cannot be written to");
      assertThat(server.mail()).isEmpty();
    }
  }
}
