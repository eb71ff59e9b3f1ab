package dev.pylon.server;

import io.undertow.util.HttpString;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names of headers as Undertow compares them. Thread-safe. */
final class HeaderNames {
  static final HttpString REQUEST_ID = HttpString.tryFromString("X-Request-Id");

  /** The names that are asked for and answered with are all written in our code: a few dozen. */
  private static final Map<String, HttpString> NAMES = new ConcurrentHashMap<>();

  private HeaderNames() {}

  static HttpString of(String name) {
    HttpString known = NAMES.get(name); // without the lock that computeIfAbsent may take
    return known != null ? known : NAMES.computeIfAbsent(name, HttpString::tryFromString);
  }
}
