package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.factors.Base32;
import dev.pylon.auth.factors.Seal;
import dev.pylon.auth.factors.Totp;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The second factor of those who have one: codes of an authenticator app, and a few backup codes
 * for who has lost it. A code is good once. Thread-safe.
 */
public final class SecondFactors {
  private static final System.Logger LOG = System.getLogger(SecondFactors.class.getName());

  private static final int BACKUP_CODES = 10;

  /** Enough that a plain hash of a backup code cannot be guessed. */
  private static final int BACKUP_BYTES = 10;

  private final Vault vault;
  private final Users users;
  private final TrustedDevices devices;
  private final Audit audit;
  private final InstantSource clock;
  private final Seal seal;
  private final @Nullable String issuer;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * What the operator says.
   *
   * @param key seals secrets; null to keep them as they are
   * @param issuer what authenticator apps show; null for the application's name
   */
  public record Settings(@Nullable String key, @Nullable String issuer) {

    /** Never shows the key. */
    @Override
    public String toString() {
      return "Settings[issuer=%s]".formatted(issuer);
    }
  }

  SecondFactors(
      Vault vault,
      Users users,
      TrustedDevices devices,
      Audit audit,
      Settings settings,
      InstantSource clock) {
    this.vault = vault;
    this.users = users;
    this.devices = devices;
    this.audit = audit;
    this.clock = clock;
    this.seal = new Seal(settings.key());
    this.issuer = settings.issuer();
  }

  /** What somebody shows to their authenticator app. */
  public record Enrolment(String secret, String url, String issuer, String account) {}

  /**
   * A code that was right.
   *
   * @param backupCodes what is shown once, where the code ended an enrolment; empty otherwise
   */
  public record Verified(boolean enrolled, List<String> backupCodes) {}

  /** What is kept of a user: what counts, and what is not proved yet. */
  private record Kept(@Nullable String secret, @Nullable String pending, long lastStep) {}

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** Whether signing in takes a second step. */
  public boolean isActive(String userId) {
    return find(userId).map(Kept::secret).isPresent();
  }

  private Optional<Kept> find(String userId) {
    return vault.read(session ->
        session.one(
            Sql.of("SELECT secret, pending, last_step FROM _pylon_totp WHERE user_id = ?", userId),
            row -> new Kept(row.text(0), row.text(1), row.integer(2))));
  }

