package dev.pylon.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pylon.auth.jwt.Bearers;
import dev.pylon.auth.jwt.JwtError;
import dev.pylon.model.PylonException;
import dev.pylon.model.SlidingLog;
import dev.pylon.outbound.Remote;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever stands in the headers and the address of a request, nobody who reads it fails; nor does
 * who reads the token in it, be it signed by somebody who knows the secret.
 */
class HeadFuzz {
  private static final String SECRET = "known to whoever signs the tokens";

  private static final Bearers BEARERS =
      new Bearers(
          new Bearers.Settings(new Bearers.Own(SECRET, "a", Duration.ofHours(1)), null),
          new Remote(Duration.ZERO, false),
          InstantSource.fixed(Instant.EPOCH));

  private static final SessionCookie COOKIE = new SessionCookie(() -> "s", null, true, "Lax");

  @FuzzTest(maxDuration = "20s")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void everyHeadIsRead(FuzzedDataProvider data) {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (String name :
        List.of("Cookie", "X-Forwarded-For", "Host", "Origin", "Referer", "Authorization")) {
      if (data.consumeBoolean()) {
        headers.put(name, data.consumeAsciiString(60));
      }
    }
    if (data.consumeBoolean()) {
      headers.put(
          "Authorization", "Bearer " + signed(data.consumeString(40), data.consumeString(200)));
    }
    String query = data.consumeString(60);
    String path = "/" + data.consumeRemainingAsString();
    var request =
        new Request(
            "POST",
            path,
            path + "?" + query,
            QueryString.parse(query),
            headers::get,
            () -> Map.copyOf(headers),
            new byte[0],
            null,
            InetAddress.getLoopbackAddress(),
            "r");
    var gate =
        new Gate(
            new SlidingLog(0, Duration.ofMinutes(1)), new ClientAddress(2), List.of("https://a"));

    gate.refusal(request).ifPresent(refusal -> assertThat(refusal.code().status()).isEqualTo(403));
    COOKIE.token(request).ifPresent(token -> assertThat(token).isNotEmpty());
    assertThat(new ClientAddress(1).of(request)).matches("[0-9a-f.:%a-z]+");
    assertThat(LocalCaller.is(request)).isIn(true, false);
    assertThat(Percent.decoded(path)).isNotNull();
    String token = request.bearer();
    if (token != null && BEARERS.take(token)) {
      speaksForSomebodyOrIsRefused(token);
    }
  }

  private static void speaksForSomebodyOrIsRefused(String token) {
    try {
      assertThat(BEARERS.verify(token).identity().userId()).isNotBlank().doesNotStartWith("__");
    } catch (PylonException refusal) {
      assertThat(refusal.code()).isEqualTo(JwtError.INVALID_JWT);
    }
  }

  /** A token whose signature, issuer and time are good, whatever else it says. */
  private static String signed(String header, String claims) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String head = header.isEmpty() ? "{\"alg\":\"HS256\"}" : header;
    String body =
        Stream.of(head, "{\"iss\":\"a\",\"exp\":1," + claims)
            .map(part -> base64.encodeToString(part.getBytes(StandardCharsets.UTF_8)))
            .collect(Collectors.joining("."));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return body
          + "."
          + base64.encodeToString(mac.doFinal(body.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
    }
  }
}
