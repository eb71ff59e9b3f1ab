package dev.pylon.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pylon.model.SlidingLog;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whatever stands in the headers and the address of a request, nobody who reads it fails. */
class HeadFuzz {
  private static final SessionCookie COOKIE = new SessionCookie(() -> "s", null, true, "Lax");

  @FuzzTest(maxDuration = "30s")
  void everyHeadIsRead(FuzzedDataProvider data) {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (String name :
        List.of("Cookie", "X-Forwarded-For", "Host", "Origin", "Referer", "Authorization")) {
      if (data.consumeBoolean()) {
        headers.put(name, data.consumeAsciiString(60));
      }
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
  }
}
