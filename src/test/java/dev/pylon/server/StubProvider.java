package dev.pylon.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pylon.json.Json;
import dev.pylon.outbound.Remote;
import dev.pylon.server.http.QueryString;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID provider on this machine, with keys of its own and somebody who always signs in. What
 * it does wrong is told by its test.
 */
final class StubProvider implements AutoCloseable {
  static final String CLIENT = "desk";
  static final String SECRET = "stub-secret/+ß";

  /** Asks stubs, and waits for none of them long. */
  static final Remote REMOTE = new Remote(Duration.ofMillis(2_500), false);

  private static final RSAKey RSA = rsa("rsa-1");
  private static final ECKey EC = ec();

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Supplier<Instant> now;
  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private volatile List<JWK> keys = List.of(RSA, EC);
  private volatile Mood mood = Mood.WELL;
  private volatile UnaryOperator<JWTClaimsSet.Builder> said = UnaryOperator.identity();
  private volatile @Nullable UnaryOperator<String> forged;
  private volatile Map<String, Object> profile = Map.of();
  private volatile @Nullable String otherIssuer;

  /** How it is. */
  enum Mood {
    WELL,
    DOWN,
    GARBAGE,
    /** Begins an answer and does not end it. */
    SLOW
  }

  private record Grant(String redirect, String challenge, @Nullable String nonce) {}

  private StubProvider(HttpServer http, Supplier<Instant> now) {
    this.http = http;
    this.now = now;
  }

