package dev.pylon.server;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers every answer has (functions contract, 9.1). */
final class StandardHeaders {
  private final Map<HttpString, String> headers = new LinkedHashMap<>();

  StandardHeaders(@Nullable String corsOrigin) {
    if (corsOrigin != null) {
      add("Access-Control-Allow-Origin", corsOrigin);
      add("Access-Control-Allow-Methods", "GET, POST, PATCH, PUT, DELETE, HEAD, OPTIONS");
      add(
          "Access-Control-Allow-Headers",
          "Content-Type, Authorization, X-Filename, X-Request-Id, Idempotency-Key, Last-Event-ID,"
              + " Prefer, Pylon-Stream");
      add(
          "Access-Control-Expose-Headers",
          "X-Pylon-Call-Id, X-Request-Id, Server-Timing, ETag, Retry-After, Pylon-Stream-Id");
      if (!corsOrigin.equals("*")) {
        add("Access-Control-Allow-Credentials", "true");
        add("Vary", "Origin");
      }
    }
    add("X-Content-Type-Options", "nosniff");
    add("X-Frame-Options", "DENY");
    add("X-XSS-Protection", "1; mode=block");
    add("Referrer-Policy", "strict-origin-when-cross-origin");
    add(
        "Permissions-Policy",
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(),"
            + " usb=()");
  }

  private void add(String name, String value) {
    headers.put(HttpString.tryFromString(name), value);
  }

  void addTo(HeaderMap response) {
    headers.forEach(response::put);
  }
}
