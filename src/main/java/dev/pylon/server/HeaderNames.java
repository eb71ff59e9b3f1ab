package dev.pylon.server;

import io.undertow.util.HttpString;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names of headers as Undertow compares them. Thread-safe. */
final class HeaderNames {
  static final HttpString REQUEST_ID = HttpString.tryFromString("X-Request-Id");

  /** The names that are asked for and answered with: a few dozen, written in our code. */
  private static final Map<String, HttpString> NAMES = new ConcurrentHashMap<>();

  /** Far more than are ours: those that webhooks answer with are whatever their actions say. */
  private static final int NAMES_MAX = 500;

  private HeaderNames() {}

  static HttpString of(String name) {
    HttpString known = NAMES.get(name); // without the lock that computeIfAbsent may take
    if (known != null) {
      return known;
    }
    return NAMES.size() < NAMES_MAX
        ? NAMES.computeIfAbsent(name, HttpString::tryFromString)
        : HttpString.tryFromString(name);
  }
}
