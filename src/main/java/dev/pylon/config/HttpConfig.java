package dev.pylon.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How we are reached.
 *
 * @param hosts addresses to listen on; one the machine does not have is no harm while another is
 *     there
 * @param port 0 for any free one
 * @param portChosen whether somebody asked for this port, so that another will not do
 * @param allowInsecureDev whether callers from elsewhere get what dev mode opens to local ones
 * @param adminToken the operator's, if there is one
 * @param corsOrigins {@code *} among them means any
 * @param csrfOrigins likewise
 * @param accessLog whether each request is written down
 * @param tls who we are to clients; null for plain HTTP
 * @param drain how long calls may still run at the end
 * @param drainDelay how long {@code serve} goes on before that, no longer ready, so that whoever
 *     sends it requests can hear of it
 */
public record HttpConfig(
    List<String> hosts,
    int port,
    boolean portChosen,
    boolean devMode,
    boolean allowInsecureDev,
    @Nullable String adminToken,
    List<String> corsOrigins,
    List<String> csrfOrigins,
    int trustProxyHops,
    RateLimit rateLimit,
    LimitsConfig limits,
    boolean accessLog,
    @Nullable TlsConfig tls,
    Duration drain,
    Duration drainDelay) {

  /** Largest request body, in bytes (data contract, 7.5). */
  public static final int BODY_BYTES_MAX = 10 * 1024 * 1024;

  /** A client that takes longer for what is under way has stopped reading. */
  public static final Duration CLIENT_PATIENCE = Duration.ofSeconds(30);

  public HttpConfig {
    hosts = List.copyOf(hosts);
    corsOrigins = List.copyOf(corsOrigins);
    csrfOrigins = List.copyOf(csrfOrigins);
  }

  /** Longest from the wish to end until nothing runs any more. */
  public Duration leaving() {
    return drainDelay.plus(drain);
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return "HttpConfig[hosts=%s, port=%d, devMode=%s]".formatted(hosts, port, devMode);
  }
}
