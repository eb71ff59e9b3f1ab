package dev.pylon.server;

import dev.pylon.model.PylonException;
import dev.pylon.server.http.HttpError;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.Optional;

/**
 * Where the body of a request ends, as far as Undertow leaves it open. A proxy in front of us that
 * sees another end than we do would take the rest of a body for the next request (RFC 9112, 11.2).
 */
final class Framing {
  /** Any number of so many digits is one that we can hold. */
  private static final int LENGTH_DIGITS_MAX = 18;

  private Framing() {}

  /**
   * The refusal of a request whose end is not certain: HTTP/1.1 knows one coding that frames a body
   * (RFC 9112, 6.1 and 6.3), and Undertow reads every other as if it were that one. More than one
   * such header, and one beside a length, Undertow refuses; also a length that is no number. One
   * that is too large for it it takes for another.
   */
  static Optional<PylonException> refusal(HttpServerExchange exchange) {
    String coding = exchange.getRequestHeaders().getFirst(Headers.TRANSFER_ENCODING);
    if (coding == null) {
      String length = exchange.getRequestHeaders().getFirst(Headers.CONTENT_LENGTH);
      return length == null || length.length() <= LENGTH_DIGITS_MAX
          ? Optional.empty()
          : refusal(
              "Content-Length is no number of at most %d digits".formatted(LENGTH_DIGITS_MAX));
    }
    if (!exchange.isHttp11()) {
      return refusal("Transfer-Encoding needs HTTP/1.1");
    }
    return coding.equalsIgnoreCase("chunked")
        ? Optional.empty()
        : refusal("Transfer-Encoding can only be \"chunked\"");
  }

  /** Whether the body tells its length piece by piece. */
  static boolean isChunked(HttpServerExchange exchange) {
    return exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING);
  }

  private static Optional<PylonException> refusal(String message) {
    return Optional.of(new PylonException(HttpError.INVALID_HTTP, message));
  }
}
