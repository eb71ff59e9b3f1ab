package dev.pylon.server.http;

import java.net.InetAddress;
import java.util.Locale;

/**
 * Tells who calls from this machine itself: the peer is loopback, so is everybody named in {@code
 * X-Forwarded-For} or {@code X-Real-IP}, and {@code Host} is a local name. So neither a proxy that
 * names its caller, in whichever header, nor a page behind a rebound DNS name passes for local.
 */
public final class LocalCaller {
  private LocalCaller() {}

  public static boolean is(Request request) {
    return request.peer().isLoopbackAddress()
        && request.header("X-Forwarded-For").map(LocalCaller::allLoopback).orElse(true)
        && request.header("X-Real-IP").map(LocalCaller::allLoopback).orElse(true)
        && request.header("Forwarded").isEmpty()
        && request.header("Host").map(LocalCaller::isLocalName).orElse(false);
  }

  private static boolean allLoopback(String addresses) {
    for (String address : addresses.split(",")) {
      if (!isLoopback(address.strip())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLocalName(String host) {
    String name = withoutPort(host.strip()).toLowerCase(Locale.ROOT);
    return name.equals("localhost") || name.endsWith(".localhost") || isLoopback(name);
  }

  private static String withoutPort(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(1, end);
    }
    int colon = host.indexOf(':');
    return colon < 0 || colon != host.lastIndexOf(':') ? host : host.substring(0, colon);
  }

  /** Whether the text is a loopback address; a name is not looked up. */
  private static boolean isLoopback(String text) {
    if (text.isEmpty() || !(Character.isDigit(text.charAt(0)) || text.indexOf(':') >= 0)) {
      return false;
    }
    try {
      return InetAddress.ofLiteral(text).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
