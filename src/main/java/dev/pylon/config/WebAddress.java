package dev.pylon.config;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Addresses of others that settings name. */
final class WebAddress {
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");

  private WebAddress() {}

  /** An http or https address without a password in it; empty for anything else. */
  static Optional<URI> parse(String text) {
    try {
      URI address = URI.create(text);
      boolean web =
          "https".equalsIgnoreCase(address.getScheme())
              || "http".equalsIgnoreCase(address.getScheme());
      return web && address.getHost() != null && address.getUserInfo() == null
          ? Optional.of(address)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether what is sent there can be read or changed on its way. */
  static boolean isOpen(String text) {
    return parse(text)
        .filter(address -> "http".equalsIgnoreCase(address.getScheme()))
        .filter(address -> !HERE.contains(address.getHost()))
        .isPresent();
  }
}
