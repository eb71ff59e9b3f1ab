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
 * nothing of an origin is no page and reads none of this: they get the first origin and the lists
 * as the contract has them. The longer ones we mean for pages would be a third of a short answer.
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

  /** For callers without an origin. */
  private final Header[] unasked;

  /** For all pages where any may call, else null. */
  private final Header @Nullable [] anyOrigin;

  /** By origin in lower case. */
  private final Map<String, Header[]> byOrigin = new HashMap<>();

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
    boolean any = corsOrigins.contains("*");
    this.unasked =
        corsOrigins.isEmpty() ? new Header[0] : plain(any ? "*" : corsOrigins.getFirst());
    this.anyOrigin = any ? pages("*") : null;
    corsOrigins.forEach(origin -> byOrigin.put(origin.toLowerCase(Locale.ROOT), pages(origin)));
  }

  private static Header[] plain(String origin) {
    return withCredentials(
        origin,
        headers(
            "Access-Control-Allow-Origin",
            origin,
            "Access-Control-Allow-Methods",
            "GET, POST, PATCH, DELETE, OPTIONS",
            "Access-Control-Allow-Headers",
            "Content-Type, Authorization"));
  }

  private static Header[] pages(String origin) {
    return withCredentials(
        origin,
        headers(
            "Access-Control-Allow-Origin",
            origin,
            "Access-Control-Allow-Methods",
            "GET, POST, PATCH, PUT, DELETE, HEAD, OPTIONS",
            "Access-Control-Allow-Headers",
            "Content-Type, Authorization, X-Filename, X-Request-Id, X-Requested-With,"
                + " Idempotency-Key, Last-Event-ID, Prefer, Pylon-Stream, If-None-Match",
            "Access-Control-Expose-Headers",
            "X-Pylon-Call-Id, X-Pylon-Instance, X-Pylon-Cursor, X-Pylon-Before, X-Request-Id,"
                + " Server-Timing, ETag, Retry-After, Pylon-Stream-Id, Stream-Next-Offset, Stream-Up-To-Date,"
                + " Stream-Closed"));
  }

  private static Header[] withCredentials(String origin, Header[] shared) {
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
    String origin = request.getFirst(ORIGIN);
    if (origin == null) {
      put(unasked, response);
    } else if (anyOrigin != null) {
      put(anyOrigin, response);
    } else {
      Header[] its = byOrigin.get(origin.toLowerCase(Locale.ROOT));
      if (its != null) {
        put(its, response);
        // As the browser wrote it, which compares letter by letter.
        response.put(its[0].name(), origin);
      }
    }
    if (anyOrigin == null) {
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
