package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.Eventually;
import dev.pylon.server.http.JsonStream;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpServerTest {
  private static final Router ROUTER = new Router().on("GET", "/", (_, _) -> Response.empty(204));

  private static HttpServer start(int port, String... hosts) throws BindException {
    return HttpServer.start(
        new ServerSettings(
            List.of(hosts),
            port,
            ServerLimits.ORDINARY.withBody(100),
            List.of(),
            Duration.ofSeconds(10),
            "x"),
        TestServer.OPEN_GATE,
        ROUTER);
  }

  @Test
  void aFreePortIsTheSameOnEveryAddress() throws Exception {
    try (HttpServer server = start(0, "127.0.0.1", "127.0.0.2")) {
      for (String host : List.of("127.0.0.1", "127.0.0.2")) {
        try (var socket = new Socket(InetAddress.getByName(host), server.port())) {
          assertThat(socket.isConnected()).isTrue();
        }
      }
    }
  }

  @Test
  void closingAgainDoesNothing() throws Exception {
    HttpServer server = start(0, "127.0.0.1");
    server.close();

    server.close();

    assertThatThrownBy(() -> new Socket("127.0.0.1", server.port()))
        .isInstanceOf(ConnectException.class);
  }

  /** Many starts at once take each other's free ports now and then. */
  @Test
  void aFreePortIsFoundAlsoWhereOthersAreQuicker() throws Exception {
    try (var tasks = Executors.newFixedThreadPool(8)) {
      var starting = new ArrayList<Future<HttpServer>>();
      for (int i = 0; i < 24; i++) {
        starting.add(tasks.submit(() -> start(0, "127.0.0.1", "127.0.0.2")));
      }
      for (Future<HttpServer> server : starting) {
        server.get().close();
      }
    }
  }

  @Test
  void aPortThatIsTakenOnOneAddressStopsTheStartAndBindsNothing() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
      int port = other.getLocalPort();

      assertThatThrownBy(() -> start(port, "127.0.0.1", "127.0.0.2"))
          .isInstanceOf(BindException.class);

      try (var free = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
        assertThat(free.isBound()).isTrue();
      }
    }
  }

  /** The second request comes while the first is answered, when nobody is about to read it. */
  @Test
  void aRequestSentAheadIsAnsweredInItsTurn() throws Exception {
    var go = new CountDownLatch(1);
    var slow = new CountDownLatch(1);
    Router router =
        new Router()
            .on(
                "GET",
                "/slow",
                (_, _) -> {
                  slow.countDown();
                  await(go);
                  return Response.json(200, "first");
                })
            .on("GET", "/quick", (_, _) -> Response.json(200, "second"));
    try (HttpServer server =
            LoopbackServer.listen(ServerLimits.ORDINARY.withBody(100), List.of(), router);
        var socket = new Socket("127.0.0.1", server.port())) {
      send(socket, "/slow");
      await(slow);
      send(socket, "/quick");
      send(socket, "/quick");
      go.countDown();
      String answers = "";
      while (answers.split("\"second\"", -1).length < 3) {
        byte[] part = new byte[8192];
        int read = socket.getInputStream().read(part);
        assertThat(read).as(answers).isPositive();
        answers += new String(part, 0, read, StandardCharsets.UTF_8);
      }
      assertThat(answers).containsSubsequence("\"first\"", "\"second\"", "\"second\"");
    }
  }

  private static void send(Socket socket, String path) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---- answers on their way ----

  /**
   * A server that answers {@code GET /} with {@code response}, and waits little for its clients.
   */
  private static HttpServer answering(Response response) throws BindException {
    return HttpServer.start(
        LoopbackServer.settings(
            ServerLimits.ORDINARY.withBody(100), List.of(), Duration.ofSeconds(2)),
        TestServer.OPEN_GATE,
        new Router().on("GET", "/", (_, _) -> response));
  }

  @Test
  void whatFailsHalfWayIsCutOffAndNotTakenForWhole() throws Exception {
    Response.Streaming half =
        JsonStream.streaming(
            200,
            out -> {
              out.text("[" + "1,".repeat(100_000));
              throw new IllegalStateException("on purpose");
            });
    try (HttpServer server = answering(half);
        var client = new RawClient(server.port())) {
      assertThatThrownBy(() -> client.request("GET", "/", "", "")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aClientThatStopsReadingIsGivenUp() throws Exception {
    var over = new CountDownLatch(1);
    Response.Streaming endless =
        JsonStream.streaming(
            200,
            out -> {
              try {
                while (true) {
                  out.text("1,".repeat(1_000));
                }
              } finally {
                over.countDown();
              }
            });
    try (HttpServer server = answering(endless);
        var client = new RawClient(server.port())) {
      client.send("GET / HTTP/1.1\nHost: localhost\n\n");
      client.readUntil("1,1,1");

      assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aLargeAnswerIsWholeForWhoReadsAndGivenUpForWhoDoesNot() throws Exception {
    byte[] body = new byte[40_000_000];
    Arrays.fill(body, (byte) 'x');
    try (HttpServer server = answering(new Response.Full(200, "text/plain", Map.of(), body));
        var reader = new RawClient(server.port());
        var other = new RawClient(server.port())) {
      other.send("GET / HTTP/1.1\nHost: localhost\n\n");
      other.readUntil("xxx");

      RawClient.Reply reply = reader.request("GET", "/", "", "");

      assertThat(reply.header("Content-Length")).hasValue("40000000");
      assertThat(Arrays.equals(reply.bytes(), body)).isTrue();
      Eventually.within(SOON, () -> server.inFlight() == 0, server::inFlight);
      assertThat(other.readToEnd()).isLessThan(body.length);
    }
  }
}
