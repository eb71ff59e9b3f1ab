package dev.pylon.auth.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * One sign-in that is under way. Both are random.
 *
 * @param state comes back with the code
 * @param verifier proves that who brings the code is who asked for it (RFC 7636); in the beginning
 *     only hashes of it are told
 */
public record Attempt(String state, String verifier) {

  /** What the provider compares with the verifier (S256). */
  String challenge() {
    return hash(verifier);
  }

  /** What comes back in the token. */
  String nonce() {
    return hash("nonce:" + verifier);
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
