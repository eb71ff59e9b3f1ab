package dev.pylon.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How people sign in, as far as the operator says.
 *
 * @param file the SQLite file of sessions and keys; null where they are kept in memory, or in the
 *     Postgres database of the application
 * @param inMemory whether sessions and keys end with the server
 * @param cookieName null for one made of the application's name
 * @param cookieDomain null for the host that answers
 * @param sameSite {@code Lax}, {@code Strict} or {@code None}
 */
public record IdentityConfig(
    @Nullable Path file,
    boolean inMemory,
    @Nullable String cookieName,
    @Nullable String cookieDomain,
    boolean cookieSecure,
    String sameSite) {}
