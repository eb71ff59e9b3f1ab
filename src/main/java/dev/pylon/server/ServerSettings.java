package dev.pylon.server;

import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens.
 *
 * @param hosts the addresses to bind; {@code dev} has both loopback addresses
 * @param port 0 for any free one
 * @param limits what clients may take
 * @param corsOrigins whose pages may read answers; {@code *} among them means any
 * @param clientPatience what is under way to a client may take this long; who stopped reading is
 *     given up
 * @param instance names this start of the server, in {@code X-Pylon-Instance}
 * @param tls who we are to clients that want to know; null for plain HTTP
 */
public record ServerSettings(
    List<String> hosts,
    int port,
    ServerLimits limits,
    List<String> corsOrigins,
    Duration clientPatience,
    String instance,
    @Nullable SSLContext tls) {
  public ServerSettings {
    hosts = List.copyOf(hosts);
    corsOrigins = List.copyOf(corsOrigins);
  }

  /** Plain HTTP. */
  public ServerSettings(
      List<String> hosts,
      int port,
      ServerLimits limits,
      List<String> corsOrigins,
      Duration clientPatience,
      String instance) {
    this(hosts, port, limits, corsOrigins, clientPatience, instance, null);
  }
}
