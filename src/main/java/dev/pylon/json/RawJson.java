package dev.pylon.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON text that was checked once and travels on as it is: compact, in UTF-8, without line breaks.
 * Immutable by agreement: nobody writes into {@link #bytes}.
 */
public final class RawJson {
  public static final RawJson NULL = of("null");
  public static final RawJson EMPTY_OBJECT = of("{}");

  private final byte[] bytes;

  private RawJson(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Text that the caller knows to be compact JSON; bytes are not copied. */
  public static RawJson trusted(byte[] utf8) {
    return new RawJson(utf8);
  }

  /** A value as JSON text. */
  public static RawJson of(byte[] utf8, int from, int to) {
    return new RawJson(Arrays.copyOfRange(utf8, from, to));
  }

  private static RawJson of(String text) {
    return new RawJson(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The text in UTF-8. Not a copy: read only. */
  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawJson raw && Arrays.equals(bytes, raw.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
