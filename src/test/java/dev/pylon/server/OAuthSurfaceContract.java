package dev.pylon.server;

import static dev.pylon.server.AccountServer.PAGE;
import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.object;
import static dev.pylon.server.AccountServer.text;
import static dev.pylon.server.StubProvider.CLIENT;
import static dev.pylon.server.StubProvider.SECRET;
import static dev.pylon.server.StubProvider.ecKey;
import static dev.pylon.server.StubProvider.rsaKey;
import static dev.pylon.server.StubProvider.signed;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.pylon.auth.OAuthSignIn;
import dev.pylon.auth.jwt.Bearers;
import dev.pylon.auth.oauth.Client;
import dev.pylon.auth.oauth.Provider;
import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.outbound.Remote;
import dev.pylon.server.AccountServer.Federated;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Signing in with other providers over HTTP, as browsers and applications do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OAuthSurfaceContract {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "auth": {"trusted_origins": ["https://other.example.com"]},
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": true, "unique": true},
           {"name": "displayName", "type": "string", "optional": true, "unique": false},
           {"name": "emailVerified", "type": "datetime", "optional": true, "unique": false}]},
         {"name": "Cart", "indexes": [], "fields": [
           {"name": "userId", "type": "id(User)", "optional": true, "unique": false}]}]}
      """;

  private static final String CALLBACK = "https://app.example.com/welcome?a=1#top";
  private static final String CALLBACK_PARAMETER = "callback=" + Remote.encoded(CALLBACK);

  private StubProvider stub;
  private StubProvider otherStub;
  private AccountServer server;
  private int addresses;
  private int people;

  abstract Database open(Path folder);

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    stub = StubProvider.start(() -> server.now());
    otherStub = StubProvider.start(() -> server.now());
    InstantSource clock = () -> server.now();
    URI site = URI.create(stub.issuer());
    var providers =
        List.of(
            Provider.openId("stub", stub.issuer(), client("stub"), StubProvider.REMOTE, clock),
            Provider.openId(
                "other", otherStub.issuer(), client("other"), StubProvider.REMOTE, clock),
            Provider.gitHub(client("github"), site, site, StubProvider.REMOTE));
    var oauth = new OAuthSignIn.Settings(providers, List.of("https://app.example.com"));
    server =
        AccountServer.start(
            open(folder), MANIFEST, true, new Federated(Bearers.Settings.NONE, oauth));
  }

  private static Client client(String name) {
    return new Client(
        CLIENT, SECRET, "https://desk.example.com/api/auth/callback/" + name, List.of());
  }

  @BeforeEach
  void beginAnew() {
    stub.recover();
    otherStub.recover();
    server.pass(Duration.ofHours(5));
    people++;
    stub.says(UnaryOperator.identity());
    is("p" + people, "p" + people + "@example.com");
  }

  @AfterAll
  void stop() {
    server.close();
    stub.close();
    otherStub.close();
  }

  // ---- a browser ----

  /** Somebody else than before, from the next address, and not from this machine. */
  private String elsewhere() {
    addresses++;
    return "X-Forwarded-For: 198.51.100.%d\n".formatted(addresses % 250 + 1);
  }

  /** Who signs in with the stub from now on. */
  private void is(String subject, String email) {
    stub.says(claims -> claims.subject(subject).claim("email", email));
  }

  private Reply begin(String provider, String query, String headers) {
    return server.get("/api/auth/login/" + provider + "?" + query, headers + elsewhere());
  }

  private Reply begin() {
    return begin("stub", CALLBACK_PARAMETER, "");
  }

  private static String cookie(Reply reply) {
    return "Cookie: " + reply.header("Set-Cookie").orElseThrow().replaceFirst(";.*", "") + "\n";
  }

  /** The way back from the stub, as the browser is told. */
  private String wayBack(Reply begun) {
    return stub.signIn(text(begun, "redirect")).replaceFirst("^https://desk.example.com", "");
  }

  private Reply comeBack(Reply begun) {
    return server.get(wayBack(begun), cookie(begun) + elsewhere());
  }

  private Reply signIn() {
    return comeBack(begin());
  }

  private @Nullable Object user(Reply signedIn) {
    return object(server.get("/api/auth/me", cookie(signedIn))).get("user_id");
  }

  private static String location(Reply reply) {
    return reply.header("Location").orElseThrow();
  }

  private static void assertFailed(Reply reply, String code) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(302);
    assertThat(location(reply))
        .startsWith("https://app.example.com/welcome?a=1&oauth_error=" + code)
        .contains("&oauth_error_message=")
        .endsWith("#top");
    assertThat(reply.header("Set-Cookie")).isEmpty();
  }

  private String me() {
    return "p" + people + "@example.com";
  }

  // ---- the way there ----

  @Test
  void providersAreListedByName() {
    assertThat(server.get("/api/auth/providers", "").body())
        .isEqualTo(
            """
            [{"auth_url":"/api/auth/login/github","provider":"github"},\
            {"auth_url":"/api/auth/login/other","provider":"other"},\
            {"auth_url":"/api/auth/login/stub","provider":"stub"}]\
            """);
  }

  @Test
  void aBrowserIsSentToTheProviderWithAChallenge() {
    Reply told = begin();
    Reply sent = begin("stub", CALLBACK_PARAMETER + "&redirect=1", "");

    assertThat(object(told).keySet()).containsExactly("redirect", "state");
    assertThat(text(told, "redirect"))
        .startsWith(stub.issuer() + "/authorize?prompt=login&response_type=code&client_id=desk&")
        .contains("&code_challenge_method=S256", "&nonce=", "&state=" + text(told, "state"))
        .doesNotContain("stub-secret");
    assertThat(sent.status()).isEqualTo(302);
    assertThat(location(sent)).startsWith(stub.issuer() + "/authorize?");
    assertThat(sent.header("Set-Cookie").orElseThrow())
        .startsWith("app_session_oauth=")
        .contains("HttpOnly", "SameSite=Lax", "Max-Age=600");
  }

  @Test
  void nobodyIsSentBackToAStranger() {
    var tries =
        List.of(
            "https://evil.example.com/",
            "https://app.example.com.evil.example.com/",
            "https://app.example.com@evil.example.com/",
            "https://evil.example.com\\@app.example.com/",
            "https:/\\evil.example.com/",
            "//evil.example.com/",
            "/\\evil.example.com",
            "/welcome",
            "http://app.example.com/",
            "https://app.example.com:8443/",
            "javascript:alert(1)//https://app.example.com",
            "data:text/html,x",
            "https://app.example.com\r\nSet-Cookie: a=b",
            "https://app.example.com/" + "x".repeat(2_000));
    for (String address : tries) {
      String evil = Remote.encoded(address);
      for (String query :
          List.of("callback=" + evil, CALLBACK_PARAMETER + "&error_callback=" + evil)) {
        Reply reply = begin("stub", query + "&redirect=1", "");
        assertThat(reply.status()).as(address).isEqualTo(403);
        assertThat(reply.body()).contains("UNTRUSTED_REDIRECT");
        assertThat(reply.header("Location")).isEmpty();
      }
    }
    for (String address :
        List.of("https://APP.example.com:443/x", "https://other.example.com/from-the-manifest")) {
      assertThat(begin("stub", "callback=" + Remote.encoded(address), "").status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsMissingOrUnknownIsSaid() {
    assertThat(begin("nobody", CALLBACK_PARAMETER, "").body()).contains("PROVIDER_NOT_FOUND");
    assertThat(begin("stub", "redirect=1", "").body()).contains("MISSING_CALLBACK");
    assertThat(server.get("/api/auth/callback/nobody?state=x&code=y", elsewhere()).status())
        .isEqualTo(404);
  }

  // ---- and back ----

  @Test
  void whoSignedInThereIsSignedInHereAndHasARow() {
    Reply back = signIn();

    assertThat(back.status()).isEqualTo(302);
    assertThat(location(back)).isEqualTo(CALLBACK);
    assertThat(back.header("Set-Cookie").orElseThrow()).startsWith("app_session=pylon_");
    assertThat(back.header("Cache-Control")).contains("no-store");
    assertThat(back.body()).isEmpty();
    Map<String, @Nullable Object> row =
        server.store().get("User", String.valueOf(user(back))).orElseThrow();
    assertThat(row).containsEntry("email", me()).containsEntry("displayName", "Ann");
    assertThat(row.get("emailVerified")).isNotNull();
  }

  @Test
  void whoComesAgainIsTheSameWhateverTheirAddress() {
    Object first = user(signIn());
    is("p" + people, "another@example.com");

    Object second = user(signIn());

    assertThat(second).isEqualTo(first).isNotNull();
    assertThat(server.get("/api/auth/audit", cookie(signIn())).body())
        .contains("provider_linked", "stub");
  }

  @Test
  void aStateIsGoodOnceForTenMinutesAndInItsBrowser() {
    Reply begun = begin();
    String back = wayBack(begun);
    Reply stranger = server.get(back, elsewhere());
    Reply other = server.get(back, "Cookie: app_session_oauth=" + "x".repeat(43) + "\n");
    Reply right = server.get(back, cookie(begun) + elsewhere());
    Reply again = server.get(back, cookie(begun) + elsewhere());
    Reply late = begin();
    String lateBack = wayBack(late);
    server.pass(Duration.ofMinutes(10));

    assertThat(right.status()).isEqualTo(302);
    for (Reply refused :
        List.of(
            stranger,
            other,
            again,
            server.get(lateBack, cookie(late) + elsewhere()),
            server.get("/api/auth/callback/stub?code=x", cookie(late) + elsewhere()),
            server.get("/api/auth/callback/stub?code=x&state=y", cookie(late) + elsewhere()))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("OAUTH_INVALID_STATE");
      assertThat(refused.header("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void severalMayBeUnderWayInOneBrowser() {
    Reply first = begin();
    Reply second = begin("stub", CALLBACK_PARAMETER, cookie(first));

    assertThat(cookie(second)).isEqualTo(cookie(first));
    assertThat(comeBack(first).status()).isEqualTo(302);
    assertThat(user(comeBack(second))).isNotNull();
  }

  @Test
  void aCodeOfOneProviderIsNotTakenToAnother() {
    Reply begun = begin("other", CALLBACK_PARAMETER, "");
    String state = text(begun, "state");
    String code = stub.signIn(text(begin(), "redirect")).replaceFirst(".*code=([^&]*).*", "$1");

    Reply crossed =
        server.get(
            "/api/auth/callback/stub?code=%s&state=%s".formatted(code, state), cookie(begun));
    Reply mixed =
        server.get(
            "/api/auth/callback/other?code=%s&state=%s&iss=%s"
                .formatted(code, state, Remote.encoded(stub.issuer())),
            cookie(begun) + elsewhere());

    assertThat(crossed.body()).contains("OAUTH_INVALID_STATE");
    assertFailed(mixed, "OAUTH_TOKEN_EXCHANGE_FAILED");
    assertThat(otherStub.timesAsked("/token")).isZero();
  }

  @Test
  void aProviderThatDoesNotNameItselfThoughItWouldIsNotBelieved() {
    Reply begun = begin();
    String back = wayBack(begun).replaceFirst("&iss=[^&]*|(?<=\\?)iss=[^&]*&", "");

    assertFailed(server.get(back, cookie(begun) + elsewhere()), "OAUTH_TOKEN_EXCHANGE_FAILED");
  }

  @Test
  void whoDoesNotSignInThereIsToldSoHere() {
    Reply begun = begin();

    Reply back =
        server.get(
            "/api/auth/callback/stub?error=access_denied&error_description=%3Cscript%3E&state="
                + text(begun, "state"),
            cookie(begun) + elsewhere());

    assertFailed(back, "OAUTH_DENIED");
    assertThat(location(back)).doesNotContain("script");
  }

  @Test
  void tokensThatAreNotTheAnswerAreNotBelieved() {
    var wrong = new LinkedHashMap<String, UnaryOperator<JWTClaimsSet.Builder>>();
    wrong.put("another nonce", claims -> claims.claim("nonce", "n"));
    wrong.put("no nonce", claims -> claims.claim("nonce", null));
    wrong.put("another audience", claims -> claims.audience("somebody"));
    wrong.put("more audiences", claims -> claims.audience(List.of(CLIENT, "somebody")));
    wrong.put("another party", claims -> claims.claim("azp", "somebody"));
    wrong.put("another issuer", claims -> claims.issuer(otherStub.issuer()));
    wrong.put("over", claims -> claims.expirationTime(Date.from(server.now().minusSeconds(11))));
    wrong.put("without end", claims -> claims.expirationTime(null));
    wrong.put("of nobody", claims -> claims.subject(null));
    wrong.forEach((name, change) -> {
      stub.says(change);
      assertFailed(signIn(), "OAUTH_TOKEN_EXCHANGE_FAILED");
    });
    var forged = new LinkedHashMap<String, UnaryOperator<String>>();
    forged.put("signed by nobody", token -> new PlainJWT(claims(token)).serialize());
    forged.put(
        "signed with our secret",
        token -> withSecret(token, SECRET.repeat(3).getBytes(StandardCharsets.UTF_8)));
    forged.put("signed with the public key", token -> withSecret(token, publicKey()));
    forged.put("an unknown key", token -> signed(claims(token), unknown(), JWSAlgorithm.RS256));
    forged.put("no token", _ -> "garbage");
    stub.says(UnaryOperator.identity());
    forged.forEach((name, forgery) -> {
      stub.forges(forgery);
      assertFailed(signIn(), "OAUTH_TOKEN_EXCHANGE_FAILED");
    });
    stub.forges(token -> signed(claims(token), ecKey(), JWSAlgorithm.ES256));
    assertThat(location(signIn())).isEqualTo(CALLBACK);
  }

  private static JWTClaimsSet claims(String token) {
    try {
      return SignedJWT.parse(token).getJWTClaimsSet();
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String withSecret(String token, byte[] secret) {
    try {
      var forged =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(), claims(token));
      forged.sign(new MACSigner(secret));
      return forged.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] publicKey() {
    try {
      return rsaKey().toRSAPublicKey().getEncoded();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RSAKey unknown() {
    return new RSAKey.Builder(rsaKey()).keyID("nobody").build();
  }

  @Test
  void aCodeThatWasUsedOrIsNoneGivesNothing() {
    Reply begun = begin();
    String back = wayBack(begun).replaceFirst("code=[^&]*", "code=stolen");

    assertFailed(server.get(back, cookie(begun) + elsewhere()), "OAUTH_TOKEN_EXCHANGE_FAILED");
  }

  @Test
  void aProviderInTroubleIsNotWaitedForLong() {
    Reply before = begin();
    String back = wayBack(before);
    for (StubProvider.Mood mood :
        List.of(StubProvider.Mood.DOWN, StubProvider.Mood.GARBAGE, StubProvider.Mood.SLOW)) {
      stub.is(StubProvider.Mood.WELL);
      Reply begun = begin();
      String way = wayBack(begun);
      stub.is(mood);
      long nanos = System.nanoTime();

      Reply reply = server.get(way, cookie(begun) + elsewhere());

      assertFailed(reply, "OAUTH_TOKEN_EXCHANGE_FAILED");
      assertThat(Duration.ofNanos(System.nanoTime() - nanos)).isLessThan(Duration.ofSeconds(14));
    }
    server.pass(Duration.ofHours(5));
    Reply broken = begin();
    assertThat(broken.status()).isEqualTo(500);
    assertThat(broken.body()).contains("OAUTH_PROVIDER_BROKEN").doesNotContain(stub.issuer());
    assertThat(back).isNotEmpty();
  }

  // ---- whose account it is ----

  @Test
  void aVerifiedAddressJoinsItsAccountAndEndsWhatAnotherLeftThere() {
    String thief =
        bearer(
            text(
                server.post(
                    "/api/auth/password/register",
                    elsewhere(),
                    Json.text(Map.of("email", me(), "password", "correct horse"))),
                "token"));
    Object account = object(server.get("/api/auth/me", thief)).get("user_id");

    Reply back = signIn();

    assertThat(user(back)).isEqualTo(account).isNotNull();
    assertThat(object(server.get("/api/auth/me", thief))).containsEntry("user_id", null);
    assertThat(
            server
                .post(
                    "/api/auth/password/login",
                    elsewhere(),
                    Json.text(Map.of("email", me(), "password", "correct horse")))
                .status())
        .isEqualTo(401);
  }

  @Test
  void anAddressThatIsNotVerifiedOpensNobodysAccount() {
    Object owner = user(signIn());
    stub.says(claims ->
        claims.subject("thief" + people).claim("email", me()).claim("email_verified", false));

    Object thief = user(signIn());

    assertThat(thief).isNotNull().isNotEqualTo(owner);
    assertThat(server.store().get("User", String.valueOf(thief)).orElseThrow().get("email"))
        .isNull();
  }

  @Test
  void anAddressThatOnlyTheProfileTellsCountsWhereTheProfileIsTheirs() {
    String subject = "userinfo" + people;
    UnaryOperator<JWTClaimsSet.Builder> bare =
        claims -> claims.subject(subject).claim("email", null).claim("email_verified", null);
    stub.says(bare);
    stub.profile(Map.of("sub", "somebody", "email", me(), "email_verified", true));
    assertFailed(signIn(), "OAUTH_TOKEN_EXCHANGE_FAILED");
    stub.profile(Map.of("sub", subject, "email", me(), "email_verified", true));

    Object user = user(signIn());

    assertThat(server.store().get("User", String.valueOf(user)).orElseThrow())
        .containsEntry("email", me());
  }

  @Test
  void whatAGuestMadeIsTheirsAfterwards() {
    Reply guest = server.post("/api/auth/guest", PAGE + elsewhere(), "");
    server.row("Cart", "c" + people, Map.of("userId", text(guest, "user_id")));
    Reply begun = begin();

    Reply back =
        server.get(
            wayBack(begun),
            cookie(begun).strip()
                + "; "
                + cookie(guest).replaceFirst("^Cookie: ", "")
                + elsewhere());

    assertThat(server.store().get("Cart", "c" + people).orElseThrow())
        .containsEntry("userId", user(back));
  }

  @Test
  void gitHubsPeopleAreKnownByTheirNumberAndVerifiedAddress() {
    stub.profile(
        Map.of(
            "id",
            4_000 + people,
            "login",
            "ann",
            "emails",
            List.of(
                Map.of("email", "x@example.com", "primary", true, "verified", false),
                Map.of("email", me(), "primary", true, "verified", true))));

    Reply begun = begin("github", CALLBACK_PARAMETER, "");
    assertThat(text(begun, "redirect")).startsWith(stub.issuer() + "/login/oauth/authorize?");
    Reply back = comeBack(begun);

    assertThat(location(back)).isEqualTo(CALLBACK);
    assertThat(server.store().get("User", String.valueOf(user(back))).orElseThrow())
        .containsEntry("email", me())
        .containsEntry("displayName", "ann");
  }

  // ---- applications that bring the code themselves ----

  private Reply bring(Reply begun, String headers, Object... more) {
    String way = wayBack(begun);
    var body = new LinkedHashMap<>(Json.object(more));
    body.put("state", text(begun, "state"));
    body.put("iss", stub.issuer());
    body.putIfAbsent("code", way.replaceFirst(".*code=([^&]*).*", "$1"));
    return server.post("/api/auth/callback/stub", headers + elsewhere(), Json.text(body));
  }

  @Test
  void aProgramBringsItAndGetsTheToken() {
    Reply reply = bring(begin(), "");

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(object(reply).keySet())
        .containsExactly("expires_at", "provider", "token", "user_id");
    assertThat(object(server.get("/api/auth/me", bearer(text(reply, "token")))))
        .containsEntry("user_id", text(reply, "user_id"));
  }

  @Test
  void aPageGetsTheCookieOnlyInTheBrowserThatBegan() {
    Reply begun = begin();
    Reply same = bring(begun, PAGE + cookie(begun));
    Reply another = bring(begin(), PAGE);

    assertThat(same.header("Set-Cookie")).isPresent();
    assertThat(another.status()).isEqualTo(200);
    assertThat(another.header("Set-Cookie")).isEmpty();
  }

  @Test
  void aFormIsAnsweredLikeABrowserThatWasSentBack() {
    Reply begun = begin();
    String form = wayBack(begun).replaceFirst(".*\\?", "");
    String type = "Content-Type: application/x-www-form-urlencoded\n";

    Reply stranger = server.post("/api/auth/callback/stub", type + elsewhere(), form);
    Reply back = server.post("/api/auth/callback/stub", type + cookie(begun) + elsewhere(), form);

    assertThat(stranger.body()).contains("OAUTH_INVALID_STATE");
    assertThat(location(back)).isEqualTo(CALLBACK);
  }

  @Test
  void onlyWhoTriesThingsOutHereNeedsNoCode() {
    String body = Json.text(Map.of("state", text(begin(), "state"), "email", me(), "name", "Dev"));
    Reply elsewhere = server.post("/api/auth/callback/stub", elsewhere(), body);
    Reply unknown =
        server.post("/api/auth/callback/stub", elsewhere(), "{\"state\": \"x\", \"code\": \"y\"}");
    Reply here =
        server.post(
            "/api/auth/callback/stub",
            "",
            Json.text(Map.of("state", text(begin(), "state"), "email", me(), "name", "Dev")));

    assertThat(elsewhere.status()).isEqualTo(400);
    assertThat(elsewhere.body()).contains("MISSING_FIELD");
    assertThat(unknown.status()).isEqualTo(403);
    assertThat(here.status()).as(here.body()).isEqualTo(200);
    assertThat(server.post("/api/auth/callback/stub", elsewhere(), "{}").status()).isEqualTo(400);
  }

  @Test
  void nothingOfTheProvidersIsKept() {
    signIn();

    List<String> kept =
        server
            .database()
            .read(session ->
                session.list(
                    Sql.of(
                        "SELECT coalesce(access_token, '') || coalesce(refresh_token, '')"
                            + " || coalesce(id_token, '') FROM _pylon_accounts"),
                    row -> row.requiredText(0)));

    assertThat(kept).isNotEmpty().containsOnly("");
  }
}
