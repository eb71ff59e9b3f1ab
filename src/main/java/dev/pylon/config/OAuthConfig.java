package dev.pylon.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Other providers that people sign in with.
 *
 * @param trustedOrigins of pages that they may go back to, beside those in the manifest
 */
public record OAuthConfig(List<Provider> providers, List<String> trustedOrigins) {

  /**
   * One of them.
   *
   * @param name as it stands in paths, in lower case
   * @param redirect where it sends people back to
   * @param scopes empty for what a sign-in needs
   * @param issuer where it tells its addresses; null for GitHub, which does not
   */
  public record Provider(
      String name,
      String clientId,
      String clientSecret,
      String redirect,
      List<String> scopes,
      @Nullable String issuer) {
    public Provider {
      scopes = List.copyOf(scopes);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
      return "Provider[name=%s, redirect=%s, issuer=%s]".formatted(name, redirect, issuer);
    }
  }

  public OAuthConfig {
    providers = List.copyOf(providers);
    trustedOrigins = List.copyOf(trustedOrigins);
  }

  static OAuthConfig of(Resolver settings) {
    return new OAuthConfig(
        OAuthSettings.providers(settings), settings.value(SignInSettings.TRUSTED_ORIGINS));
  }
}
