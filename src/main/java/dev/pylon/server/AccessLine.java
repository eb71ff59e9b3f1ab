package dev.pylon.server;

import dev.pylon.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Lines of JSON, put together byte by byte in one growing array: a map and a writer of JSON for
 * each would cost as much as a tenth of a call. Confined to the access log's thread.
 */
final class AccessLine {
  /** Most texts are a path and an id: more room than that is made for the rare ones. */
  private static final int ROOM = 64 * 1024;

  private static final int MICROS_DIGITS = 6;
  private static final int HUNDREDTHS_DIGITS = 2;

  private byte[] bytes = new byte[ROOM];
  private int length;

  /** The last second that was written, up to its dot. */
  private String second = "";

  private long secondOf = Long.MIN_VALUE;

  /** A text of ASCII as it stands, unescaped. */
  AccessLine raw(String text) {
    return add(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private AccessLine add(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  /** A text in quotes. */
  AccessLine quoted(String text) {
    return isPlain(text) ? raw("\"").raw(text).raw("\"") : add(Json.bytes(text));
  }

  /** Whether it stands in JSON as it is, a byte for each character. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  AccessLine number(long value) {
    return raw(Long.toString(value));
  }

  /** Milliseconds with two decimals. */
  AccessLine millis(long nanos) {
    long hundredths = Math.max(0, Math.round(nanos / 1e4));
    return number(hundredths / 100).raw(".").digits(hundredths % 100, HUNDREDTHS_DIGITS);
  }

  /** A moment to the microsecond, in quotes. */
  AccessLine moment(Instant moment) {
    if (moment.getEpochSecond() != secondOf) {
      secondOf = moment.getEpochSecond();
      second = "\"" + Instant.ofEpochSecond(secondOf).toString().replace("Z", ".");
    }
    return raw(second).digits(moment.getNano() / 1_000, MICROS_DIGITS).raw("Z\"");
  }

  private AccessLine digits(long value, int count) {
    room(count);
    long left = value;
    for (int at = length + count - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    length += count;
    return this;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  int length() {
    return length;
  }

  /** What was put together so far; the next line begins anew. */
  byte[] take() {
    byte[] taken = Arrays.copyOf(bytes, length);
    length = 0;
    bytes = bytes.length > 4 * ROOM ? new byte[ROOM] : bytes;
    return taken;
  }
}
