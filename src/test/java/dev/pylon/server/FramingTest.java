package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request ends is the same for us and for whatever proxy passed it on. */
class FramingTest {
  private static final String ONE_CHUNK = "\n7\n{\"a\":1}\n0\n\n";

  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    Router router =
        new Router()
            .onProbe("/health", _ -> Response.json(200, "well"))
            .on("POST", "/echo", (request, _) -> Response.json(200, JsonBody.of(request)))
            .onStream("POST", "/streamed", (request, _) -> Response.json(200, length(request)));
    server = LoopbackServer.listen(ServerLimits.ORDINARY.withBody(1_000), List.of("*"), router);
  }

  private static long length(Request request) {
    try {
      return request.content().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.2.3.4", "-1", "99999999999999999999", "1000000000", "1"})
  void aHeaderThatOnlyLooksLikeTheLengthIsNone(String value) throws IOException {
    try (var client = new RawClient(server.port())) {
      client.send(
          "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nX-Content-Length: %s\n%s"
              .formatted(value, ONE_CHUNK));

      assertThat(client.reply().body()).isEqualTo("{\"a\":1}");
      assertThat(client.request("POST", "/echo", "", "[2]").body()).isEqualTo("[2]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n",
        "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n",
        "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n",
        "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n",
        "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 2\n",
        "POST /echo HTTP/1.0\nHost: a\nTransfer-Encoding: chunked\n",
        "GET /health HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n",
      })
  void aBodyWhoseEndIsNotCertainEndsTheConnection(String head) throws IOException {
    try (var client = new RawClient(server.port())) {
      client.send(head + ONE_CHUNK + "GET /health HTTP/1.1\nHost: a\n\n");

      assertThat(client.reply().status()).isEqualTo(400);
      assertThat(client.readToEnd()).as("what followed was not taken for a request").isZero();
    }
  }

  @Test
  void aCodingThatIsNotKnownIsNamed() throws IOException {
    try (var client = new RawClient(server.port())) {
      client.send("POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n" + ONE_CHUNK);

      assertThat(client.reply().body()).contains("INVALID_HTTP", "Transfer-Encoding");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999999", "18446744073709551617", "-1", "+5", "5x", "5, 5"})
  void aLengthThatIsNoneIsRefused(String length) throws IOException {
    for (String line : List.of("POST /echo", "POST /streamed", "GET /health")) {
      try (var client = new RawClient(server.port())) {
        client.send(line + " HTTP/1.1\nHost: a\nContent-Length: " + length + "\n\n{\"a\":1}");

        RawClient.Reply reply = client.reply();
        assertThat(reply.status()).as(line + " " + reply.body()).isEqualTo(400);
        assertThat(reply.body()).contains("INVALID_HTTP");
        assertThat(client.readToEnd()).as("what followed was not taken for a request").isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\n{}\n0\n\n", "-2\n{}\n0\n\n", "fffffffffffffffff\n{}\n0\n\n"})
  void chunksThatCannotBeReadEndTheConnection(String chunks) throws IOException {
    try (var client = new RawClient(server.port())) {
      client.send("POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n" + chunks);
      client.send("GET /health HTTP/1.1\nHost: a\n\n");

      assertThat(client.readToEnd()).as("what followed was not taken for a request").isZero();
    }
  }

  @Test
  void aCodingIsNamedInAnyCase() throws IOException {
    try (var client = new RawClient(server.port())) {
      client.send("POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: Chunked\n" + ONE_CHUNK);

      assertThat(client.reply().body()).isEqualTo("{\"a\":1}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /echo", "POST /health", "GET /health", "POST /streamed"})
  void trailersWithoutEndEndTheConnection(String line) throws IOException {
    try (var client = new RawClient(server.port())) {
      client.send(line + " HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n2\n{}\n0\n");

      assertThatThrownBy(() -> sendWithoutEnd(client, "A: %s\n".formatted("x".repeat(100))))
          .isInstanceOf(SocketException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /echo", "GET /health", "POST /streamed"})
  void anExtensionWithoutEndEndsTheConnection(String line) throws IOException {
    try (var client = new RawClient(server.port())) {
      client.send(line + " HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n2;a=");

      assertThatThrownBy(() -> sendWithoutEnd(client, "x".repeat(100)))
          .isInstanceOf(SocketException.class);
    }
  }

  private static void sendWithoutEnd(RawClient client, String text) throws IOException {
    String often = text.repeat(100);
    for (int i = 0; i < 10_000; i++) {
      client.send(often);
    }
  }

  @Test
  void manyShortChunksAreOneBody() throws IOException {
    try (var client = new RawClient(server.port())) {
      client.send("POST /streamed HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      for (int i = 0; i < 100; i++) {
        client.send("1;a=b\nx\n".repeat(1_000));
      }
      client.send("0\nA: b\n\n");

      assertThat(client.reply().body()).isEqualTo("100000");
      assertThat(client.request("POST", "/echo", "", "[2]").body()).isEqualTo("[2]");
    }
  }
}
