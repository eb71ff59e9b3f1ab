package dev.pylon.boot;

import dev.pylon.config.HttpConfig;
import dev.pylon.model.PylonException;
import dev.pylon.server.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** Finds addresses and a port to listen on. */
final class Ports {
  /** A server takes its port and up to three after it. */
  private static final int BLOCK = 4;

  /** Blocks tried before giving up: nobody runs more dev servers than that. */
  private static final int BLOCKS_MAX = 32;

  private Ports() {}

  /** Starts a server on one port of every address. */
  @FunctionalInterface
  interface Start {
    HttpServer on(List<String> hosts, int port) throws BindException;
  }

  /**
   * Starts on the configured port; where that is busy and nobody insists on it, on the next free
   * block.
   *
   * @throws PylonException {@code PORT_BUSY}
   */
  static HttpServer bind(HttpConfig http, boolean strict, Start start) {
    List<String> hosts = usable(http.hosts());
    int tries = strict || http.portChosen() ? 1 : BLOCKS_MAX;
    for (int i = 0; i < tries; i++) {
      int port = http.port() + i * BLOCK;
      try {
        return start.on(hosts, port);
      } catch (BindException e) {
        if (i + 1 == tries) {
          throw busy(http, tries, e);
        }
      }
    }
    throw new IllegalStateException("no port was tried");
  }

  private static PylonException busy(HttpConfig http, int tries, BindException cause) {
    String message =
        tries == 1
            ? "Port %d is in use by another process".formatted(http.port())
            : "Ports %d to %d are all in use"
                .formatted(http.port(), http.port() + (tries - 1) * BLOCK);
    return new PylonException(BootError.PORT_BUSY, message, cause)
        .with("hint", "Stop that process or choose another port: --port N (0 for any free one)");
  }

  /**
   * Those of {@code hosts} this machine has: many a container has no {@code ::1}.
   *
   * @throws PylonException where it has none of them
   */
  private static List<String> usable(List<String> hosts) {
    List<String> usable = hosts.stream().filter(Ports::isUsable).toList();
    if (usable.isEmpty()) {
      throw new PylonException(
              BootError.PORT_BUSY,
              "Cannot listen on " + String.join(", ", hosts) + ": no such address here")
          .with("hint", "Name an address of this machine with --host, or 0.0.0.0 for all of them");
    }
    return usable;
  }

  private static boolean isUsable(String host) {
    try (var _ = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return true;
    } catch (IOException e) {
      // The name is unknown or the address is not ours: the caller says so where none is left.
      return false;
    }
  }
}
