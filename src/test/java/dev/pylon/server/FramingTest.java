package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.time.Duration;
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
            .on("POST", "/echo", (request, _) -> Response.json(200, JsonBody.of(request)));
    server =
        HttpServer.start(
            new ServerSettings(
                List.of("127.0.0.1"),
                0,
                ServerLimits.ORDINARY.withBody(1_000),
                List.of("*"),
                Duration.ofSeconds(10),
                "x"),
            TestServer.OPEN_GATE,
            router);
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
}
