package dev.pylon.auth.factors;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Codes that follow the time (RFC 6238): six digits by SHA-1, another each thirty seconds, which is
 * what every authenticator app understands.
 */
public final class Totp {
  /** Bytes of a secret; RFC 4226, 4, asks for 20. */
  public static final int SECRET_BYTES = 20;

  private static final int STEP_SECONDS = 30;
  private static final int DIGITS = 6;
  private static final int CODES = 1_000_000;

  /** Steps that a clock may be off, either way. */
  private static final int DRIFT = 1;

  private Totp() {}

  /** Whether {@code text} may be a code, judged by its form. */
  public static boolean isCode(String text) {
    return text.length() == DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The code of {@code secret} at a moment. */
  public static String code(byte[] secret, long epochSeconds) {
    return codeOf(secret, epochSeconds / STEP_SECONDS);
  }

  /** The step of which {@code code} is the code, around a moment; empty for a wrong one. */
  public static OptionalLong step(byte[] secret, String code, long epochSeconds) {
    long now = epochSeconds / STEP_SECONDS;
    OptionalLong found = OptionalLong.empty();
    // All are looked at, so that a right code takes no less time than a wrong one.
    for (long step = now - DRIFT; step <= now + DRIFT; step++) {
      if (equal(codeOf(secret, step), code)) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  private static boolean equal(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
  }

  private static String codeOf(byte[] secret, long step) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int offset = hash[hash.length - 1] & 0xf;
      int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
      return "%06d".formatted(number % CODES);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA1", e);
    }
  }

  /** What an authenticator app reads, as a QR code or a link. */
  public static String url(String issuer, String account, String secret) {
    return "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d"
        .formatted(
            escaped(issuer), escaped(account), secret, escaped(issuer), DIGITS, STEP_SECONDS);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
