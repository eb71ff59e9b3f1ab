package dev.pylon.server;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens.
 *
 * @param hosts the addresses to bind; {@code dev} has both loopback addresses
 * @param port 0 for any free one
 * @param bodyBytesMax a request body beyond this is refused with 413
 * @param corsOrigin what {@code Access-Control-Allow-Origin} says, {@code *} in dev
 * @param clientPatience what is under way to a client may take this long; who stopped reading is
 *     given up
 * @param instance names this start of the server, in {@code X-Pylon-Instance}
 */
public record ServerSettings(
    List<String> hosts,
    int port,
    long bodyBytesMax,
    @Nullable String corsOrigin,
    Duration clientPatience,
    String instance) {
  public ServerSettings {
    hosts = List.copyOf(hosts);
  }
}
