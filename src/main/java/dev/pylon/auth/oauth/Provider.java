package dev.pylon.auth.oauth;

import dev.pylon.model.PylonException;
import dev.pylon.outbound.Remote;
import java.net.URI;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Somebody other than us with whom people sign in. Thread-safe. */
public interface Provider {
  /** As it stands in paths, such as {@code google}. */
  String name();

  /**
   * Where somebody signs in.
   *
   * @throws PylonException {@link OAuthError#OAUTH_PROVIDER_BROKEN}
   */
  URI signInPage(Attempt attempt);

  /**
   * Who signed in.
   *
   * @param code as it was brought back, with {@code issuer}, where the provider named itself
   * @throws PylonException {@link OAuthError#OAUTH_TOKEN_EXCHANGE_FAILED}
   */
  Profile profile(String code, @Nullable String issuer, Attempt attempt);

  /** A provider that speaks OpenID Connect, and tells its addresses at {@code issuer}. */
  static Provider openId(
      String name, String issuer, Client client, Remote remote, InstantSource clock) {
    return new OpenIdProvider(name, issuer, client, remote, clock);
  }

  /**
   * GitHub, which has OAuth but no OpenID Connect.
   *
   * @param site {@code https://github.com}
   * @param api {@code https://api.github.com}
   */
  static Provider gitHub(Client client, URI site, URI api, Remote remote) {
    return new GitHubProvider(client, site, api, remote);
  }
}
