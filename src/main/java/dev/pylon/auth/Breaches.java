package dev.pylon.auth;

import dev.pylon.outbound.Remote;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * Passwords that others have lost. The service is told the first five digits of a hash, which
 * hundreds of passwords share; where it does not answer, a password is taken for unknown.
 */
@FunctionalInterface
public interface Breaches {
  /** Asks nobody. */
  Breaches UNASKED = password -> false;

  /** Whether {@code password} has been lost before. */
  boolean know(String password);

  /** Asks the service at {@code ranges}, such as {@code https://api.pwnedpasswords.com/range/}. */
  static Breaches at(URI ranges) {
    return new Breaches() {
      private static final Duration PATIENCE = Duration.ofSeconds(2);
      private static final int PREFIX_CHARS = 5;

      @Override
      public boolean know(String password) {
        String hash = sha1(password);
        URI range = ranges.resolve(hash.substring(0, PREFIX_CHARS));
        try {
          Remote.Reply reply =
              new Remote(PATIENCE, false).get(range, Map.of("Add-Padding", "true"));
          return reply.isGood() && lists(reply.text(), hash.substring(PREFIX_CHARS));
        } catch (IOException e) {
          // The service is not part of signing up: without it everybody may.
          return false;
        }
      }
    };
  }

  /** Lines are {@code <rest of hash>:<times>}; padding has been lost no times. */
  private static boolean lists(String lines, String rest) {
    return lines
        .lines()
        .map(line -> line.strip().split(":"))
        .anyMatch(line -> line.length == 2 && line[0].equals(rest) && !line[1].equals("0"));
  }

  private static String sha1(String password) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1").digest(password.getBytes(StandardCharsets.UTF_8)))
          .toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
