package dev.pylon.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.pylon.auth.jwt.JwtVerifier.Expected;
import dev.pylon.model.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;

/**
 * Tokens signed with a secret (HS256): ours, and those of whoever shares the secret. Thread-safe.
 */
final class OwnTokens {
  static final String TENANT = "https://pylonsync.com/tenant";
  static final String ROLES = "https://pylonsync.com/roles";

  private OwnTokens() {}

  static JwtVerifier verifier(String secret, String issuer, InstantSource clock) {
    return JwtVerifier.of(
        secret, new Expected(() -> issuer, Set.of(), Set.of(Bearers.SECRET_ALGORITHM)), clock);
  }

  /** A token that says who {@code identity} is, between two moments. */
  static String mint(String secret, String issuer, Identity identity, Instant from, Instant to) {
    var claims =
        new JWTClaimsSet.Builder()
            .subject(identity.userId())
            .issuer(issuer)
            .issueTime(Date.from(from))
            .expirationTime(Date.from(to));
    if (identity.tenantId() != null) {
      claims.claim(TENANT, identity.tenantId());
    }
    if (!identity.roles().isEmpty()) {
      claims.claim(ROLES, identity.roles());
    }
    var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
    try {
      token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException("HS256 takes every secret of this length", e);
    }
    return token.serialize();
  }
}
