package dev.pylon.server;

import dev.pylon.server.http.QueryString;
import dev.pylon.server.http.Request;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What stands in front of a body, as a {@link Request} that has none yet. Thread-safe. */
final class RequestHeads {
  /** A request id from outside is repeated in headers and logs: short and plain, or ours. */
  private static final int REQUEST_ID_CHARS_MAX = 128;

  private static final byte[] NO_BODY = {};

  private final String instance;
  private final AtomicLong requestNumbers = new AtomicLong();

  /**
   * @param instance what the ids of requests begin with that bring none
   */
  RequestHeads(String instance) {
    this.instance = instance;
  }

  Request of(HttpServerExchange exchange) {
    HeaderMap headers = exchange.getRequestHeaders();
    String query = exchange.getQueryString();
    String path = exchange.getRequestPath();
    return new Request(
        exchange.getRequestMethod().toString(),
        path,
        query.isEmpty() ? path : path + "?" + query,
        query.isEmpty() ? Map.of() : QueryString.parse(query),
        name -> joined(headers.get(HeaderNames.of(name))),
        () -> all(headers),
        NO_BODY,
        null,
        exchange.getSourceAddress().getAddress(),
        requestId(exchange));
  }

  /**
   * A header that came more than once is one list (RFC 9110, 5.2): of the addresses it was
   * forwarded for, what stands first may be anybody's, and what stands last is our proxy's.
   */
  private static @Nullable String joined(@Nullable HeaderValues values) {
    if (values == null) {
      return null;
    }
    if (values.size() == 1) {
      return values.getFirst();
    }
    return String.join(values.getHeaderName().equals(Headers.COOKIE) ? "; " : ", ", values);
  }

  private static Map<String, String> all(HeaderMap headers) {
    var all = new LinkedHashMap<String, String>();
    for (HeaderValues values : headers) {
      all.put(values.getHeaderName().toString().toLowerCase(Locale.ROOT), joined(values));
    }
    return all;
  }

  private String requestId(HttpServerExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst(HeaderNames.REQUEST_ID);
    return given != null && isPlain(given) ? given : nextId();
  }

  /** The id of a request that brings none. */
  String nextId() {
    return instance + "-" + requestNumbers.incrementAndGet();
  }

  private static boolean isPlain(String id) {
    return !id.isEmpty()
        && id.length() <= REQUEST_ID_CHARS_MAX
        && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
