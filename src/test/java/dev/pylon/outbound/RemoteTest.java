package dev.pylon.outbound;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server on this machine that does what nobody should. */
class RemoteTest {
  private static final Remote REMOTE = new Remote(SOON, false);

  private final CountDownLatch over = new CountDownLatch(1);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/elsewhere", exchange -> answer(exchange, 302, "not here"));
    server.createContext("/echo", exchange -> answer(exchange, 200, "[1, 2]"));
    server.createContext("/endless", RemoteTest::goOnForEver);
    server.createContext("/stall", this::stopInTheMiddle);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path));
  }

  private void answer(HttpExchange exchange, int status, String text) throws IOException {
    asked.add(
        "%s %s %s"
            .formatted(
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Content-Type"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Location", at("/echo").toString());
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void goOnForEver(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      while (true) {
        body.write(new byte[64 * 1024]);
      }
    }
  }

  /** A head and half a body: no limit of the client's own counts from there on. */
  private void stopInTheMiddle(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    try {
      boolean unused = over.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  @Test
  void whatIsSentArrivesAsItIsCalled() throws IOException {
    Remote.Reply reply = REMOTE.post(at("/echo"), Map.of("a b", "ü&"), Map.of());
    REMOTE.handOver(at("/echo"), Map.of("a", 1), Map.of());

    assertThat(reply.json()).isEqualTo(List.of(1L, 2L));
    assertThat(asked)
        .containsExactly(
            "/echo application/x-www-form-urlencoded a+b=%C3%BC%26",
            "/echo application/json {\"a\":1}");
  }

  @Test
  void nobodyIsFollowedElsewhere() throws IOException {
    Remote.Reply reply = REMOTE.get(at("/elsewhere"), Map.of());

    assertThat(reply.status()).isEqualTo(302);
    assertThat(asked).hasSize(1);
  }

  @Test
  @Timeout(30)
  void whoStopsInTheMiddleIsNotWaitedFor() {
    var hasty = new Remote(Duration.ofMillis(500), false);

    assertThatThrownBy(() -> hasty.get(at("/stall"), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("it took longer than 500 ms");
  }

  @Test
  @Timeout(30)
  void anAnswerHasABound() {
    assertThatThrownBy(() -> REMOTE.get(at("/endless"), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("it did not answer: IOException");
  }

  @Test
  void othersAreAskedOverTlsOnly() {
    assertThatThrownBy(() -> REMOTE.get(URI.create("http://192.0.2.1/"), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("it is not asked over TLS");
  }
}
