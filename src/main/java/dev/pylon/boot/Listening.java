package dev.pylon.boot;

import dev.pylon.config.HttpConfig;
import dev.pylon.config.LimitsConfig;
import dev.pylon.config.TlsConfig;
import dev.pylon.model.PylonException;
import dev.pylon.model.SlidingLog;
import dev.pylon.server.HttpServer;
import dev.pylon.server.Router;
import dev.pylon.server.ServerLimits;
import dev.pylon.server.ServerSettings;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.Gate;
import javax.net.ssl.SSLContext;

/** How a server listens, as its config says. */
final class Listening {
  private Listening() {}

  /**
   * Listens from now on, and has {@code router} answer.
   *
   * @param strictPort whether another port than the configured one will not do
   * @param instance names this start
   * @throws PylonException {@code PORT_BUSY}
   */
  static HttpServer start(HttpConfig http, boolean strictPort, String instance, Router router) {
    TlsConfig names = http.tls();
    SSLContext tls = names == null ? null : Tls.of(names);
    return Ports.bind(
        http,
        strictPort,
        (hosts, port) ->
            HttpServer.start(
                new ServerSettings(
                    hosts,
                    port,
                    limits(http.limits()),
                    http.corsOrigins(),
                    HttpConfig.CLIENT_PATIENCE,
                    instance,
                    tls),
                gate(http),
                router));
  }

  private static ServerLimits limits(LimitsConfig limits) {
    return new ServerLimits(
        HttpConfig.BODY_BYTES_MAX,
        limits.importBytes(),
        ServerLimits.ORDINARY.headerBytesMax(),
        ServerLimits.ORDINARY.headersMax(),
        limits.headerTimeout(),
        limits.bodyTimeout(),
        limits.idleTimeout(),
        limits.connections(),
        limits.requests());
  }

  private static Gate gate(HttpConfig http) {
    return new Gate(
        new SlidingLog(http.rateLimit().max(), http.rateLimit().window()),
        new ClientAddress(http.trustProxyHops()),
        http.csrfOrigins());
  }
}
