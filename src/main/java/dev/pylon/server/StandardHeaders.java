package dev.pylon.server;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers every answer has (functions contract, 9.1): what browsers must not do, and which
 * pages may read it. Made once, then only copied. Immutable.
 *
 * <p>A page of a configured origin gets its own origin repeated, one of another gets none. Who says
 * nothing of an origin gets the first of them: what reads no origin minds none.
 */
final class StandardHeaders {
  /** Browsers need not ask again for so long; some of them ask after that anyway. */
  private static final String PREFLIGHT_SECONDS = "600";

  private static final HttpString VARY = new HttpString("Vary");
  private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");
  private static final HttpString PREFLIGHT = new HttpString("Access-Control-Request-Method");
  private static final HttpString ORIGIN = new HttpString("Origin");

  private record Header(HttpString name, String value) {}

  private final Header[] always;

  /** For callers without an origin, and all of them where any origin may call. */
  private final Header[] unasked;

  /** By origin in lower case; null where any origin may call. */
  private final @Nullable Map<String, Header[]> byOrigin;

  /**
   * @param corsOrigins {@code *} among them means any; none means that pages of other origins may
   *     not call
   */
  StandardHeaders(List<String> corsOrigins) {
    this.always =
        headers(
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "X-XSS-Protection",
            "1; mode=block",
            "Referrer-Policy",
            "strict-origin-when-cross-origin",
            "Permissions-Policy",
            "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(),"
                + " usb=()");
    if (corsOrigins.contains("*")) {
      this.unasked = cors("*");
      this.byOrigin = null;
    } else {
      this.unasked = corsOrigins.isEmpty() ? new Header[0] : cors(corsOrigins.getFirst());
      this.byOrigin = new HashMap<>();
      corsOrigins.forEach(origin -> byOrigin.put(origin.toLowerCase(Locale.ROOT), cors(origin)));
    }
  }

  private static Header[] cors(String origin) {
    Header[] shared =
        headers(
            "Access-Control-Allow-Origin",
            origin,
            "Access-Control-Allow-Methods",
            "GET, POST, PATCH, PUT, DELETE, HEAD, OPTIONS",
            "Access-Control-Allow-Headers",
            "Content-Type, Authorization, X-Filename, X-Request-Id, X-Requested-With,"
                + " Idempotency-Key, Last-Event-ID, Prefer, Pylon-Stream, If-None-Match",
            "Access-Control-Expose-Headers",
            "X-Pylon-Call-Id, X-Pylon-Instance, X-Pylon-Cursor, X-Request-Id, Server-Timing, ETag,"
                + " Retry-After, Pylon-Stream-Id, Stream-Next-Offset, Stream-Up-To-Date,"
                + " Stream-Closed");
    if (origin.equals("*")) {
      return shared;
    }
    var all = new ArrayList<>(List.of(shared));
    all.addAll(List.of(headers("Access-Control-Allow-Credentials", "true")));
    return all.toArray(Header[]::new);
  }

  private static Header[] headers(String... namesAndValues) {
    var headers = new Header[namesAndValues.length / 2];
    for (int i = 0; i < headers.length; i++) {
      headers[i] = new Header(new HttpString(namesAndValues[2 * i]), namesAndValues[2 * i + 1]);
    }
    return headers;
  }

  /** Adds what the answer to {@code request} has. */
  void addTo(HeaderMap response, HeaderMap request) {
    put(always, response);
    String origin = byOrigin == null ? null : request.getFirst(ORIGIN);
    if (byOrigin == null || origin == null) {
      put(unasked, response);
    } else {
      Header[] its = byOrigin.get(origin.toLowerCase(Locale.ROOT));
      if (its != null) {
        put(its, response);
        // As the browser wrote it, which compares letter by letter.
        response.put(its[0].name(), origin);
      }
    }
    if (byOrigin != null) {
      response.put(VARY, "Origin");
    }
    if (request.contains(PREFLIGHT)) {
      response.put(MAX_AGE, PREFLIGHT_SECONDS);
    }
  }

  private static void put(Header[] headers, HeaderMap into) {
    for (Header header : headers) {
      into.put(header.name(), header.value());
    }
  }
}