  static StubProvider start(Supplier<Instant> now) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var stub = new StubProvider(http, now);
    stub.serve();
    return stub;
  }

  private void serve() {
    on("/.well-known/openid-configuration", _ -> json(about()));
    on("/jwks", _ -> json(new JWKSet(keys).toJSONObject(true)));
    on("/token", this::token);
    on("/userinfo", _ -> json(profile));
    on("/user", _ -> json(profile));
    on("/user/emails", _ -> json(Objects.requireNonNull(profile.get("emails"))));
    on("/login/oauth/access_token", this::token);
    http.createContext("/authorize", this::authorize);
    http.setExecutor(threads);
    http.start();
  }

  String issuer() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  private Map<String, Object> about() {
    String here = issuer();
    String other = otherIssuer;
    return Map.of(
        "issuer", other == null ? here : other,
        "authorization_endpoint", here + "/authorize?prompt=login",
        "token_endpoint", here + "/token",
        "userinfo_endpoint", here + "/userinfo",
        "jwks_uri", here + "/jwks",
        "authorization_response_iss_parameter_supported", true);
  }

  // ---- what tests tell it ----

  void is(Mood mood) {
    this.mood = mood;
  }

  /** Says that it is another. */
  void saysItIs(String issuer) {
    otherIssuer = issuer;
  }

  /** Signs what {@code change} makes of the claims from now on. */
  void says(UnaryOperator<JWTClaimsSet.Builder> change) {
    said = change;
  }

  /** Gives away what {@code forgery} makes of a token. */
  void forges(UnaryOperator<String> forgery) {
    forged = forgery;
  }

  void profile(Map<String, Object> told) {
    profile = told;
  }

  /** Signs with a new key and publishes it; the old ones are gone. */
  RSAKey rotate(String kid) {
    RSAKey next = rsa(kid);
    keys = List.of(next);
    return next;
  }

  /** As it was in the beginning. */
  void recover() {
    keys = List.of(RSA, EC);
    mood = Mood.WELL;
    said = UnaryOperator.identity();
    forged = null;
    profile = Map.of();
    otherIssuer = null;
    asked.clear();
  }

  int timesAsked(String path) {
    return asked.getOrDefault(path, new AtomicInteger()).get();
  }

  // ---- tokens ----

  static RSAKey rsaKey() {
    return RSA;
  }

  static ECKey ecKey() {
    return EC;
  }

  private static RSAKey rsa(String kid) {
    try {
      return new RSAKeyGenerator(2_048).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Claims that are good for {@code audience}. */
  JWTClaimsSet.Builder claims(String audience, String subject) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .audience(audience)
        .subject(subject)
        .issueTime(Date.from(now.get()))
        .expirationTime(Date.from(now.get().plusSeconds(600)));
  }

  static String signed(JWTClaimsSet claims, JWK key, JWSAlgorithm algorithm) {
    return signed(
        claims,
        key,
        new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).type(JOSEObjectType.JWT).build());
  }

  static String signed(JWTClaimsSet claims, JWK key, JWSHeader header) {
    try {
      JWSSigner signer =
          key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey());
      var token = new SignedJWT(header, claims);
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- signing in ----

  /** Sends a browser back at once. */
  private void authorize(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange
          .getResponseHeaders()
          .add("Location", signIn("?" + exchange.getRequestURI().getRawQuery()));
      exchange.sendResponseHeaders(302, -1);
    }
  }

  /** What somebody's browser gets who signs in at {@code page}: where to go back to. */
  String signIn(String page) {
    Map<String, String> asked = form(page.substring(page.indexOf('?') + 1));
    if (!CLIENT.equals(asked.get("client_id"))
        || !"S256".equals(asked.get("code_challenge_method"))) {
      throw new AssertionError("an unknown client, or one without PKCE: " + page);
    }
    String code = UUID.randomUUID().toString();
    String redirect = Objects.requireNonNull(asked.get("redirect_uri"));
    grants.put(
        code,
        new Grant(
            redirect, Objects.requireNonNull(asked.get("code_challenge")), asked.get("nonce")));
    return redirect
        + "?"
        + Remote.encoded(
            Map.of(
                "code", code,
                "state", Objects.requireNonNull(asked.get("state")),
                "iss", issuer()));
  }

  private Answer token(String body) {
    Map<String, String> form = form(body);
    Grant grant = grants.remove(form.getOrDefault("code", ""));
    if (grant == null
        || !grant.redirect().equals(form.get("redirect_uri"))
        || !grant.challenge().equals(challenge(form.getOrDefault("code_verifier", "")))) {
      return new Answer(400, Json.bytes(Map.of("error", "invalid_grant")));
    }
    JWTClaimsSet.Builder claims =
        claims(CLIENT, "sub-1")
            .claim("email", "ann@example.com")
            .claim("email_verified", true)
            .claim("name", "Ann");
    if (grant.nonce() != null) {
      claims.claim("nonce", grant.nonce());
    }
    String token = signed(said.apply(claims).build(), keys.getFirst(), JWSAlgorithm.RS256);
    UnaryOperator<String> forgery = forged;
    return json(
        Map.of(
            "access_token", "access-1",
            "token_type", "Bearer",
            "id_token", forgery == null ? token : forgery.apply(token)));
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> form(String encoded) {
    var form = new ConcurrentHashMap<String, String>();
    QueryString.parse(encoded).forEach((name, values) -> form.put(name, values.getFirst()));
    return form;
  }

  // ---- HTTP ----

  private record Answer(int status, byte[] body) {}

  private static Answer json(Object value) {
    return new Answer(200, Json.bytes(value));
  }

  private void on(String path, Function<String, Answer> answer) {
    http.createContext(
        path,
        exchange -> {
          asked.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          switch (mood) {
            case WELL -> send(exchange, allowed(exchange, body) ? answer.apply(body) : refused());
            case DOWN -> send(exchange, new Answer(503, new byte[0]));
            case GARBAGE ->
                send(exchange, new Answer(200, "<html>".getBytes(StandardCharsets.UTF_8)));
            case SLOW -> begin(exchange);
          }
        });
  }

  private static Answer refused() {
    return new Answer(401, Json.bytes(Map.of("error", "invalid_client")));
  }

  /** Codes are for who knows the client's secret, profiles for who has the access token. */
  private static boolean allowed(HttpExchange exchange, String body) {
    String path = exchange.getRequestURI().getPath();
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (path.startsWith("/user")) {
      return "Bearer access-1".equals(given);
    }
    if (path.equals("/token")) {
      String both = Remote.encoded(CLIENT) + ":" + Remote.encoded(SECRET);
      return ("Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)))
          .equals(given);
    }
    return !path.endsWith("/access_token") || SECRET.equals(form(body).get("client_secret"));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(
          answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private void begin(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    OutputStream out = exchange.getResponseBody();
    out.write('{');
    out.flush();
    try {
      var unused = closed.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    threads.shutdownNow();
  }
}
