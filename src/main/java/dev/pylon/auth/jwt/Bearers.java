package dev.pylon.auth.jwt;

import dev.pylon.auth.jwt.JwtVerifier.Expected;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.outbound.Remote;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens that are JSON web tokens: who they speak for. One signed with a secret is checked
 * with ours, any other with the keys of the issuer we trust, whatever it says. Thread-safe.
 */
public final class Bearers {
  /** What we call ourselves where nobody says. */
  private static final String OUR_NAME = "pylon";

  /** What tokens signed with a secret are signed with, and no others. */
  static final String SECRET_ALGORITHM = "HS256";

  /** As long as its hash (RFC 7518, 3.2). */
  private static final int SECRET_BYTES_MIN = 32;

  private static final int USER_ID_CHARS_MAX = 255;

  private final Settings settings;
  private final InstantSource clock;
  private final Remote remote;
  private volatile @Nullable JwtVerifier own;
  private volatile @Nullable JwtVerifier trusted;

  /**
   * What the operator says.
   *
   * @param own null where no secret is set
   * @param trust null where nobody else is trusted
   */
  public record Settings(@Nullable Own own, @Nullable Trust trust) {
    public static final Settings NONE = new Settings(null, null);
  }

  /**
   * Tokens signed with a secret.
   *
   * @param issuer who signs; without one, tokens are made and none is believed
   */
  public record Own(String secret, @Nullable String issuer, Duration lifetime) {
    boolean isLongEnough() {
      return secret.getBytes(StandardCharsets.UTF_8).length >= SECRET_BYTES_MIN;
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
      return "Own[issuer=%s]".formatted(issuer);
    }
  }

  /**
   * Tokens of somebody else.
   *
   * @param audiences one of which a token must be for
   * @param keys where the issuer's are; null where it tells
   * @param userClaim which claim is the id of a user; likewise for roles and tenant
   */
  public record Trust(
      String issuer,
      Set<String> audiences,
      @Nullable URI keys,
      Set<String> algorithms,
      String userClaim,
      String rolesClaim,
      String tenantClaim) {
    public Trust {
      audiences = Set.copyOf(audiences);
      algorithms = Set.copyOf(algorithms);
    }
  }

  /**
   * Whom a token speaks for.
   *
   * @param identity with the address, where the issuer has verified it
   * @param expiresAt epoch seconds
   */
  public record Bearer(Identity identity, long expiresAt) {}

  /** A token we have made. */
  public record Minted(String token, long expiresAt) {}

  public Bearers(Settings settings, Remote remote, InstantSource clock) {
    this.settings = settings;
    this.remote = remote;
    this.clock = clock;
  }

  /** Whether {@code token} is to be taken for a JSON web token, judged by its form. */
  public boolean take(String token) {
    if (settings.own() == null && settings.trust() == null) {
      return false;
    }
    return token.chars().filter(c -> c == '.').count() == 2;
  }

  /**
   * Whom {@code token} speaks for.
   *
   * @throws PylonException {@link JwtError#INVALID_JWT}, {@link JwtError#JWT_MISCONFIGURED}, {@link
   *     JwtError#JWKS_UNAVAILABLE}
   */
  public Bearer verify(String token) {
    Own ours = settings.own();
    Trust trust = settings.trust();
    if (ours != null && (trust == null || isSignedWithSecret(token))) {
      return bearer(
          own(ours).verify(token), "sub", OwnTokens.ROLES, OwnTokens.TENANT, Set.of("__"));
    }
    if (trust == null) {
      throw JwtVerifier.invalid(null);
    }
    // Ids of guests are ours to give.
    return bearer(
        trusted(trust).verify(token),
        trust.userClaim(),
        trust.rolesClaim(),
        trust.tenantClaim(),
        Set.of("__", Identity.GUEST_PREFIX));
  }

  /** Only tells whom to ask; both then insist on an algorithm of their own. */
  private static boolean isSignedWithSecret(String token) {
    try {
      byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
      return Json.parseUtf8(header) instanceof Map<?, ?> said
          && SECRET_ALGORITHM.equals(said.get("alg"));
    } catch (IllegalArgumentException | JsonException e) {
      return false;
    }
  }

  private JwtVerifier own(Own ours) {
    JwtVerifier made = own;
    if (made != null) {
      return made;
    }
    if (ours.issuer() == null) {
      throw new PylonException(
          JwtError.JWT_MISCONFIGURED, "The server takes no JWT: PYLON_JWT_ISSUER is not set");
    }
    if (!ours.isLongEnough()) {
      throw new PylonException(
          JwtError.JWT_MISCONFIGURED,
          "The server takes no JWT: PYLON_JWT_SECRET has less than %d bytes"
              .formatted(SECRET_BYTES_MIN));
    }
    made = OwnTokens.verifier(ours.secret(), ours.issuer(), clock);
    own = made;
    return made;
  }

  /** One for all: it keeps the issuer's keys. */
  private synchronized JwtVerifier trusted(Trust trust) {
    JwtVerifier made = trusted;
    if (made == null) {
      var issuer = new Issuer(trust.issuer(), trust.keys(), remote, clock);
      JwtVerifier.Name name =
          trust.keys() == null ? () -> issuer.about().issuer() : () -> trust.issuer();
      made =
          JwtVerifier.of(issuer, new Expected(name, trust.audiences(), trust.algorithms()), clock);
      trusted = made;
    }
    return made;
  }

  private static Bearer bearer(
      Claims claims, String userClaim, String roles, String tenant, Set<String> notTheirs) {
    String userId = claims.text(userClaim).orElseThrow(() -> JwtVerifier.invalid(null));
    if (userId.length() > USER_ID_CHARS_MAX || notTheirs.stream().anyMatch(userId::startsWith)) {
      throw JwtVerifier.invalid(null);
    }
    Optional<String> email =
        claims.isTrue("email_verified") ? claims.text("email") : Optional.empty();
    return new Bearer(
        new Identity(
            userId,
            false,
            claims.text(tenant).orElse(null),
            claims.words(roles),
            false,
            email.orElse(null),
            null),
        claims.expiresAt());
  }

  /**
   * Makes a token that says who {@code identity} is.
   *
   * @throws PylonException {@link JwtError#JWT_NOT_CONFIGURED}
   */
  public Minted mint(Identity identity) {
    Own ours = settings.own();
    if (ours == null || !ours.isLongEnough()) {
      throw new PylonException(
          JwtError.JWT_NOT_CONFIGURED,
          "PYLON_JWT_SECRET is not set, or has less than %d bytes".formatted(SECRET_BYTES_MIN));
    }
    Instant from = clock.instant();
    Instant to = from.plus(ours.lifetime());
    String issuer = ours.issuer() == null ? OUR_NAME : ours.issuer();
    return new Minted(
        OwnTokens.mint(ours.secret(), issuer, identity, from, to), to.getEpochSecond());
  }
}
