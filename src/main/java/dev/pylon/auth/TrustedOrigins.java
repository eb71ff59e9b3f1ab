package dev.pylon.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where people may be sent when they have signed in elsewhere: pages of these origins, and no
 * others, for whoever sends a link chooses the address in it.
 */
final class TrustedOrigins {
  private TrustedOrigins() {}

  /** Whether {@code address} is a page of one of {@code origins}. */
  static boolean contain(List<String> origins, String address) {
    Optional<String> origin = origin(address);
    return origin.isPresent()
        && origins.stream().map(TrustedOrigins::origin).anyMatch(origin::equals);
  }

  /**
   * Scheme, host and port; empty for what has none. Browsers read some addresses more kindly than
   * the standard does, so only what is right by it is an address.
   */
  private static Optional<String> origin(String address) {
    try {
      URI uri = URI.create(address).parseServerAuthority();
      if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
        return Optional.empty();
      }
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      int port = uri.getPort() == usualPort(scheme) ? -1 : uri.getPort();
      return Optional.of(
          scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + (port < 0 ? "" : ":" + port));
    } catch (IllegalArgumentException | URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static int usualPort(String scheme) {
    return switch (scheme) {
      case "http" -> 80;
      case "https" -> 443;
      default -> -1;
    };
  }
}
