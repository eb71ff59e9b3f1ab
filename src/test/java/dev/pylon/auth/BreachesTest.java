package dev.pylon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Against a service on this machine. {@code password} is 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8.
 */
class BreachesTest {
  private static final String REST = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

  private final AtomicReference<String> asked = new AtomicReference<>("");
  private HttpServer service;
  private volatile int status = 200;
  private volatile String lines = "";

  @BeforeEach
  void start() throws IOException {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/range/",
        exchange -> {
          asked.set(exchange.getRequestURI().getPath());
          byte[] body = lines.getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    service.start();
  }

  @AfterEach
  void stop() {
    service.stop(0);
  }

  private boolean knows() {
    return Breaches.at(URI.create("http://127.0.0.1:" + service.getAddress().getPort() + "/range/"))
        .know("password");
  }

  @Test
  void aPasswordThatIsListedIsKnownAndOnlyItsBeginningIsTold() {
    lines = "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n" + REST + ":9545824\r\n";

    assertThat(knows()).isTrue();
    assertThat(asked.get()).isEqualTo("/range/5BAA6");
  }

  @Test
  void paddingAndOthersAreNot() {
    lines = "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n" + REST + ":0\r\n";

    assertThat(knows()).isFalse();
  }

  @Test
  void aServiceThatIsAwayKeepsNobodyOut() {
    status = 503;
    lines = REST + ":1\r\n";
    assertThat(knows()).isFalse();

    service.stop(0);
    assertThat(knows()).isFalse();
  }
}
