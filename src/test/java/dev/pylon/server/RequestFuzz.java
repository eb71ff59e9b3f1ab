package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever bytes are sent to a listening server: each answer is below 500, and the server is well
 * afterwards.
 */
class RequestFuzz {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})");

  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    Router router =
        new Router()
            .onProbe("/health", _ -> Response.json(200, "well"))
            .on("POST", "/api/x/{id...}", (request, _) -> Response.json(200, JsonBody.of(request)))
            .on("GET", "/api/x/{id}", (request, _) -> Response.json(200, request.query()));
    server =
        LoopbackServer.listen(
            ServerLimits.ORDINARY.withBody(1_000), List.of("https://a.example"), router);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @FuzzTest(maxDuration = "20s")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void noBytesBreakTheServer(FuzzedDataProvider data) throws IOException {
    BugDetectors.allowNetworkConnections();
    String method = data.pickValue(new String[] {"GET ", "POST ", "PUT ", ""});
    byte[] rest = data.consumeRemainingAsBytes();
    String answers = exchange(method.getBytes(StandardCharsets.US_ASCII), rest);

    Matcher status = STATUS.matcher(answers);
    while (status.find()) {
      assertThat(Integer.parseInt(status.group(1))).as(answers).isLessThan(500);
    }
    try (var client = new RawClient(server.port())) {
      assertThat(client.request("GET", "/health", "", "").status()).isEqualTo(200);
    }
  }

  private static String exchange(byte[] method, byte[] rest) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(method);
      socket.getOutputStream().write(rest);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException e) {
      // Cut off in the middle of what is no request: nothing was answered.
      return "";
    }
  }
}
