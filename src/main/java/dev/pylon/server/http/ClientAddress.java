package dev.pylon.server.http;

import java.net.InetAddress;

/**
 * Where a client really sits: the peer, or behind {@code hops} proxies of ours the entry that many
 * from the right of {@code X-Forwarded-For}. Further left anybody may have written what they liked.
 */
public record ClientAddress(int hops) {

  /** The address as text; the peer's where the header does not hold an address at that place. */
  public String of(Request request) {
    if (hops > 0) {
      String forwarded = entry(request.header("X-Forwarded-For").orElse(""));
      if (!forwarded.isEmpty()) {
        return forwarded;
      }
    }
    return request.peer().getHostAddress();
  }

  private String entry(String forwarded) {
    String[] addresses = forwarded.split(",");
    if (addresses.length < hops) {
      return "";
    }
    try {
      return InetAddress.ofLiteral(addresses[addresses.length - hops].strip()).getHostAddress();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
