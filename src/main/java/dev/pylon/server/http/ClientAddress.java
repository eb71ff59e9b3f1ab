package dev.pylon.server.http;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a client really sits: the peer, or behind {@code hops} proxies of ours the entry that many
 * from the right of {@code X-Forwarded-For}. Further left anybody may have written what they liked.
 */
public record ClientAddress(int hops) {

  /** The address as text; the peer's where the header does not hold an address at that place. */
  public String of(Request request) {
    return of(request.peer(), forwarded(request));
  }

  /**
   * All of a request that {@link #of(InetAddress, String)} wants beside its peer; null for nothing.
   */
  public @Nullable String forwarded(Request request) {
    return hops > 0 ? request.header().apply("X-Forwarded-For") : null;
  }

  /** The same for who does not keep the whole request. */
  public String of(InetAddress peer, @Nullable String forwarded) {
    String client = forwarded == null ? "" : entry(forwarded);
    return client.isEmpty() ? peer.getHostAddress() : client;
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
