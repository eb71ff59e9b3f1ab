package dev.pylon.auth;

import dev.pylon.auth.UserSession.Started;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed in, for how long, and with what. Sessions outlive the server; tokens are kept as
 * hashes only. Thread-safe.
 */
public final class Sessions {
  /** Random bytes of a token. */
  private static final int TOKEN_BYTES = 32;

  private static final int TOKEN_CHARS = SessionTable.TOKEN_PREFIX.length() + 2 * TOKEN_BYTES;

  /** What a browser says of itself is long; the beginning tells which it is. */
  private static final int DEVICE_CHARS_MAX = 200;

  /** Sessions in one list for people. */
  private static final int LIST_MAX = 1_000;

  private static final long BETWEEN_SWEEPS_SECONDS = 3_600;

  private final Vault vault;
  private final InstantSource clock;
  private final LongSupplier lifetimeSeconds;
  private final IdentityCache remembered;
  private final AtomicLong sweptAt = new AtomicLong();

  /**
   * @param lifetimeSeconds how long a session that begins now lasts
   * @param remembered forgets every session that is not what it was
   */
  Sessions(
      Vault vault, InstantSource clock, LongSupplier lifetimeSeconds, IdentityCache remembered) {
    this.vault = vault;
    this.clock = clock;
    this.lifetimeSeconds = lifetimeSeconds;
    this.remembered = remembered;
  }

  /** Whether {@code token} may be one of ours, judged by its form. */
  public static boolean isToken(String token) {
    return token.length() == TOKEN_CHARS && token.startsWith(SessionTable.TOKEN_PREFIX);
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** Begins a session of {@code userId}. */
  public Started start(String userId, @Nullable String tenantId, @Nullable String device) {
    sweep();
    Started started = started(userId, tenantId, device);
    int unused = vault.write(session -> SessionTable.insert(session, started.session()));
    return started;
  }

  private Started started(String userId, @Nullable String tenantId, @Nullable String device) {
    String token = SessionTable.TOKEN_PREFIX + Secrets.hex(TOKEN_BYTES);
    long now = now();
    return new Started(
        token,
        new UserSession(
            Secrets.hash(token),
            token.substring(0, SessionTable.SHOWN_CHARS),
            userId,
            tenantId,
            device == null || device.length() <= DEVICE_CHARS_MAX
                ? device
                : device.substring(0, DEVICE_CHARS_MAX),
            now,
            now + lifetimeSeconds.getAsLong()));
  }

  /** Removes what has ended, now and then. */
  private void sweep() {
    long now = now();
    long swept = sweptAt.get();
    if (now - swept >= BETWEEN_SWEEPS_SECONDS && sweptAt.compareAndSet(swept, now)) {
      int unused = vault.write(session -> SessionTable.deleteEnded(session, now));
    }
  }

  /** The session that {@code token} opens, unless it has ended. Asks the database. */
  public Optional<UserSession> find(String token) {
    return isToken(token)
        ? vault.read(session -> SessionTable.find(session, Secrets.hash(token), now()))
        : Optional.empty();
  }

  /** Puts a new session in the place of the one {@code token} opens; tenant and device stay. */
  public Optional<Started> refresh(String token) {
    Optional<Started> next =
        find(token)
            .flatMap(old -> {
              Started started = started(old.userId(), old.tenantId(), old.device());
              return vault.write(session -> {
                // Whoever removes the old one has the new one: of two who ask at once, one.
                if (SessionTable.delete(session, old.hash()) == 0) {
                  return Optional.empty();
                }
                SessionTable.insert(session, started.session());
                return Optional.of(started);
              });
            });
    remembered.forgetSession(Secrets.hash(token));
    return next;
  }

  /** Ends a session; returns whether there was one. */
  public boolean revoke(String token) {
    String hash = Secrets.hash(token);
    boolean ended = isToken(token) && vault.write(s -> SessionTable.delete(s, hash)) > 0;
    remembered.forgetSession(hash);
    return ended;
  }

  /** Ends the session of which {@code hash} is kept; returns whether there was one. */
  public boolean revokeKept(String hash) {
    boolean ended = vault.write(s -> SessionTable.delete(s, hash)) > 0;
    remembered.forgetSession(hash);
    return ended;
  }

  /** Ends every session of everybody; returns how many there were. */
  public int revokeEverybodys() {
    int count = vault.write(SessionTable::deleteAll);
    remembered.forgetAll();
    return count;
  }

  /** Ends every session of a user; returns how many there were. */
  public int revokeAll(String userId) {
    int count = vault.write(session -> SessionTable.deleteOf(session, userId, now()));
    remembered.forgetUser(userId);
    return count;
  }

  /** The sessions of a user, the newest first. */
  public List<UserSession> list(String userId) {
    return vault.read(session -> SessionTable.list(session, userId, now(), LIST_MAX));
  }

  /** Sessions of everybody, the newest first, at most a thousand. */
  public List<UserSession> all() {
    return vault.read(session -> SessionTable.list(session, null, now(), LIST_MAX));
  }

  /** Makes the session another user's, under the same token; returns whether there was one. */
  public boolean give(String token, String userId) {
    String hash = Secrets.hash(token);
    boolean given = vault.write(s -> SessionTable.give(s, hash, userId, now())) > 0;
    remembered.forgetSession(hash);
    return given;
  }

  /** Selects a tenant; null for none. Returns whether there is such a session. */
  public boolean select(String token, @Nullable String tenantId) {
    String hash = Secrets.hash(token);
    boolean selected = vault.write(s -> SessionTable.select(s, hash, tenantId, now())) > 0;
    remembered.forgetSession(hash);
    return selected;
  }
}
