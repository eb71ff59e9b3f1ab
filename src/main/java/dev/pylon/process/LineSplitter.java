package dev.pylon.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines at {@code \n}. Lines are handed on as slices of one buffer,
 * which grows to the longest line and no further than the bound, and shrinks again.
 *
 * <p>Confined to the thread that {@linkplain #run runs} it.
 */
final class LineSplitter {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** A larger buffer is given up once its long line has been taken. */
  private static final int KEPT_BYTES_MAX = 4 * 1024 * 1024;

  private final InputStream in;
  private final int lineBytesMax;

  LineSplitter(InputStream in, int lineBytesMax) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
  }

  /** Takes lines. */
  interface Sink {
    /** Takes one line; the bytes are only lent. */
    void line(byte[] buffer, int from, int length);

    /** Nothing more is at hand: the next line, if any, has to be waited for. */
    default void rest() {}
  }

  /**
   * Reads until the stream ends; a last line without a break counts.
   *
   * @throws IOException where a line is longer than the bound, or the pipe fails
   */
  void run(Sink sink) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int end = 0;
    while (true) {
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        break;
      }
      int searched = end;
      end += read;
      int start = 0;
      for (int i = searched; i < end; i++) {
        if (buffer[i] == '\n') {
          sink.line(buffer, start, i - start);
          start = i + 1;
        }
      }
      if (start > 0) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        buffer = shrunk(buffer, end);
        sink.rest();
      } else if (end == buffer.length) {
        buffer = grown(buffer);
      }
    }
    if (end > 0) {
      sink.line(buffer, 0, end);
      sink.rest();
    }
  }

  /** What one long line needed is not kept for all the short ones to come. */
  private static byte[] shrunk(byte[] buffer, int end) {
    return buffer.length > KEPT_BYTES_MAX && end <= BUFFER_BYTES
        ? Arrays.copyOf(buffer, BUFFER_BYTES)
        : buffer;
  }

  private byte[] grown(byte[] buffer) throws IOException {
    if (buffer.length >= lineBytesMax) {
      throw new IOException("a line is longer than " + lineBytesMax + " bytes");
    }
    return Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, lineBytesMax));
  }
}
