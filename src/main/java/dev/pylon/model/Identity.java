package dev.pylon.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling.
 *
 * @param userId null for anonymous callers and for the system
 * @param admin whether the admin token was presented
 * @param tenantId the active tenant, if any
 * @param roles roles in the active tenant
 * @param system whether this is the server itself, running a job
 * @param email the user's address, where it is known
 * @param key the API key that was presented instead of a session; null where none was
 * @param trustedDevice whether the device is one on which the user is spared the second factor
 */
public record Identity(
    @Nullable String userId,
    boolean admin,
    @Nullable String tenantId,
    List<String> roles,
    boolean system,
    @Nullable String email,
    @Nullable Key key,
    boolean trustedDevice) {

  /** Ids of guests begin so. */
  public static final String GUEST_PREFIX = "guest_";

  public static final Identity ANONYMOUS = new Identity(null, false, null, List.of(), false);

  /** The holder of the admin token. */
  public static final Identity ADMIN =
      new Identity("__admin__", true, null, List.of("admin"), false);

  /** The server itself: scheduled jobs run as this. */
  public static final Identity SYSTEM = new Identity(null, false, null, List.of(), true);

  /**
   * An API key, by which a program speaks for its owner.
   *
   * @param scopes what it may be used for, separated by commas; null for everything
   */
  public record Key(String id, @Nullable String scopes) {}

  public Identity {
    roles = List.copyOf(roles);
  }

  /** Somebody on a device that is not known. */
  public Identity(
      @Nullable String userId,
      boolean admin,
      @Nullable String tenantId,
      List<String> roles,
      boolean system,
      @Nullable String email,
      @Nullable Key key) {
    this(userId, admin, tenantId, roles, system, email, key, false);
  }

  /** Somebody of whom no address is known and who did not present an API key. */
  public Identity(
      @Nullable String userId,
      boolean admin,
      @Nullable String tenantId,
      List<String> roles,
      boolean system) {
    this(userId, admin, tenantId, roles, system, null, null);
  }

  /** A signed-in user of {@code tenantId}. */
  public static Identity user(String userId, @Nullable String tenantId) {
    return new Identity(userId, false, tenantId, List.of(), false);
  }

  /** The same on a device that is trusted. */
  public Identity onTrustedDevice() {
    return new Identity(userId, admin, tenantId, roles, system, email, key, true);
  }

  /** Guests are known by the prefix of their id. */
  public boolean isGuest() {
    return userId != null && userId.startsWith(GUEST_PREFIX);
  }

  /** Whether somebody has signed in: a user, a guest, or an admin. */
  public boolean isKnown() {
    return admin || userId != null;
  }
}
