package dev.pylon.auth.jwt;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import dev.pylon.outbound.Remote;
import dev.pylon.outbound.Remote.Reply;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who signs tokens: what they say of themselves, and their public keys. Both are fetched
 * when they are first needed. Thread-safe.
 */
public final class Issuer {
  private static final String DISCOVERY = ".well-known/openid-configuration";

  private final String name;
  private final Remote remote;
  private final Published<About> about;
  private final Published<JWKSet> keys;

  /**
   * What an issuer publishes (OpenID Connect Discovery, 3).
   *
   * @param issuer as it stands in tokens
   * @param authorization where people sign in; null where nobody does
   * @param token where codes become tokens; null likewise
   * @param userinfo where a profile is told; null where it is told nowhere
   * @param takesSecretInBody whether the secret of a client may stand in the form
   * @param namesItself whether {@code iss} comes with every code (RFC 9207)
   */
  public record About(
      String issuer,
      @Nullable URI authorization,
      @Nullable URI token,
      @Nullable URI userinfo,
      URI keys,
      boolean takesSecretInBody,
      boolean namesItself) {}

  /**
   * @param name {@code iss} of its tokens, an address
   * @param keys where they are published; null where the issuer tells
   */
  public Issuer(String name, @Nullable URI keys, Remote remote, InstantSource clock) {
    this.name = name;
    this.remote = remote;
    this.about = new Published<>(name, this::fetchAbout, clock);
    this.keys =
        new Published<>(
            "keys of " + name, () -> fetchKeys(keys == null ? about().keys() : keys), clock);
  }

  /**
   * What it says of itself.
   *
   * @throws IOException where it says nothing, or nothing of use
   */
  public About about() throws IOException {
    return about.current();
  }

  /** The keys that fit; looks again where none does. */
  List<JWK> keys(JWKSelector wanted) throws IOException {
    List<JWK> known = wanted.select(keys.current());
    return known.isEmpty() ? wanted.select(keys.renewed()) : known;
  }

  private About fetchAbout() throws IOException {
    URI address = uri(name + (name.endsWith("/") ? "" : "/") + DISCOVERY);
    Map<String, @Nullable Object> said = good(remote.get(address, Map.of())).object();
    String issuer = text(said, "issuer");
    // Who speaks for somebody else is not believed (OpenID Connect Discovery, 4.3).
    if (issuer == null || !withoutSlash(issuer).equals(withoutSlash(name))) {
      throw new IOException("it says that it is another issuer");
    }
    URI published = address(said, "jwks_uri");
    if (published == null) {
      throw new IOException("it does not say where its keys are");
    }
    return new About(
        issuer,
        address(said, "authorization_endpoint"),
        address(said, "token_endpoint"),
        address(said, "userinfo_endpoint"),
        published,
        said.get("token_endpoint_auth_methods_supported") instanceof List<?> ways
            && ways.contains("client_secret_post"),
        Boolean.TRUE.equals(said.get("authorization_response_iss_parameter_supported")));
  }

  private JWKSet fetchKeys(URI address) throws IOException {
    String text = good(remote.get(address, Map.of())).text();
    try {
      return JWKSet.parse(text).toPublicJWKSet();
    } catch (ParseException | RuntimeException e) {
      throw new IOException("the answer is no key set", e);
    }
  }

  private static Reply good(Reply reply) throws IOException {
    if (!reply.isGood()) {
      throw new IOException("it answered " + reply.status());
    }
    return reply;
  }

  private static String withoutSlash(String issuer) {
    return issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
  }

  private static @Nullable URI address(Map<String, @Nullable Object> said, String member)
      throws IOException {
    String text = text(said, member);
    return text == null ? null : uri(text);
  }

  private static URI uri(String text) throws IOException {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("it names no address", e);
    }
    throw new IOException("it names no address");
  }

  private static @Nullable String text(Map<String, @Nullable Object> said, String member) {
    return said.get(member) instanceof String text ? text : null;
  }
}
