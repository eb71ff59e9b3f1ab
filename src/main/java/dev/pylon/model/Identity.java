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
 */
public record Identity(
    @Nullable String userId,
    boolean admin,
    @Nullable String tenantId,
    List<String> roles,
    boolean system) {

  public static final Identity ANONYMOUS = new Identity(null, false, null, List.of(), false);

  /** The holder of the admin token. */
  public static final Identity ADMIN =
      new Identity("__admin__", true, null, List.of("admin"), false);

  /** The server itself: scheduled jobs run as this. */
  public static final Identity SYSTEM = new Identity(null, false, null, List.of(), true);

  public Identity {
    roles = List.copyOf(roles);
  }

  /** A signed-in user of {@code tenantId}. */
  public static Identity user(String userId, @Nullable String tenantId) {
    return new Identity(userId, false, tenantId, List.of(), false);
  }

  /** Guests are known by the prefix of their id. */
  public boolean isGuest() {
    return userId != null && userId.startsWith("guest_");
  }
}
