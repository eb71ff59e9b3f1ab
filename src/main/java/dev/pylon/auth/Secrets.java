package dev.pylon.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Secrets as they are made, kept and compared. What is kept of a token is only its hash. */
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int CODES = 1_000_000;

  private Secrets() {}

  /** So many random bytes in lower-case hex digits. */
  static String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  /** So many random bytes in base64 for URLs, without padding. */
  static String base64(int bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
  }

  /** Six random digits. */
  static String code() {
    return "%06d".formatted(RANDOM.nextInt(CODES));
  }

  /** So many random bytes. */
  static byte[] bytes(int count) {
    byte[] random = new byte[count];
    RANDOM.nextBytes(random);
    return random;
  }

  /** SHA-256 in hex. Enough for a token, which nobody can guess, and not for a password. */
  static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Takes as long for a nearly right text as for a wrong one. */
  static boolean equal(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
