package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests as connections bring them: long, in pieces, several in a row, broken off. */
class ConnectionsTest {
  private static LoopbackServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        LoopbackServer.start(
            new Router()
                .on("POST", "/echo", (request, _) -> Response.json(200, JsonBody.of(request))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  // ---- bodies ----

  @Test
  void aBodyThatSaysItIsTooLargeIsRefusedUnread() throws IOException {
    try (var client = server.connect()) {
      client.send("POST /echo HTTP/1.1\nHost: localhost\nContent-Length: 99999999\n\n");

      Reply reply = client.reply();

      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.body())
          .contains("\"PAYLOAD_TOO_LARGE\"", "Content-Length 99999999 exceeds max of 1048576");
    }
  }

  @Test
  void aBodyThatGrowsTooLargeIsRefused() throws IOException {
    try (var client = server.connect()) {
      client.send("POST /echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n");
      byte[] chunk =
          "1000\r\n%s\r\n".formatted("x".repeat(0x1000)).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 300; i++) {
        client.send(chunk);
      }
      client.send("0\n\n");

      Reply reply = client.reply();

      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.body())
          .contains("\"PAYLOAD_TOO_LARGE\"", "Request body exceeds maximum size of 1048576 bytes");
    }
    assertThat(server.request("POST", "/echo", "", "{}").status()).isEqualTo(200);
  }

  @Test
  void aBodyWithoutEndIsCutOff() throws IOException {
    byte[] chunk =
        "10000\r\n%s\r\n".formatted("x".repeat(0x10000)).getBytes(StandardCharsets.UTF_8);
    try (var client = server.connect()) {
      client.send("POST /echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  client.send(chunk);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(server.request("POST", "/echo", "", "{}").status()).isEqualTo(200);
  }

  @Test
  void aBodyOfExactlyTheBoundIsTaken() throws IOException {
    String body = "\"" + "x".repeat(LoopbackServer.BODY_BYTES_MAX - 2) + "\"";

    assertThat(server.request("POST", "/echo", "", body).body()).isEqualTo(body);
  }

  @Test
  void aChunkedBodyIsPutTogether() throws IOException {
    try (var client = server.connect()) {
      client.send(
          "POST /echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n"
              + "5\n{\"a\":\n2\n1}\n0\n\n");

      assertThat(client.reply().body()).isEqualTo("{\"a\":1}");
    }
  }

  // ---- connections ----

  @Test
  void aConnectionIsUsedAgainAndAgain() throws IOException {
    try (var client = server.connect()) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.request("POST", "/echo", "", "[" + i + "]").body())
            .isEqualTo("[" + i + "]");
      }
    }
  }

  @Test
  void requestsSentBeforeTheirAnswersAreAnsweredInOrder() throws IOException {
    try (var client = server.connect()) {
      for (int i = 0; i < 20; i++) {
        String body = "[" + i + "]";
        client.send(
            "POST /echo HTTP/1.1\nHost: localhost\nContent-Length: %d\n\n%s"
                .formatted(body.length(), body));
      }

      for (int i = 0; i < 20; i++) {
        assertThat(client.reply().body()).isEqualTo("[" + i + "]");
      }
    }
  }

  @Test
  void aRequestThatArrivesByteByByteIsAnswered() throws IOException {
    try (var client = server.connect()) {
      for (byte b :
          "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
              .getBytes(StandardCharsets.UTF_8)) {
        client.send(new byte[] {b});
      }

      assertThat(client.reply().body()).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void aClientThatLeavesInTheMiddleHarmsNobody() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (var client = server.connect()) {
        client.send("POST /echo HTTP/1.1\nHost: localhost\nContent-Length: 100\n\n{\"a\"");
      }
    }

    assertThat(server.request("POST", "/echo", "", "{}").status()).isEqualTo(200);
  }
}
