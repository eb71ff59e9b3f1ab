package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.Eventually;
import dev.pylon.model.SlidingLog;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.Gate;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients cannot take from each other, however slow, many or loud they are. */
class LimitsTest {
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<AutoCloseable> open = new ArrayList<>();

  /** {@code /slow} answers when the test says so. */
  private HttpServer start(ServerLimits limits, Gate gate) throws IOException {
    Router router =
        new Router()
            .onProbe("/health", _ -> Response.json(200, "well"))
            .on("POST", "/echo", (request, _) -> Response.json(200, request.body().length))
            .on(
                "GET",
                "/slow",
                (_, _) -> {
                  try {
                    assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  return Response.json(200, "done");
                });
    ServerSettings settings = LoopbackServer.settings(limits, List.of("*"), Duration.ofSeconds(10));
    HttpServer server = HttpServer.start(settings, gate, router);
    open.add(server);
    return server;
  }

  private static ServerLimits limits(Duration timeout, int connections, int requests) {
    return new ServerLimits(
        100_000, 100_000, 4_096, 20, timeout, timeout, timeout, connections, requests);
  }

  private RawClient client(HttpServer server) throws IOException {
    var client = new RawClient(server.port());
    open.add(client);
    return client;
  }

  @AfterEach
  void close() throws Exception {
    go.countDown();
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void whereConnectionsAreManyTheLongestIdleMakesRoom() throws IOException {
    HttpServer server = start(limits(Duration.ofMinutes(1), 20, 100), TestServer.OPEN_GATE);
    var idle = new ArrayList<RawClient>();
    for (int i = 0; i < 60; i++) {
      idle.add(client(server));
      if (i % 2 == 0) {
        idle.getLast().send("GET /health HTTP/1.1\nX-Half: ");
      }
    }

    assertThat(client(server).request("GET", "/health", "", "").status()).isEqualTo(200);
    Eventually.within(SOON, () -> server.connections() <= 22, server::connections);
    assertThat(idle.getFirst().isClosed()).isTrue();
  }

  @Test
  void aConnectionThatIsAtWorkIsNotClosedForOthers() throws IOException {
    HttpServer server = start(limits(Duration.ofMinutes(1), 10, 100), TestServer.OPEN_GATE);
    RawClient working = client(server);
    working.send("GET /slow HTTP/1.1\nHost: localhost\n\n");
    Eventually.within(SOON, () -> server.inFlight() == 1, server::inFlight);
    for (int i = 0; i < 40; i++) {
      client(server);
    }
    assertThat(client(server).request("GET", "/health", "", "").status()).isEqualTo(200);

    go.countDown();

    assertThat(working.reply().body()).isEqualTo("\"done\"");
  }

  @Test
  void aHeadThatComesLetterByLetterIsGivenUp() throws IOException {
    HttpServer server = start(limits(Duration.ofMillis(1_500), 100, 100), TestServer.OPEN_GATE);
    RawClient slow = client(server);
    long began = System.nanoTime();
    slow.send("GET /health HTTP/1.1\nHost: localhost\nX-Slow: ");

    assertThatThrownBy(
            () -> {
              while (true) {
                slow.send("a");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
                Thread.onSpinWait();
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void aBodyThatDoesNotComeIsGivenUp() throws IOException {
    HttpServer server = start(limits(Duration.ofMillis(1_500), 100, 100), TestServer.OPEN_GATE);
    RawClient slow = client(server);
    slow.send("POST /echo HTTP/1.1\nHost: localhost\nContent-Length: 10\n\nabc");
    RawClient chunked = client(server);
    chunked.send("POST /echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n3\nabc\n");

    assertThat(slow.isClosed()).isTrue();
    assertThat(chunked.readToEnd()).isZero();
    Eventually.within(SOON, () -> server.inFlight() == 0, server::inFlight);
  }

  @Test
  void aBodyWithoutEndIsCutOff() throws IOException {
    HttpServer server = start(limits(Duration.ofSeconds(20), 10, 100), TestServer.OPEN_GATE);
    RawClient client = client(server);
    client.send("POST /echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n");

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 40; i++) {
                client.send("100000\n");
                client.send(new byte[0x100000]);
                client.send("\n");
              }
            })
        .isInstanceOf(SocketException.class);
  }

  @Test
  void aConnectionThatStaysIdleIsClosed() throws IOException {
    HttpServer server = start(limits(Duration.ofMillis(1_500), 100, 100), TestServer.OPEN_GATE);
    RawClient silent = client(server);
    RawClient served = client(server);
    assertThat(served.request("GET", "/health", "", "").status()).isEqualTo(200);

    assertThat(silent.isClosed()).isTrue();
    assertThat(served.isClosed()).isTrue();
    Eventually.within(SOON, () -> server.connections() == 0, server::connections);
  }

  @Test
  void aHeadThatIsTooLargeEndsItsConnection() throws IOException {
    HttpServer server = start(limits(Duration.ofMinutes(1), 100, 100), TestServer.OPEN_GATE);
    for (String headers :
        List.of("X-Large: " + "x".repeat(8_000) + "\n", "X-Many: 1\n".repeat(50))) {
      RawClient client = client(server);
      client.send("GET /health HTTP/1.1\nHost: localhost\n" + headers + "\n");

      assertThat(client.reply().status()).isIn(400, 431);
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(client(server).request("GET", "/health", "", "").status()).isEqualTo(200);
  }

  @Test
  void whatIsTooMuchAtOnceIsRefusedAtOnceAndHealthIsNot() throws IOException {
    HttpServer server = start(limits(Duration.ofMinutes(1), 100, 3), TestServer.OPEN_GATE);
    var working = new ArrayList<RawClient>();
    for (int i = 0; i < 3; i++) {
      working.add(client(server));
      working.getLast().send("GET /slow HTTP/1.1\nHost: localhost\n\n");
    }
    Eventually.within(SOON, () -> server.inFlight() == 3, server::inFlight);

    Reply refused = client(server).request("GET", "/slow", "", "");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).contains("\"code\":\"OVERLOADED\"");
    assertThat(refused.header("Retry-After")).hasValue("1");
    assertThat(client(server).request("GET", "/health", "", "").status()).isEqualTo(200);

    go.countDown();
    for (RawClient each : working) {
      assertThat(each.reply().status()).isEqualTo(200);
    }
    assertThat(client(server).request("GET", "/slow", "", "").status()).isEqualTo(200);
  }

  /** A proxy may add a line of its own behind that of a client who made one up. */
  @Test
  void theAddressBehindAProxyIsTheOneThatTheProxySaw() throws IOException {
    Gate gate =
        new Gate(new SlidingLog(1, Duration.ofMinutes(1)), new ClientAddress(1), List.of("*"));
    HttpServer server = start(limits(Duration.ofMinutes(1), 100, 100), gate);
    String proxied = "X-Forwarded-For: %s\nX-Forwarded-For: 203.0.113.7\n";

    assertThat(client(server).request("GET", "/none", proxied.formatted("1.1.1.1"), "").status())
        .isEqualTo(404);
    Reply second = client(server).request("GET", "/none", proxied.formatted("2.2.2.2"), "");
    assertThat(second.status()).isEqualTo(429);
    assertThat(second.header("Retry-After")).isPresent();
    assertThat(second.body()).contains("\"retry_after_secs\":");
    assertThat(
            client(server).request("GET", "/none", "X-Forwarded-For: 203.0.113.8\n", "").status())
        .isEqualTo(404);
  }
}
