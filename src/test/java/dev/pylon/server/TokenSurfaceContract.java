package dev.pylon.server;

import static dev.pylon.server.AccountServer.ADMIN;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static dev.pylon.server.StubProvider.ecKey;
import static dev.pylon.server.StubProvider.rsaKey;
import static dev.pylon.server.StubProvider.signed;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.pylon.auth.OAuthSignIn;
import dev.pylon.auth.jwt.Bearers;
import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.json.Json;
import dev.pylon.server.AccountServer.Federated;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** JSON web tokens over HTTP: ours, and those of an issuer we trust. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TokenSurfaceContract {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "entities": [{"name": "User", "indexes": [], "fields": [
         {"name": "email", "type": "string", "optional": false, "unique": true}]},
         {"name": "Note", "indexes": [], "fields": [
           {"name": "to", "type": "string", "optional": false, "unique": false}]}],
       "policies": [{"name": "own", "entity": "Note", "allow": "auth.email == data.to"}]}
      """;

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String OURS = "https://desk.example.com";
  private static final String AUDIENCE = "https://api.example.com";

  private StubProvider issuer;
  private AccountServer server;

  abstract Database open(Path folder);

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    issuer = StubProvider.start(() -> server.now());
    server = start(open(folder), new Bearers.Settings(own(OURS), trust()));
  }

  private static AccountServer start(Database database, Bearers.Settings tokens)
      throws IOException {
    return AccountServer.start(
        database, MANIFEST, false, new Federated(tokens, OAuthSignIn.Settings.NONE));
  }

  /** Long enough that the server has forgotten all keys. */
  @BeforeEach
  void beginAnew() {
    issuer.recover();
    server.pass(Duration.ofHours(5));
  }

  private static Bearers.Own own(@Nullable String issuer) {
    return new Bearers.Own(SECRET, issuer, Duration.ofHours(1));
  }

  private Bearers.Trust trust() {
    return new Bearers.Trust(
        issuer.issuer(),
        Set.of(AUDIENCE),
        null,
        Set.of("RS256", "ES256"),
        "sub",
        "realm.roles",
        "org");
  }

  @AfterAll
  void stop() {
    server.close();
    issuer.close();
  }

  private Reply me(String token) {
    return server.get("/api/auth/me", bearer(token));
  }

  private JWTClaimsSet.Builder claims() {
    return issuer.claims(AUDIENCE, "u1");
  }

  private static String rsa(JWTClaimsSet.Builder claims) {
    return signed(claims.build(), rsaKey(), JWSAlgorithm.RS256);
  }

  private static String withSecret(JWTClaimsSet claims, JWSHeader header, byte[] secret) {
    try {
      var token = new SignedJWT(header, claims);
      token.sign(new MACSigner(secret));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String withSecret(JWTClaimsSet.Builder claims) {
    return withSecret(
        claims.build(), new JWSHeader(JWSAlgorithm.HS256), SECRET.getBytes(StandardCharsets.UTF_8));
  }

  private String minted(String headers) {
    return text(server.post("/api/auth/jwt", headers, "{}"), "token");
  }

  // ---- ours ----

  @Test
  void aSessionGetsATokenThatSpeaksForItsUser() {
    String ann = server.as("ann");

    Reply reply = server.post("/api/auth/jwt", ann, "{}");

    assertThat(object(reply).keySet()).containsExactly("expires_at", "token");
    assertThat(object(reply).get("expires_at")).isEqualTo(server.now().getEpochSecond() + 3_600);
    assertThat(me(text(reply, "token")).body())
        .isEqualTo("{\"user_id\":\"ann\",\"is_admin\":false,\"roles\":[]}");
  }

  @Test
  void onlyASessionGetsOne() {
    String ann = server.as("ann");
    String jwt = bearer(minted(ann));
    String key = bearer(text(server.post("/api/auth/api-keys", ann, "{\"name\": \"k\"}"), "key"));
    String cookie = "Cookie: app_session=pylon_" + "0".repeat(64) + "\n";

    assertThat(server.post("/api/auth/jwt", "", "{}").status()).isEqualTo(401);
    for (String other : List.of(jwt, key, ADMIN, jwt + cookie)) {
      assertThat(server.post("/api/auth/jwt", other, "{}").body())
          .contains("API_KEY_AUTH_FORBIDDEN");
    }
  }

  @Test
  void aTokenMakesNoKeyThatOutlivesItAndChangesNoAccount() {
    String jwt = bearer(minted(server.as("ann")));

    for (String endpoint :
        List.of("POST /api/auth/api-keys", "DELETE /api/auth/sessions", "POST /api/auth/orgs")) {
      String[] parts = endpoint.split(" ");
      Reply refused = server.request(parts[0], parts[1], jwt, "{\"name\": \"k\"}");

      assertThat(refused.status()).as(endpoint).isEqualTo(403);
      assertThat(refused.body()).contains("API_KEY_AUTH_FORBIDDEN");
    }
  }

  @Test
  void nothingOutlivesTheEndOfAToken() {
    String token = minted(server.as("ann"));
    assertThat(me(token).status()).isEqualTo(200);

    server.pass(Duration.ofSeconds(3_600 + 11));

    assertThat(me(token).status()).isEqualTo(401);
  }

  @Test
  void aTokenOfOursTellsTenantAndRoles() {
    String token =
        withSecret(
            new JWTClaimsSet.Builder()
                .issuer(OURS)
                .subject("ann")
                .expirationTime(Date.from(server.now().plusSeconds(60)))
                .claim("https://pylonsync.com/tenant", "acme")
                .claim("https://pylonsync.com/roles", List.of("owner")));

    assertThat(object(me(token)))
        .containsEntry("tenant_id", "acme")
        .containsEntry("roles", List.of("owner"))
        .containsEntry("is_admin", false);
  }

  @Test
  void withoutANameNoTokenIsTakenAndTheServerGoesOn() throws IOException {
    var nameless = new Bearers.Settings(own(null), null);
    try (AccountServer other = start(SqliteDatabase.temporary(), nameless)) {
      assertThat(other.get("/api/auth/me", bearer("a.b.c")).body()).contains("JWT_MISCONFIGURED");
      assertThat(other.get("/api/auth/me", "").status()).isEqualTo(200);
      assertThat(other.post("/api/auth/jwt", other.as("ann"), "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void whereNothingIsConfiguredATokenIsNobodys() throws IOException {
    try (AccountServer other = start(SqliteDatabase.temporary(), Bearers.Settings.NONE)) {
      assertThat(object(other.get("/api/auth/me", bearer(rsa(claims())))))
          .containsEntry("user_id", null);
      assertThat(other.post("/api/auth/jwt", other.as("ann"), "{}").body())
          .contains("JWT_NOT_CONFIGURED");
    }
  }

  // ---- somebody else's ----

  @Test
  void aTrustedIssuersTokensSpeakForTheirUser() {
    String roles =
        rsa(
            claims()
                .claim("realm", Map.of("roles", List.of("staff")))
                .claim("org", "acme")
                .claim("email", "u1@example.com")
                .claim("email_verified", true));
    String ec = signed(claims().build(), ecKey(), JWSAlgorithm.ES256);

    assertThat(me(roles).body())
        .isEqualTo(
            "{\"user_id\":\"u1\",\"is_admin\":false,\"roles\":[\"staff\"],\"tenant_id\":\"acme\"}");
    assertThat(object(me(ec))).containsEntry("user_id", "u1");
  }

  @Test
  void forgedAndStrayTokensAreRefused() {
    var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(rsaKey().getKeyID()).build();
    Date past = Date.from(server.now().minusSeconds(11));
    Date future = Date.from(server.now().plusSeconds(11));
    var tokens = new LinkedHashMap<String, String>();
    tokens.put("signed by nobody", new PlainJWT(claims().build()).serialize());
    tokens.put("signed with the public key", withSecret(claims().build(), header, publicKey()));
    tokens.put("signed with our secret", withSecret(claims()));
    tokens.put("of another issuer", rsa(claims().issuer("https://evil.example.com")));
    tokens.put("for another audience", rsa(claims().audience("https://other.example.com")));
    tokens.put("for nobody", rsa(claims().audience((String) null)));
    tokens.put("of nobody", rsa(claims().subject(null)));
    tokens.put("without end", rsa(claims().expirationTime(null)));
    tokens.put("over", rsa(claims().expirationTime(past)));
    tokens.put("not begun", rsa(claims().notBeforeTime(future)));
    tokens.put("of a guest", rsa(claims().subject("guest_1")));
    tokens.put("of the administrator", rsa(claims().subject("__admin__")));
    tokens.put("another algorithm", signed(claims().build(), rsaKey(), JWSAlgorithm.RS384));
    tokens.put("another type", signed(claims().build(), rsaKey(), typed("logout+jwt")));
    tokens.put("another key", signed(claims().build(), stranger(), JWSAlgorithm.RS256));
    tokens.put("changed", changed(rsa(claims())));
    tokens.put("no token", "a.b.c");
    tokens.put("too long", rsa(claims().claim("x", "x".repeat(9_000))));

    tokens.forEach((name, token) -> {
      Reply reply = me(token);
      assertThat(reply.status()).as(name).isEqualTo(401);
      assertThat(reply.body()).as(name).contains("INVALID_JWT");
    });
  }

  private static byte[] publicKey() {
    try {
      return rsaKey().toRSAPublicKey().getEncoded();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JWSHeader typed(String type) {
    return new JWSHeader.Builder(JWSAlgorithm.RS256)
        .keyID(rsaKey().getKeyID())
        .type(new JOSEObjectType(type))
        .build();
  }

  /** Somebody's key under the name of the issuer's. */
  private static RSAKey stranger() {
    try {
      return new RSAKeyGenerator(2_048).keyID("rsa-1").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String changed(String token) {
    String[] parts = token.split("\\.");
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String more = claims.replace("\"u1\"", "\"u2\"");
    assertThat(more).isNotEqualTo(claims);
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(more.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  @Test
  void anAddressCountsOnlyWhereTheIssuerHasVerifiedIt() {
    server.row("Note", "n1", Map.of("to", "ann@example.com"));
    JWTClaimsSet.Builder claims = claims().claim("email", "ann@example.com");

    String unverified = bearer(rsa(claims));
    String verified = bearer(rsa(claims.claim("email_verified", true)));

    assertThat(server.get("/api/entities/Note", unverified).body()).doesNotContain("n1");
    assertThat(server.get("/api/entities/Note", verified).body()).contains("n1");
  }

  // ---- its keys ----

  @Test
  void keysAreFetchedOnceAndUnknownOnesDoNotMakeUsAskAllTheTime() {
    for (int i = 0; i < 20; i++) {
      assertThat(me(rsa(claims().claim("n", i))).status()).isEqualTo(200);
    }
    assertThat(issuer.timesAsked("/jwks")).isEqualTo(1);

    RSAKey unknown = new RSAKey.Builder(rsaKey()).keyID("nobody").build();
    server.pass(Duration.ofSeconds(31));
    for (int i = 0; i < 20; i++) {
      JWTClaimsSet claims = claims().claim("n", i).build();
      assertThat(me(signed(claims, unknown, JWSAlgorithm.RS256)).status()).isEqualTo(401);
    }

    assertThat(issuer.timesAsked("/jwks")).isEqualTo(2);
  }

  @Test
  void aNewKeyIsFoundWhenItsFirstTokenComes() {
    assertThat(me(rsa(claims())).status()).isEqualTo(200);
    RSAKey next = issuer.rotate("rsa-2");
    server.pass(Duration.ofSeconds(31));

    assertThat(me(signed(claims().build(), next, JWSAlgorithm.RS256)).status()).isEqualTo(200);
    assertThat(me(rsa(claims().claim("n", 1))).status()).isEqualTo(401);
  }

  @Test
  void whileTheIssuerIsAwayItsLastKeysAreGoodForSomeHours() {
    assertThat(me(rsa(claims())).status()).isEqualTo(200);
    issuer.is(StubProvider.Mood.DOWN);

    server.pass(Duration.ofHours(3));
    Reply soon = me(rsa(claims()));
    server.pass(Duration.ofHours(2));
    Reply late = me(rsa(claims()));

    assertThat(soon.status()).isEqualTo(200);
    assertThat(late.status()).isEqualTo(503);
    assertThat(late.body()).contains("JWKS_UNAVAILABLE").doesNotContain(issuer.issuer());
  }

  @Test
  void anIssuerThatIsDownOrTalksNonsenseIsNotWaitedFor() {
    for (StubProvider.Mood mood : StubProvider.Mood.values()) {
      issuer.is(mood);
      server.pass(Duration.ofHours(5));
      long before = System.nanoTime();

      Reply reply = me(rsa(claims()));

      assertThat(reply.status())
          .as(mood.name())
          .isEqualTo(mood == StubProvider.Mood.WELL ? 200 : 503);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(14));
    }
  }

  @Test
  void whoSaysThatTheyAreSomebodyElseIsNotBelieved() {
    issuer.saysItIs("https://login.example.com");

    assertThat(me(rsa(claims())).status()).isEqualTo(503);
  }

  @Test
  void noAnswerTellsASecret() {
    for (String token : List.of("a.b.c", withSecret(claims()), rsa(claims()))) {
      assertThat(me(token).body()).doesNotContain(SECRET, token);
    }
    assertThat(Json.text(Map.of("s", String.valueOf(new Bearers.Settings(own(OURS), trust())))))
        .doesNotContain(SECRET);
  }
}
