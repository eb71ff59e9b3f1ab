package dev.pylon.server;

import java.time.Duration;

/**
 * What one client, and all of them together, may take of us.
 *
 * @param bodyBytesMax a request body beyond this is refused with 413
 * @param streamedBytesMax the same for bodies that are read as they come and never held
 * @param headerBytesMax head of a request, its first line included; beyond it 431, and the
 *     connection ends
 * @param headersMax lines of a head; beyond it 400, and the connection ends
 * @param headerTimeout a head that has begun must be whole by then, or the connection ends
 * @param bodyTimeout a body must be whole by then; a large one gets more, as the slowest line needs
 * @param idleTimeout a connection between two requests is kept for so long
 * @param connectionsMax at this many the one that is idle longest makes room for the next
 * @param requestsMax more requests at once are refused with 503
 */
public record ServerLimits(
    long bodyBytesMax,
    long streamedBytesMax,
    int headerBytesMax,
    int headersMax,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    int connectionsMax,
    int requestsMax) {

  /** As generous as most servers are. */
  public static final ServerLimits ORDINARY =
      new ServerLimits(
          10 * 1024 * 1024,
          1024L * 1024 * 1024,
          64 * 1024,
          100,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          12_000,
          5_000);

  /** The same with another limit for bodies. */
  public ServerLimits withBody(long bytesMax) {
    return new ServerLimits(
        bytesMax,
        streamedBytesMax,
        headerBytesMax,
        headersMax,
        headerTimeout,
        bodyTimeout,
        idleTimeout,
        connectionsMax,
        requestsMax);
  }
}
