package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.server.http.Response;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpServerTest {
  private static final Router ROUTER = new Router().on("GET", "/", (_, _) -> Response.empty(204));

  private static HttpServer start(int port, String... hosts) throws BindException {
    return HttpServer.start(new ServerSettings(List.of(hosts), port, 100, null, "x"), ROUTER);
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
            HttpServer.start(new ServerSettings(List.of("127.0.0.1"), 0, 100, null, "x"), router);
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
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
