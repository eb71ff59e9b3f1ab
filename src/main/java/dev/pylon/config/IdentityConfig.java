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
 * @param keyPepper mixed into API keys before they are kept; null where none is set
 * @param publicUrl what links in letters begin with; empty where it is not known
 * @param dashboardUrl the page to which links in letters lead in the end
 * @param asksForBreaches whether new passwords are looked up among those that others have lost
 * @param totpKey seals the secrets of second factors; null to keep them as they are
 * @param totpIssuer what authenticator apps show; null for the application's name
 * @param tenantScope whether rows of other tenants are out of reach
 * @param jwt which JSON web tokens are believed
 * @param oauth other providers that people sign in with
 */
public record IdentityConfig(
    @Nullable Path file,
    boolean inMemory,
    @Nullable String cookieName,
    @Nullable String cookieDomain,
    boolean cookieSecure,
    String sameSite,
    @Nullable String keyPepper,
    String publicUrl,
    String dashboardUrl,
    boolean asksForBreaches,
    @Nullable String totpKey,
    @Nullable String totpIssuer,
    boolean tenantScope,
    JwtConfig jwt,
    OAuthConfig oauth) {

  /** Never shows a secret. */
  @Override
  public String toString() {
    return "IdentityConfig[file=%s, inMemory=%s, sameSite=%s, publicUrl=%s, tenantScope=%s]"
        .formatted(file, inMemory, sameSite, publicUrl, tenantScope);
  }
}
