package dev.pylon.cli.remote;

import dev.pylon.cli.text.Style;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/** A body that comes in chunks, each after its length (RFC 9112, 7.1). */
final class ChunkedBody extends InputStream {
  /** A length, its extensions and a trailer line fit into this. */
  private static final int LINE_BYTES_MAX = 8 * 1024;

  private final InputStream in;
  private long left;
  private boolean first = true;
  private boolean ended;

  ChunkedBody(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(bytes, from, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the server closed the connection before the end of its answer");
    }
    left -= count;
    return count;
  }

  private void nextChunk() throws IOException {
    if (!first) {
      HttpLink.line(in, LINE_BYTES_MAX); // the end of the chunk before
    }
    first = false;
    String size = HttpLink.line(in, LINE_BYTES_MAX).split(";", 2)[0].strip();
    try {
      left = Long.parseLong(size, 16);
    } catch (NumberFormatException e) {
      throw new ProtocolException("the length of a chunk is not a number: " + Style.clean(size));
    }
    if (left == 0) {
      while (!HttpLink.line(in, LINE_BYTES_MAX).isEmpty()) {
        // trailers say nothing we ask for
      }
      ended = true;
    }
  }
}
