package dev.pylon.schema;

import java.util.List;

/**
 * How the application signs people in.
 *
 * @param userEntity the entity that holds users
 * @param expose fields the session endpoint may show; empty means the default set
 * @param hide fields it never shows
 * @param sessionSeconds how long a session lasts
 */
public record AuthConfig(
    String userEntity,
    List<String> expose,
    List<String> hide,
    long sessionSeconds,
    List<String> trustedOrigins) {
  public static final AuthConfig DEFAULT =
      new AuthConfig("User", List.of(), List.of(), 2_592_000, List.of());

  /**
   * Whether {@code field} of the user entity never leaves the server, except to function code:
   * passwords and what begins with {@code _} always, others as the author says.
   */
  public boolean hides(String field) {
    return field.equals("passwordHash")
        || field.startsWith("_")
        || hide.contains(field)
        || (!expose.isEmpty() && !expose.contains(field));
  }

  public AuthConfig {
    expose = List.copyOf(expose);
    hide = List.copyOf(hide);
    trustedOrigins = List.copyOf(trustedOrigins);
  }
}
