package dev.pylon.server;

import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        HttpServer.start(
            new ServerSettings(
                List.of("127.0.0.1"),
                0,
                ServerLimits.ORDINARY.withBody(BODY_BYTES_MAX),
                List.of("*"),
                Duration.ofSeconds(10),
                "test"),
            TestServer.OPEN_GATE,
            router));
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
