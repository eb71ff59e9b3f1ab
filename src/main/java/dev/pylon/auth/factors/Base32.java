package dev.pylon.auth.factors;

/** Bytes as letters and digits that people can type (RFC 4648, 6), without padding. */
public final class Base32 {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  private Base32() {}

  public static String text(byte[] bytes) {
    var text = new StringBuilder();
    int held = 0;
    int bits = 0;
    for (byte b : bytes) {
      held = held << Byte.SIZE | b & 0xff;
      bits += Byte.SIZE;
      while (bits >= BITS) {
        bits -= BITS;
        text.append(ALPHABET.charAt(held >> bits & 0x1f));
      }
      held &= (1 << bits) - 1;
    }
    return bits == 0
        ? text.toString()
        : text.append(ALPHABET.charAt(held << BITS - bits & 0x1f)).toString();
  }

  /**
   * @throws IllegalArgumentException where {@code text} is none
   */
  public static byte[] bytes(String text) {
    byte[] bytes = new byte[text.length() * BITS / Byte.SIZE];
    int held = 0;
    int bits = 0;
    int at = 0;
    for (char c : text.toCharArray()) {
      int value = ALPHABET.indexOf(c);
      if (value < 0) {
        throw new IllegalArgumentException("not base32");
      }
      held = (held << BITS | value) & 0xffff;
      bits += BITS;
      if (bits >= Byte.SIZE) {
        bits -= Byte.SIZE;
        bytes[at++] = (byte) (held >> bits);
      }
    }
    return bytes;
  }
}
