package dev.pylon.boot;

import dev.pylon.auth.OAuthSignIn;
import dev.pylon.auth.jwt.Bearers;
import dev.pylon.auth.oauth.Client;
import dev.pylon.auth.oauth.Provider;
import dev.pylon.config.Config;
import dev.pylon.config.JwtConfig;
import dev.pylon.config.OAuthConfig;
import dev.pylon.outbound.Remote;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** Whom else we believe when they say who somebody is, as the operator says. */
final class Federation {
  /** What one question to another server may take, to its last byte. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final URI GITHUB = URI.create("https://github.com");
  private static final URI GITHUB_API = URI.create("https://api.github.com");

  private Federation() {}

  private static Remote remote(Config config) {
    return new Remote(PATIENCE, config.http().devMode());
  }

  /** Other providers that people sign in with. */
  static OAuthSignIn.Settings providers(Config config, InstantSource clock) {
    OAuthConfig oauth = config.identity().oauth();
    return new OAuthSignIn.Settings(
        oauth.providers().stream()
            .map(provider -> provider(provider, remote(config), clock))
            .toList(),
        oauth.trustedOrigins());
  }

  private static Provider provider(OAuthConfig.Provider named, Remote remote, InstantSource clock) {
    var client =
        new Client(named.clientId(), named.clientSecret(), named.redirect(), named.scopes());
    String issuer = named.issuer();
    return issuer == null
        ? Provider.gitHub(client, GITHUB, GITHUB_API, remote)
        : Provider.openId(named.name(), issuer, client, remote, clock);
  }

  /** JSON web tokens that are believed. */
  static Bearers bearers(Config config, InstantSource clock) {
    JwtConfig jwt = config.identity().jwt();
    String secret = jwt.secret();
    JwtConfig.Trust trust = jwt.trust();
    return new Bearers(
        new Bearers.Settings(
            secret == null ? null : new Bearers.Own(secret, jwt.issuer(), jwt.lifetime()),
            trust == null
                ? null
                : new Bearers.Trust(
                    trust.issuer(),
                    Set.copyOf(trust.audiences()),
                    trust.keys(),
                    Set.copyOf(trust.algorithms()),
                    trust.userClaim(),
                    trust.rolesClaim(),
                    trust.tenantClaim())),
        remote(config),
        clock);
  }
}
