package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which pages may read what, over the wire. */
class CorsTest {
  private static final String FIRST = "https://app.example.com";
  private static final String SECOND = "https://admin.example.com:8443";

  private static Reply ask(List<String> origins, String method, String path, String headers)
      throws IOException {
    ServerLimits limits = ServerLimits.ORDINARY.withBody(10);
    Router router = new Router().on("POST", "/api/x", (_, _) -> Response.json(200, "yes"));
    try (HttpServer server = LoopbackServer.listen(limits, origins, router);
        var client = new RawClient(server.port())) {
      return client.request(method, path, headers, method.equals("POST") ? "{}" : "");
    }
  }

  @Test
  void everyConfiguredOriginIsRepeatedExactly() throws IOException {
    for (String origin : List.of(FIRST, SECOND, "https://ADMIN.example.com:8443")) {
      Reply reply = ask(List.of(FIRST, SECOND), "POST", "/api/x", "Origin: " + origin + "\n");

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("Access-Control-Allow-Origin")).hasValue(origin);
      assertThat(reply.header("Access-Control-Allow-Credentials")).hasValue("true");
      assertThat(reply.header("Access-Control-Expose-Headers").orElse("")).contains("Retry-After");
      assertThat(reply.header("Vary")).hasValue("Origin");
    }
  }

  @Test
  void aStrangersPageReadsNothing() throws IOException {
    for (String origin : List.of("https://evil.example", "null", FIRST + ".evil.example")) {
      Reply reply = ask(List.of(FIRST), "POST", "/api/x", "Origin: " + origin + "\n");

      assertThat(reply.headers()).noneMatch(line -> line.startsWith("Access-Control-"));
      assertThat(reply.header("Vary")).as("caches must not mix pages up").hasValue("Origin");
    }
  }

  @Test
  void whoNamesNoOriginSeesTheFirst() throws IOException {
    assertThat(
            ask(List.of(FIRST, SECOND), "POST", "/api/x", "").header("Access-Control-Allow-Origin"))
        .hasValue(FIRST);
  }

  @Test
  void anyOriginNeverComesWithCredentials() throws IOException {
    Reply reply = ask(List.of("*"), "POST", "/api/x", "Origin: https://a.example\n");

    assertThat(reply.header("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(reply.header("Access-Control-Allow-Credentials")).isEmpty();
    assertThat(reply.header("Vary")).isEmpty();
  }

  @Test
  void whoIsNoPageGetsTheListsOfTheContract() throws IOException {
    Reply reply = ask(List.of("*"), "POST", "/api/x", "");

    assertThat(reply.header("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(reply.header("Access-Control-Allow-Methods"))
        .hasValue("GET, POST, PATCH, DELETE, OPTIONS");
    assertThat(reply.header("Access-Control-Allow-Headers"))
        .hasValue("Content-Type, Authorization");
    assertThat(reply.header("Access-Control-Expose-Headers")).isEmpty();
  }

  @Test
  void aPreflightIsAnsweredAndMayBeRemembered() throws IOException {
    Reply reply =
        ask(
            List.of(FIRST),
            "OPTIONS",
            "/api/anything",
            "Origin: %s\nAccess-Control-Request-Method: PUT\n".formatted(FIRST));

    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.header("Access-Control-Allow-Origin")).hasValue(FIRST);
    assertThat(reply.header("Access-Control-Allow-Methods").orElse("")).contains("PUT", "PATCH");
    assertThat(reply.header("Access-Control-Allow-Headers").orElse(""))
        .contains("Authorization", "X-Filename", "X-Requested-With", "Idempotency-Key");
    assertThat(reply.header("Access-Control-Max-Age")).hasValue("600");
  }

  @Test
  void refusalsCanBeReadByThePageToo() throws IOException {
    for (String path : List.of("/api/none", "/api/x")) {
      Reply reply = ask(List.of(FIRST), "POST", path, "Origin: " + FIRST + "\nX-Padding: a\n");

      assertThat(reply.header("Access-Control-Allow-Origin")).hasValue(FIRST);
      assertThat(reply.header("X-Content-Type-Options")).hasValue("nosniff");
    }
  }
}
