package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What never becomes a request is answered like what does. */
class RefusedHeadsTest {
  private static LoopbackServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        LoopbackServer.start(
            new Router()
                .onProbe("/health", _ -> Response.json(200, "well"))
                .on("POST", "/length", (request, _) -> Response.json(200, request.body().length)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertRefused(Reply reply, int status, String code, String message) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).hasValue(Response.JSON);
    assertThat(Json.parseObject(reply.bytes()))
        .extracting("error")
        .isEqualTo(Map.of("code", code, "message", message));
    assertThat(reply.header("Connection")).hasValue("close");
    assertThat(reply.header("X-Request-Id")).hasValueSatisfying(id -> assertThat(id).isNotEmpty());
    assertThat(reply.header("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(reply.header("Access-Control-Allow-Origin")).hasValue("*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%zz HTTP/1.1\nHost: a\n\n",
        "GET /%2 HTTP/1.1\nHost: a\n\n",
        "GET /health?a=%zz HTTP/1.1\nHost: a\n\n",
        "GET /health\n\n",
        "GET /health HTTP/1.1\nHost: a\nno colon\n\n",
        "PRI * HTTP/2.0\n\nSM\n\n",
      })
  void aHeadThatCannotBeReadIsRefusedInOurShape(String head) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(head);

      assertRefused(
          client.reply(),
          400,
          "INVALID_HTTP",
          "The request line or a header cannot be read, or there are more than 100 headers");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void tooManyHeadersAreNamed() throws IOException {
    try (RawClient client = server.connect()) {
      client.send("GET /health HTTP/1.1\nHost: a\n" + "X-Many: 1\n".repeat(150) + "\n");

      Reply reply = client.reply();
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("more than 100 headers");
    }
  }

  @Test
  void aReasonThatIsKnownIsTold() throws IOException {
    try (RawClient client = server.connect()) {
      client.send("GET /health HTTP/1.1\nX-A: b\n\n");

      assertRefused(client.reply(), 400, "INVALID_HTTP", "No Host Header");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void aHeadThatIsTooLargeIsToldSo() throws IOException {
    try (RawClient client = server.connect()) {
      client.send("GET /health HTTP/1.1\nHost: a\nX-Large: " + "x".repeat(70_000) + "\n\n");

      assertRefused(
          client.reply(), 431, "HEADERS_TOO_LARGE", "The head of a request can have 65536 bytes");
    }
  }

  /** What came before it, read or not, is not counted. */
  @Test
  void aBadHeadBehindLargeBodiesIsNotTakenForALargeOne() throws IOException {
    try (RawClient client = server.connect()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.request("POST", "/length", "", "x".repeat(50_000)).status())
            .isEqualTo(200);
      }
      client.send("GET /health HTTP/1.1\nHost: a\n\nGET /%zz HTTP/1.1\nHost: a\n\n");

      assertThat(client.reply().status()).isEqualTo(200);
      assertThat(client.reply().status()).isEqualTo(400);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void aLargeHeadThatCameBehindARequestIsToldSo() throws IOException {
    try (RawClient client = server.connect()) {
      client.send(
          "GET /health HTTP/1.1\nHost: a\n\nGET /health HTTP/1.1\nHost: a\nX-Large: %s\n\n"
              .formatted("x".repeat(65_500)));

      assertThat(client.reply().status()).isEqualTo(200);
      assertThat(client.reply().status()).isEqualTo(431);
    }
  }
}
