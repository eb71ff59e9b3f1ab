package dev.pylon.auth.factors;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps secrets so that who reads the table cannot: AES-256-GCM by a key of the operator's. What is
 * sealed for one owner is no other's. Without a key they are kept as they are, and can be read
 * after there is one. Thread-safe.
 */
public final class Seal {
  private static final String SEALED = "sealed:";
  private static final String PLAIN = "plain:";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final @Nullable SecretKeySpec key;

  /**
   * @param key any text that is hard to guess; null to keep secrets as they are
   */
  public Seal(@Nullable String key) {
    this.key = key == null ? null : new SecretKeySpec(digest(key), "AES");
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether there is a key. */
  public boolean hasKey() {
    return key != null;
  }

  /** The text to keep of {@code secret}, which is {@code owner}'s. */
  public String close(byte[] secret, String owner) {
    SecretKeySpec by = key;
    if (by == null) {
      return PLAIN + Base64.getEncoder().encodeToString(secret);
    }
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] closed = cipher(Cipher.ENCRYPT_MODE, by, nonce, owner).doFinal(secret);
      return SEALED
          + Base64.getEncoder()
              .encodeToString(
                  ByteBuffer.allocate(nonce.length + closed.length).put(nonce).put(closed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** What was kept; empty where it was sealed by another key, for another owner, or is damaged. */
  public Optional<byte[]> open(String kept, String owner) {
    try {
      if (kept.startsWith(PLAIN)) {
        return Optional.of(Base64.getDecoder().decode(kept.substring(PLAIN.length())));
      }
      SecretKeySpec by = key;
      if (by == null || !kept.startsWith(SEALED)) {
        return Optional.empty();
      }
      byte[] bytes = Base64.getDecoder().decode(kept.substring(SEALED.length()));
      byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, by, nonce, owner)
              .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Whoever asks says what it means to them.
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String owner)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
