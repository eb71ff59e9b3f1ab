package dev.pylon.server;

import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;

/** A router that answers on a free port of this machine, and lets everybody through. */
final class LoopbackServer implements AutoCloseable {
  /** Small, so that a test can exceed it. */
  static final int BODY_BYTES_MAX = 1024 * 1024;

  private final HttpServer http;

  private LoopbackServer(HttpServer http) {
    this.http = http;
  }

  static LoopbackServer start(Router router) throws IOException {
    return new LoopbackServer(
        listen(ServerLimits.ORDINARY.withBody(BODY_BYTES_MAX), List.of("*"), router));
  }

  /** The server alone, with limits and origins of one's own. */
  static HttpServer listen(ServerLimits limits, List<String> corsOrigins, Router router)
      throws BindException {
    return HttpServer.start(
        settings(limits, corsOrigins, Duration.ofSeconds(10)), TestServer.OPEN_GATE, router);
  }

  /** Any free port of this machine; request ids begin with {@code x-}. */
  static ServerSettings settings(
      ServerLimits limits, List<String> corsOrigins, Duration clientPatience) {
    return new ServerSettings(List.of("127.0.0.1"), 0, limits, corsOrigins, clientPatience, "x");
  }

  RawClient connect() throws IOException {
    return new RawClient(http.port());
  }

  /** One request on a connection of its own. {@code headers} end in line breaks. */
  Reply request(String method, String path, String headers, String body) {
    try (RawClient client = connect()) {
      return client.request(method, path, headers, body);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
