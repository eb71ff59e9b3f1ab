package dev.pylon.auth.passwords;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Makes and checks the hashes of passwords. New ones are Argon2id in PHC form ({@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}); other costs, bcrypt and scrypt are still understood.
 * Slow on purpose, and needs {@value #MEMORY_KIB} KiB while it runs.
 */
public final class PasswordHash {
  /** The costs that OWASP names for Argon2id (auth contract, A.3). */
  private static final int MEMORY_KIB = 19_456;

  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /** Costs above 16 take seconds, and nobody chooses them. */
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder TO_TEXT = Base64.getEncoder().withoutPadding();

  /** Has the cost of every other, and no password that fits. */
  private static final String OF_NOBODY =
      "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
          + "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private PasswordHash() {}

  /** What became of a check. */
  public enum Verdict {
    WRONG,
    RIGHT,
    /** Right, and kept in a way that is better replaced by what {@link #of} makes. */
    RIGHT_BUT_OLD
  }

  /** A new hash of {@code password}. */
  public static String of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    byte[] hash =
        new Argon2(Argon2Parameters.ARGON2_id, MEMORY_KIB, PASSES, LANES)
            .hash(password, salt, HASH_BYTES);
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY_KIB, PASSES, LANES, TO_TEXT.encodeToString(salt), TO_TEXT.encodeToString(hash));
  }

  /** Takes as long as a check that fails, for who has no password to be checked against. */
  public static Verdict ofNobody(String password) {
    Verdict unused = check(password, OF_NOBODY);
    return Verdict.WRONG;
  }

  /** Whether {@code password} is what {@code stored} was made of; text we cannot read fits none. */
  public static Verdict check(String password, String stored) {
    try {
      if (stored.startsWith("$argon2")) {
        return argon2(password, stored.split("\\$"));
      }
      if (BCRYPT.matcher(stored).matches()) {
        return old(OpenBSDBCrypt.checkPassword(stored, password.toCharArray()));
      }
      if (stored.startsWith("$scrypt$")) {
        return scrypt(password, stored.split("\\$"));
      }
    } catch (IllegalArgumentException e) {
      // Not written by anything we know: the password cannot be right.
      return Verdict.WRONG;
    }
    return Verdict.WRONG;
  }

  private static Verdict old(boolean right) {
    return right ? Verdict.RIGHT_BUT_OLD : Verdict.WRONG;
  }

  /** {@code ["", argon2id, v=19, m=…,t=…,p=…, salt, hash]}. */
  private static Verdict argon2(String password, String[] parts) {
    if (parts.length != 6 || !parts[2].equals("v=19")) {
      return Verdict.WRONG;
    }
    Optional<Argon2> costs = Argon2.parse(parts[1], parts[3]);
    byte[] expected = Base64.getDecoder().decode(parts[5]);
    if (costs.isEmpty() || expected.length < 16) {
      return Verdict.WRONG;
    }
    byte[] hash = costs.get().hash(password, Base64.getDecoder().decode(parts[4]), expected.length);
    if (!MessageDigest.isEqual(expected, hash)) {
      return Verdict.WRONG;
    }
    return costs.get().equals(new Argon2(Argon2Parameters.ARGON2_id, MEMORY_KIB, PASSES, LANES))
        ? Verdict.RIGHT
        : Verdict.RIGHT_BUT_OLD;
  }

  /** {@code ["", scrypt, ln=…,r=…,p=…, salt, hash]}. */
  private static Verdict scrypt(String password, String[] parts) {
    if (parts.length != 5) {
      return Verdict.WRONG;
    }
    Costs costs = Costs.parse(parts[2]);
    int log = costs.of("ln", 20);
    byte[] expected = Base64.getDecoder().decode(parts[4]);
    if (expected.length < 16) {
      return Verdict.WRONG;
    }
    byte[] hash =
        SCrypt.generate(
            password.getBytes(StandardCharsets.UTF_8),
            Base64.getDecoder().decode(parts[3]),
            1 << log,
            costs.of("r", 32),
            costs.of("p", 16),
            expected.length);
    return old(MessageDigest.isEqual(expected, hash));
  }

  /** One way to run Argon2. */
  private record Argon2(int type, int memoryKib, int passes, int lanes) {

    static Optional<Argon2> parse(String name, String costs) {
      int type =
          switch (name) {
            case "argon2id" -> Argon2Parameters.ARGON2_id;
            case "argon2i" -> Argon2Parameters.ARGON2_i;
            case "argon2d" -> Argon2Parameters.ARGON2_d;
            default -> -1;
          };
      if (type < 0) {
        return Optional.empty();
      }
      Costs parsed = Costs.parse(costs);
      return Optional.of(
          new Argon2(type, parsed.of("m", 256 * 1024), parsed.of("t", 20), parsed.of("p", 16)));
    }

    byte[] hash(String password, byte[] salt, int bytes) {
      var generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(type)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(memoryKib)
              .withIterations(passes)
              .withParallelism(lanes)
              .withSalt(salt)
              .build());
      byte[] hash = new byte[bytes];
      generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
      return hash;
    }
  }
}
