package dev.pylon.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.model.PylonException;
import dev.pylon.model.SlidingLog;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final String PAGE = "https://app.example.com";

  /** Lets {@code perMinute} through, and pages of {@link #PAGE} write. */
  private static Gate gate(int perMinute) {
    return new Gate(new SlidingLog(perMinute, WINDOW), new ClientAddress(1), List.of(PAGE));
  }

  /** {@code headers} as {@code Name: value; Name: value}. */
  private static Request request(String method, String path, String headers) {
    var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (String header : headers.isEmpty() ? new String[0] : headers.split("; ")) {
      String[] parts = header.split(": ", 2);
      all.put(parts[0], parts[1]);
    }
    return new Request(
        method.toUpperCase(Locale.ROOT),
        path,
        path,
        Map.of(),
        all::get,
        () -> all,
        new byte[0],
        null,
        InetAddress.getLoopbackAddress(),
        "r-1");
  }

  private static String answer(Gate gate, Request request) {
    return gate.refusal(request)
        .map(refusal -> refusal.code().status() + " " + refusal.code() + " " + refusal.message())
        .orElse("passes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "POST|''|passes",
        "POST|Cookie: s=1|passes",
        "POST|Origin: https://app.example.com|passes",
        "POST|Origin: HTTPS://APP.example.com|passes",
        "POST|Referer: https://app.example.com/a/b?c|passes",
        "POST|Host: api.example.com:4321; Origin: http://api.example.com:4321|passes",
        "POST|Origin: https://evil.example; Authorization: Bearer t|passes",
        "GET|Origin: https://evil.example|passes",
        "HEAD|Origin: https://evil.example|passes",
        "OPTIONS|Origin: https://evil.example|passes",
        "POST|Cookie: s=1; Sec-Fetch-Site: same-origin|passes",
        "POST|Cookie: s=1; Sec-Fetch-Site: cross-site; Origin: https://app.example.com|passes",
        "POST|Origin: https://evil.example|403 CSRF_REJECTED Origin 'https://evil.example' not allowed",
        "DELETE|Origin: https://evil.example|403 CSRF_REJECTED Origin 'https://evil.example' not allowed",
        "POST|Referer: https://evil.example/https://app.example.com|403 CSRF_REJECTED Origin 'https://evil.example' not allowed",
        "POST|Origin: https://app.example.com.evil.example|403 CSRF_REJECTED Origin 'https://app.example.com.evil.example' not allowed",
        "POST|Origin: http://app.example.com|403 CSRF_REJECTED Origin 'http://app.example.com' not allowed",
        "POST|Origin: null|403 CSRF_REJECTED Origin 'null' not allowed",
        "POST|Origin: https://evil.example; Authorization: Basic dDp0|403 CSRF_REJECTED Origin 'https://evil.example' not allowed",
        "POST|Cookie: s=1; Sec-Fetch-Site: cross-site|403 CSRF_REJECTED Origin 'cross-site' not allowed"
      })
  void aPageOfSomebodyElseMayNotWrite(String method, String headers, String expected) {
    assertThat(answer(gate(0), request(method, "/api/fn/add", headers))).isEqualTo(expected);
  }

  @Test
  void whereAnyPageMayWriteNoneIsRefused() {
    var open = new Gate(new SlidingLog(0, WINDOW), new ClientAddress(0), List.of("*"));

    assertThat(open.refusal(request("POST", "/", "Origin: https://evil.example"))).isEmpty();
  }

  @Test
  void anAddressIsLetThroughSoOftenAndThenToldWhenToComeBack() {
    Gate two = gate(2);
    Request request = request("GET", "/api/fn", "");

    assertThat(two.refusal(request)).isEmpty();
    assertThat(two.refusal(request)).isEmpty();
    PylonException refusal = two.refusal(request).orElseThrow();

    assertThat(refusal.code()).isEqualTo(HttpError.RATE_LIMITED);
    assertThat(refusal.message()).isEqualTo("Too many requests. Retry after 60 seconds.");
    assertThat(refusal.details()).containsEntry("retry_after_secs", 60L);
    assertThat(two.refusal(request("GET", "/", "X-Forwarded-For: 203.0.113.7"))).isEmpty();
  }

  @Test
  void whoAsksWhetherWeLiveIsNotCounted() {
    Gate one = gate(1);

    for (String path : List.of("/health", "/readyz", "/metrics")) {
      assertThat(one.refusal(request("GET", path, ""))).as(path).isEmpty();
    }
    assertThat(one.refusal(request("OPTIONS", "/api/fn/add", ""))).isEmpty();
    assertThat(one.refusal(request("GET", "/api/fn", ""))).isEmpty();
    assertThat(one.refusal(request("GET", "/api/fn", ""))).isPresent();
  }
}
