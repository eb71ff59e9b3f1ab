package dev.pylon.server;

import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.xnio.IoUtils;

/**
 * Collects a body whose length was not told ahead, or is told to be too large. Too large a one is
 * read on for a while before it is refused: whoever is still sending when the connection closes
 * sees it cut off, and not the refusal.
 *
 * <p>Confined to the connection's I/O thread.
 */
final class ChunkedBody {
  /**
   * How much more than allowed is read, and dropped, for the sake of the refusal; the bound of the
   * listener, which holds for every body, lies so much higher than that of the longest.
   */
  static final long READ_ON_BYTES = 16L * 1024 * 1024;

  private final long bytesMax;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long length;

  private ChunkedBody(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Reads to the end of the body.
   *
   * @param refuse is told of a body of more than {@code bytesMax}
   */
  static void receive(
      HttpServerExchange exchange,
      long bytesMax,
      BiConsumer<HttpServerExchange, byte[]> take,
      Consumer<HttpServerExchange> refuse,
      Receiver.ErrorCallback failed) {
    // Undertow takes the number in it for the length of a body that tells none.
    exchange.getRequestHeaders().remove(Headers.X_CONTENT_LENGTH);
    var body = new ChunkedBody(bytesMax);
    exchange
        .getRequestReceiver()
        .receivePartialBytes(
            (on, piece, last) -> {
              body.add(piece);
              if (last && body.length > bytesMax) {
                refuse.accept(on);
              } else if (last) {
                take.accept(on, body.bytes.toByteArray());
              } else if (body.length > bytesMax + READ_ON_BYTES) {
                // The read that follows fails, and ends the request.
                IoUtils.safeClose(on.getConnection());
              }
            },
            failed);
  }

  private void add(byte[] piece) {
    length += piece.length;
    if (length <= bytesMax) {
      bytes.writeBytes(piece);
    } else {
      bytes.reset();
    }
  }
}
