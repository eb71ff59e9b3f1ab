package dev.pylon.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the tokens of one issuer, as {@link Expected}. Thread-safe. */
public final class JwtVerifier {
  /** Longer is no token that anybody needs, and work for nothing. */
  private static final int TOKEN_CHARS_MAX = 8_192;

  /** How far the clock of an issuer may be from ours. */
  static final int SKEW_SECONDS = 10;

  private static final Set<String> NEEDED = Set.of("sub", "exp");

  private final Expected expected;
  private final JWKSource<SecurityContext> keys;
  private final InstantSource clock;

  /**
   * What a token must be to be believed.
   *
   * @param issuer asked each time: an issuer tells how it writes itself
   * @param audiences one of which it must be for; empty where that does not matter
   * @param algorithms one of which has signed it; what the token says is only compared
   */
  public record Expected(Name issuer, Set<String> audiences, Set<String> algorithms) {
    public Expected {
      audiences = Set.copyOf(audiences);
      algorithms = Set.copyOf(algorithms);
    }
  }

  /** How an issuer writes itself. */
  @FunctionalInterface
  public interface Name {
    String get() throws IOException;
  }

  private JwtVerifier(Expected expected, JWKSource<SecurityContext> keys, InstantSource clock) {
    this.expected = expected;
    this.keys = keys;
    this.clock = clock;
  }

  /** Of an issuer who signs with keys of which the public halves are published. */
  public static JwtVerifier of(Issuer issuer, Expected expected, InstantSource clock) {
    return new JwtVerifier(
        expected,
        (selector, _) -> {
          try {
            return issuer.keys(selector);
          } catch (IOException e) {
            throw new RemoteKeySourceException("keys cannot be had", e);
          }
        },
        clock);
  }

  /** Of whoever shares {@code secret} with us. */
  static JwtVerifier of(String secret, Expected expected, InstantSource clock) {
    return new JwtVerifier(
        expected, new ImmutableSecret<>(secret.getBytes(StandardCharsets.UTF_8)), clock);
  }

  /**
   * What {@code token} says, if it may be believed.
   *
   * @throws PylonException {@link JwtError#INVALID_JWT}, {@link JwtError#JWKS_UNAVAILABLE}
   */
  public Claims verify(String token) {
    if (token.length() > TOKEN_CHARS_MAX) {
      throw invalid(null);
    }
    try {
      return claims(processor().process(token, null));
    } catch (ParseException | BadJOSEException e) {
      throw invalid(e);
    } catch (RemoteKeySourceException | IOException e) {
      throw new PylonException(
          JwtError.JWKS_UNAVAILABLE, "The keys that this token is checked with cannot be had", e);
    } catch (JOSEException | RuntimeException e) {
      // Keys and signatures that the library stumbles over are the sender's, too.
      throw invalid(e);
    }
  }

  static PylonException invalid(@Nullable Throwable cause) {
    return new PylonException(
        JwtError.INVALID_JWT, "Bearer token is malformed, expired, or revoked", cause);
  }

  private DefaultJWTProcessor<SecurityContext> processor() throws IOException {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            expected.algorithms().stream()
                .map(JWSAlgorithm::parse)
                .collect(Collectors.toUnmodifiableSet()),
            keys));
    var said = new JWTClaimsSet.Builder().issuer(expected.issuer().get()).build();
    Set<String> audiences = expected.audiences().isEmpty() ? null : expected.audiences();
    var verifier =
        new DefaultJWTClaimsVerifier<SecurityContext>(audiences, said, NEEDED, Set.of()) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    verifier.setMaxClockSkew(SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(verifier);
    return processor;
  }

  private static Claims claims(JWTClaimsSet said) {
    return new Claims(
        said.getSubject(),
        List.copyOf(said.getAudience()),
        said.getExpirationTime().toInstant().getEpochSecond(),
        new HashMap<>(said.getClaims()));
  }
}
