package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static final InstantSource CLOCK = () -> Instant.parse("2026-01-01T00:00:00Z");

  private static HttpServer start(AccessLog log) throws IOException {
    Router router =
        new Router()
            .onProbe("/health", _ -> Response.json(200, "well"))
            .on("GET", "/api/x/{id}", (_, _) -> Response.json(200, "yes"));
    HttpServer server = LoopbackServer.listen(ServerLimits.ORDINARY, List.of("*"), router);
    server.onAnswer(log);
    return server;
  }

  @Test
  void aRequestIsALineWithoutWhatIsSecretInIt() throws Exception {
    var out = new ByteArrayOutputStream();
    try (var log = new AccessLog(out, new ClientAddress(1), CLOCK);
        HttpServer server = start(log);
        var client = new RawClient(server.port())) {
      client.request(
          "GET",
          "/api/x/pylon_5ec7e7?token=hush",
          "X-Request-Id: r-7\nX-Forwarded-For: 203.0.113.7\nAuthorization: Bearer hush\n",
          "");
      client.request("GET", "/api/none", "", "");
      client.request("POST", "/api/auth/invites/hush-hush/accept", "", "");
      client.request("GET", "/health", "", "");
      Eventually.within(
          SOON, () -> out.toString(StandardCharsets.UTF_8).lines().count() == 3, () -> out);

      List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
      assertThat(lines.getFirst())
          .matches(
              "\\{\"time\":\"20(25|26)-[^\"]+Z\",\"logger\":\"access\",\"request\":\"r-7\","
                  + "\"method\":\"GET\",\"path\":\"/api/x/pylon_\\*\\*\\*\",\"status\":200,"
                  + "\"ms\":[0-9.]+,\"bytes\":5,\"client\":\"203.0.113.7\"}");
      assertThat(lines.get(1)).contains("\"request\":\"x-", "\"status\":404");
      assertThat(lines.getLast()).contains("\"path\":\"/api/auth/invites/***/accept\"");
      assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("hush", "5ec7e7");
    }
  }

  @Test
  void aReaderThatDoesNotKeepUpHoldsUpNobody() throws Exception {
    var go = new CountDownLatch(1);
    var out =
        new OutputStream() {
          private final ByteArrayOutputStream written = new ByteArrayOutputStream();

          @Override
          public void write(int b) {
            written.write(b);
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            written.write(bytes, from, length);
          }
        };
    try (var log = new AccessLog(out, new ClientAddress(0), CLOCK);
        HttpServer server = start(log);
        var client = new RawClient(server.port())) {
      for (int i = 0; i < 10_000; i++) {
        assertThat(client.request("GET", "/api/x/1", "", "").status()).isEqualTo(200);
      }
      go.countDown();
    }
    assertThat(out.written.toString(StandardCharsets.UTF_8))
        .containsPattern("\\{\"time\":\"[^\"]+\",\"logger\":\"access\",\"left_out\":[1-9][0-9]+}");
  }
}
