package dev.pylon.auth.oauth;

import dev.pylon.auth.jwt.Claims;
import dev.pylon.auth.jwt.Issuer;
import dev.pylon.auth.jwt.Issuer.About;
import dev.pylon.auth.jwt.JwtVerifier;
import dev.pylon.auth.jwt.JwtVerifier.Expected;
import dev.pylon.model.PylonException;
import dev.pylon.model.SigningAlgorithm;
import dev.pylon.outbound.Remote;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A provider that signs whom it sends back (OpenID Connect Core, 3.1). Thread-safe. */
final class OpenIdProvider implements Provider {
  private static final String SCOPES = "openid email profile";

  private final String name;
  private final String issuerName;
  private final Client client;
  private final Remote remote;
  private final InstantSource clock;
  private @Nullable Known known;

  /** What is there from the first sign-in on: nobody else needs what checks tokens. */
  private record Known(Issuer issuer, JwtVerifier verifier) {}

  OpenIdProvider(
      String name, String issuerName, Client client, Remote remote, InstantSource clock) {
    this.name = name;
    this.issuerName = issuerName;
    this.client = client;
    this.remote = remote;
    this.clock = clock;
  }

  private synchronized Known known() {
    Known made = known;
    if (made == null) {
      var issuer = new Issuer(issuerName, null, remote, clock);
      var expected =
          new Expected(
              () -> issuer.about().issuer(),
              Set.of(client.id()),
              Set.copyOf(SigningAlgorithm.names()));
      made = new Known(issuer, JwtVerifier.of(issuer, expected, clock));
      known = made;
    }
    return made;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI signInPage(Attempt attempt) {
    try {
      URI page = known().issuer().about().authorization();
      if (page == null) {
        throw new IOException("it says nothing of authorization_endpoint");
      }
      return Exchange.page(
          page, client, client.scopesOr(SCOPES), attempt, Map.of("nonce", attempt.nonce()));
    } catch (IOException | IllegalArgumentException e) {
      throw new PylonException(
          OAuthError.OAUTH_PROVIDER_BROKEN, "%s cannot be reached".formatted(name), e);
    }
  }

  @Override
  public Profile profile(String code, @Nullable String namedIssuer, Attempt attempt) {
    try {
      About about = known().issuer().about();
      requireSender(about, namedIssuer);
      URI endpoint = about.token();
      if (endpoint == null) {
        throw new IOException("it says nothing of token_endpoint");
      }
      Map<String, @Nullable Object> tokens =
          Exchange.tokens(remote, endpoint, client, about.takesSecretInBody(), code, attempt);
      Claims claims = known().verifier().verify(Exchange.required(tokens, "id_token"));
      requireOurs(claims, attempt);
      return profile(claims, about, Exchange.text(tokens, "access_token"));
    } catch (IOException | PylonException e) {
      throw Exchange.failed(name, e);
    }
  }

  /** A code of another provider is not taken to this one's (RFC 9207). */
  private static void requireSender(About about, @Nullable String named) throws IOException {
    if (named == null ? about.namesItself() : !named.equals(about.issuer())) {
      throw new IOException("the code is another issuer's");
    }
  }

  /** That the token is the answer to this attempt, and for nobody but us (3.1.3.7). */
  private void requireOurs(Claims claims, Attempt attempt) throws IOException {
    if (!attempt.nonce().equals(claims.text("nonce").orElse(null))) {
      throw new IOException("the token is of another attempt");
    }
    String party = claims.text("azp").orElse(null);
    if (party == null ? claims.audience().size() > 1 : !party.equals(client.id())) {
      throw new IOException("the token is for somebody else");
    }
  }

  private Profile profile(Claims claims, About about, @Nullable String accessToken)
      throws IOException {
    String email = claims.isTrue("email_verified") ? claims.text("email").orElse(null) : null;
    String shown = claims.text("name").orElse(null);
    URI userinfo = about.userinfo();
    if (claims.all().containsKey("email") || userinfo == null || accessToken == null) {
      return new Profile(claims.subject(), email, shown);
    }
    if (!(Exchange.told(remote, userinfo, accessToken) instanceof Map<?, ?> told)
        || !claims.subject().equals(told.get("sub"))) {
      throw new IOException("the profile is somebody else's");
    }
    Object verified = told.get("email_verified");
    boolean theirs = Boolean.TRUE.equals(verified) || "true".equals(verified);
    return new Profile(
        claims.subject(),
        theirs ? Exchange.text(told, "email") : null,
        shown == null ? Exchange.text(told, "name") : shown);
  }
}
