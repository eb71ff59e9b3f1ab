package dev.pylon.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a provider on this machine. */
class HttpMailerTest {
  private static final Letter LETTER =
      new Letter("ann@example.com", "Your sign-in code", "Your code is: 123456");

  private final List<String> asked = new ArrayList<>();
  private final List<String> headers = new ArrayList<>();
  private HttpServer provider;
  private volatile int status = 202;
  private volatile String answer = "";

  @BeforeEach
  void start() throws IOException {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          headers.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type"));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    provider.start();
  }

  @AfterEach
  void stop() {
    provider.stop(0);
  }

  private HttpMailer mailer(Provider named) {
    return new HttpMailer(
        named,
        URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/send"),
        "secret-key",
        "desk@example.com");
  }

  private MailException failure() {
    return catchThrowableOfType(MailException.class, () -> mailer(Provider.RESEND).send(LETTER));
  }

  /** Services contract, 7.1. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SENDGRID|{\"personalizations\":[{\"to\":[{\"email\":\"ann@example.com\"}]}],"
            + "\"from\":{\"email\":\"desk@example.com\"},\"subject\":\"Your sign-in code\","
            + "\"content\":[",
        "RESEND|{\"from\":\"desk@example.com\",\"to\":[\"ann@example.com\"],"
            + "\"subject\":\"Your sign-in code\",\"text\":\"Your code is: 123456\"}",
        "STACK0|{\"from\":\"desk@example.com\",\"to\":[\"ann@example.com\"],"
            + "\"subject\":\"Your sign-in code\",\"text\":\"Your code is: 123456\"}",
        "WEBHOOK|{\"to\":\"ann@example.com\",\"from\":\"desk@example.com\","
            + "\"subject\":\"Your sign-in code\",\"body\":\"Your code is: 123456\"}"
      })
  void eachProviderIsToldWhatItWants(Provider named, String body) {
    mailer(named).send(LETTER);

    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst()).startsWith(body);
    assertThat(headers).containsExactly("Bearer secret-key application/json");
  }

  @Test
  void sendgridIsToldThatTheTextIsPlain() {
    mailer(Provider.SENDGRID).send(LETTER);

    assertThat(asked.getFirst())
        .contains("\"type\":\"text/plain\"", "\"value\":\"Your code is: 123456\"");
  }

  @Test
  void aRefusalIsToldAndMayPassWhereTheProviderSaysSo() {
    status = 422;
    answer = "{\"message\": \"The domain is not verified\"}";
    MailException refused = failure();
    status = 503;
    MailException away = failure();
    status = 429;
    MailException limited = failure();

    assertThat(refused).hasMessage("HTTP 422: " + answer);
    assertThat(refused.isPassing()).isFalse();
    assertThat(away.isPassing()).isTrue();
    assertThat(limited.isPassing()).isTrue();
  }

  @Test
  void aRefusalThatRepeatsTheLetterIsNotRepeated() {
    status = 400;
    for (String said : List.of("no: 123456", "key secret-key", "to ann@example.com")) {
      answer = said;
      assertThat(failure().getMessage()).doesNotContain(said).contains("HTTP 400");
    }
    answer = "x".repeat(20_000);
    assertThat(failure().getMessage()).hasSizeLessThan(300);
  }

  @Test
  void nobodyIsFollowedElsewhereWithALetter() {
    status = 302;

    assertThat(failure()).hasMessageStartingWith("HTTP 302");
  }

  @Test
  void aProviderThatIsAwayMayComeBack() {
    provider.stop(0);

    MailException failure = failure();

    assertThat(failure.isPassing()).isTrue();
    assertThat(failure.getMessage()).contains("was not reached");
  }

  /** A head and half a body: no limit of the client's own counts from there on. */
  @Test
  @Timeout(30)
  void aProviderThatStopsInTheMiddleIsNotWaitedFor() {
    var over = new CountDownLatch(1);
    HttpMailer mailer = stalling(422, over, Duration.ofMillis(500));

    MailException failure = catchThrowableOfType(MailException.class, () -> mailer.send(LETTER));
    over.countDown();

    assertThat(failure.isPassing()).isTrue();
    assertThat(failure).hasMessage("the provider was not reached: it took longer than 500 ms");
  }

  /** Who waits for what else it says would take the letter for lost, and send it twice. */
  @Test
  @Timeout(30)
  void aLetterIsTakenWhenTheHeadOfTheAnswerSaysSo() {
    var over = new CountDownLatch(1);
    HttpMailer mailer = stalling(202, over, Duration.ofSeconds(20));

    PatientMailer.of(mailer).send(LETTER);
    long waiting = over.getCount();
    over.countDown();

    assertThat(waiting).as("the answer had not come to its end").isOne();
    assertThat(asked).hasSize(1);
  }

  /** A provider that begins its answer, and goes on when the test is over. */
  private HttpMailer stalling(int answered, CountDownLatch over, Duration patience) {
    provider.createContext(
        "/stall",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(answered, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitUnchecked(over);
          exchange.close();
        });
    return new HttpMailer(
        Provider.RESEND,
        URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/stall"),
        "secret-key",
        "desk@example.com",
        patience);
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      boolean unused = latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