  /**
   * Begins an enrolment, which {@link #verify} ends; until then nothing changes for who has a
   * second factor already.
   *
   * @param code proves the one they have; ignored where they have none
   * @throws PylonException {@link AuthError#INVALID_TOTP_CODE}
   */
  public Enrolment enrol(String userId, String code, Visitor visitor) {
    if (isActive(userId)) {
      require(userId, code, visitor);
    }
    if (!seal.hasKey() && warned.compareAndSet(false, true)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "PYLON_TOTP_ENCRYPTION_KEY is not set: secrets of second factors are kept unencrypted");
    }
    byte[] secret = Secrets.bytes(Totp.SECRET_BYTES);
    int unused =
        vault.write(session ->
            session.execute(
                Sql.of(
                    """
                    INSERT INTO _pylon_totp (user_id, pending, last_step, created_at)
                      VALUES (?, ?, 0, ?)
                      ON CONFLICT (user_id) DO UPDATE SET pending = excluded.pending\
                    """,
                    userId,
                    seal.close(secret, userId),
                    now())));
    String shown = Base32.text(secret);
    String label = issuer == null ? users.manifest().name() : issuer;
    String account = users.email(userId).orElse(userId);
    return new Enrolment(shown, Totp.url(label, account, shown), label, account);
  }

  /**
   * Ends an enrolment, or proves once more who is there.
   *
   * @throws PylonException {@link AuthError#TOTP_NOT_ENROLLED}, {@link
   *     AuthError#INVALID_TOTP_CODE}, {@link AuthError#TOTP_BAD_SECRET}
   */
  public Verified verify(String userId, String code, Visitor visitor) {
    Kept kept = find(userId).orElseThrow(SecondFactors::notEnrolled);
    String pending = kept.pending();
    if (pending != null && Totp.isCode(plain(code))) {
      OptionalLong step = Totp.step(opened(pending, userId), plain(code), now());
      if (step.isPresent()) {
        return new Verified(true, activate(userId, pending, step.getAsLong(), visitor));
      }
    }
    if (kept.secret() == null) {
      throw wrong(userId, visitor);
    }
    require(userId, code, visitor);
    return new Verified(false, List.of());
  }

  private List<String> activate(String userId, String pending, long step, Visitor visitor) {
    List<String> codes = newBackupCodes();
    boolean activated =
        vault.write(session -> {
          int count =
              session.execute(
                  Sql.of(
                      "UPDATE _pylon_totp SET secret = pending, pending = NULL, last_step = ?,"
                          + " verified_at = ? WHERE user_id = ? AND pending = ?",
                      step,
                      now(),
                      userId,
                      pending));
          return count > 0 && keepBackupCodes(session, userId, codes);
        });
    if (!activated) {
      throw wrong(userId, visitor);
    }
    int unused = devices.revokeAll(userId);
    audit.note(Action.TOTP_ENROLLED, userId, visitor);
    return codes;
  }

  /**
   * Ends the second factor, and the trust in devices with it.
   *
   * @param proved whether its owner has proved by their password who they are
   * @param code what proves it otherwise
   * @throws PylonException {@link AuthError#TOTP_NOT_ENROLLED}, {@link AuthError#INVALID_TOTP_CODE}
   */
  public void disable(String userId, boolean proved, String code, Visitor visitor) {
    if (!proved) {
      requireActive(userId);
      require(userId, code, visitor);
    }
    boolean unused = vault.write(session -> forget(session, userId));
    int devicesEnded = devices.revokeAll(userId);
    audit.note(
        Action.TOTP_DISABLED, userId, visitor, Map.of("devices", String.valueOf(devicesEnded)));
  }

  /** Removes all that is kept of a user. */
  static boolean forget(Session session, String userId) {
    session.execute(Sql.of("DELETE FROM _pylon_totp_backup_codes WHERE user_id = ?", userId));
    session.execute(Sql.of("DELETE FROM _pylon_sign_in_challenges WHERE user_id = ?", userId));
    return session.execute(Sql.of("DELETE FROM _pylon_totp WHERE user_id = ?", userId)) > 0;
  }

  /**
   * New backup codes in the place of the old ones; shown once.
   *
   * @throws PylonException {@link AuthError#TOTP_NOT_ENROLLED}, {@link AuthError#INVALID_TOTP_CODE}
   */
  public List<String> regenerate(String userId, String code, Visitor visitor) {
    requireActive(userId);
    require(userId, code, visitor);
    List<String> codes = newBackupCodes();
    boolean unused = vault.write(session -> keepBackupCodes(session, userId, codes));
    audit.note(Action.BACKUP_CODES_MADE, userId, visitor);
    return codes;
  }

  /**
   * @throws PylonException {@link AuthError#TOTP_NOT_ENROLLED}
   */
  public void requireActive(String userId) {
    if (!isActive(userId)) {
      throw notEnrolled();
    }
  }

  /**
   * Uses up a code.
   *
   * @throws PylonException {@link AuthError#INVALID_TOTP_CODE}, {@link AuthError#TOTP_BAD_SECRET}
   */
  void require(String userId, String code, Visitor visitor) {
    String given = plain(code);
    boolean right = Totp.isCode(given) ? use(userId, given) : useBackupCode(userId, given);
    if (!right) {
      throw wrong(userId, visitor);
    }
  }

  /** People copy codes with the blanks and dashes they are shown with. */
  private static String plain(String code) {
    return code.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
  }

  private boolean use(String userId, String code) {
    Kept kept = find(userId).orElse(null);
    String secret = kept == null ? null : kept.secret();
    if (kept == null || secret == null) {
      return false;
    }
    OptionalLong step = Totp.step(opened(secret, userId), code, now());
    // The statement looks and writes at once: of two who bring the same code, one is let in.
    return step.isPresent()
        && step.getAsLong() > kept.lastStep()
        && vault.write(session ->
            session.execute(
                Sql.of(
                    "UPDATE _pylon_totp SET last_step = ?"
                        + " WHERE user_id = ? AND last_step < ? AND secret = ?",
                    step.getAsLong(),
                    userId,
                    step.getAsLong(),
                    secret)))
            > 0;
  }

  private boolean useBackupCode(String userId, String code) {
    return vault.write(session ->
        session.execute(
            Sql.of(
                "DELETE FROM _pylon_totp_backup_codes WHERE user_id = ? AND code_hash = ?",
                userId,
                Secrets.hash(code))))
        > 0;
  }

  private byte[] opened(String kept, String userId) {
    return seal.open(kept, userId)
        .orElseThrow(() ->
            new PylonException(
                AuthError.TOTP_BAD_SECRET,
                "The secret of this second factor cannot be read; a backup code still works"));
  }

  private static List<String> newBackupCodes() {
    return Stream.generate(() -> Base32.text(Secrets.bytes(BACKUP_BYTES)).toLowerCase(Locale.ROOT))
        .map(code -> code.replaceAll("(.{4})(?=.)", "$1-"))
        .limit(BACKUP_CODES)
        .toList();
  }

  private static boolean keepBackupCodes(Session session, String userId, List<String> codes) {
    session.execute(Sql.of("DELETE FROM _pylon_totp_backup_codes WHERE user_id = ?", userId));
    for (String code : codes) {
      session.execute(
          Sql.of(
              "INSERT INTO _pylon_totp_backup_codes (user_id, code_hash) VALUES (?, ?)",
              userId,
              Secrets.hash(plain(code))));
    }
    return true;
  }

  private static PylonException notEnrolled() {
    return new PylonException(
        AuthError.TOTP_NOT_ENROLLED, "There is no second factor; enroll one first");
  }

  private PylonException wrong(String userId, Visitor visitor) {
    audit.noteFailure(
        Action.SECOND_FACTOR_FAILED, userId, visitor, AuthError.INVALID_TOTP_CODE.name());
    return new PylonException(
        AuthError.INVALID_TOTP_CODE, "The code is wrong, too old, or was used before");
  }
}
