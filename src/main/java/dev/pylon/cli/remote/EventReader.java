package dev.pylon.cli.remote;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads server-sent events (HTML living standard, 9.2) and keeps the bytes of their data as they
 * are.
 */
public final class EventReader {
  /** A line longer than this is not an event of ours: chunks of a stream are far shorter. */
  private static final int LINE_BYTES_MAX = 64 * 1024 * 1024;

  /**
   * @param name empty where the event has none
   * @param data its lines, joined by line feeds
   */
  public record Event(String name, byte[] data) {
    String text() {
      return new String(data, StandardCharsets.UTF_8);
    }
  }

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

  public EventReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** The next event; empty at the end of the stream. An event cut short by the end is dropped. */
  public Optional<Event> next() throws IOException {
    String name = "";
    ByteArrayOutputStream data = null;
    while (readLine()) {
      byte[] bytes = line.toByteArray();
      if (bytes.length == 0) {
        if (data != null) {
          return Optional.of(new Event(name, data.toByteArray()));
        }
        name = "";
      } else if (startsWith(bytes, "data:")) {
        if (data == null) {
          data = new ByteArrayOutputStream(bytes.length);
        } else {
          data.write('\n');
        }
        data.writeBytes(value(bytes, 5));
      } else if (startsWith(bytes, "event:")) {
        name = new String(value(bytes, 6), StandardCharsets.UTF_8);
      }
      // ids, retry times and comments do not concern one call
    }
    return Optional.empty();
  }

  /** Reads one line with a line feed at its end; false where the stream ended before one. */
  private boolean readLine() throws IOException {
    line.reset();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return false;
      }
      if (line.size() >= LINE_BYTES_MAX) {
        throw new IOException("an event of the answer is too long");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] bytes, String ascii) {
    if (bytes.length < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] value(byte[] bytes, int from) {
    int start = from < bytes.length && bytes[from] == ' ' ? from + 1 : from;
    return Arrays.copyOfRange(bytes, start, bytes.length);
  }
}
