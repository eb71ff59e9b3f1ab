package dev.pylon.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalCallerTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "127.0.0.1, localhost:4321, -, true",
        "127.0.0.1, LOCALHOST, -, true",
        "127.0.0.1, app.localhost, -, true",
        "127.0.0.1, 127.0.0.1:4321, -, true",
        "127.0.0.1, 127.9.9.9, -, true",
        "::1, [::1]:4321, -, true",
        "::1, localhost, 127.0.0.1, true",
        "127.0.0.1, localhost, '::1, 127.0.0.1', true",
        "127.0.0.1, example.com, -, false",
        "127.0.0.1, localhost.example.com, -, false",
        "127.0.0.1, notlocalhost, -, false",
        "127.0.0.1, 127.0.0.1.example.com, -, false",
        "127.0.0.1, -, -, false",
        "127.0.0.1, localhost, 203.0.113.9, false",
        "127.0.0.1, localhost, '127.0.0.1, 203.0.113.9', false",
        "127.0.0.1, localhost, unknown, false",
        "127.0.0.1, localhost, '', false",
        "192.168.1.7, localhost, -, false",
        "203.0.113.9, localhost, 127.0.0.1, false"
      })
  void onlyThisMachineItselfIsLocal(
      String peer, @Nullable String host, @Nullable String forwarded, boolean local)
      throws Exception {
    var request =
        new Request(
            "GET",
            "/",
            "/",
            Map.of(),
            name -> name.equals("Host") ? host : name.equals("X-Forwarded-For") ? forwarded : null,
            Map::of,
            new byte[0],
            null,
            InetAddress.ofLiteral(peer),
            "r");

    assertThat(LocalCaller.is(request)).isEqualTo(local);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Real-IP, 203.0.113.9, false",
    "X-Real-IP, 127.0.0.1, true",
    "Forwarded, for=203.0.113.9, false",
    "Forwarded, for=127.0.0.1, false",
    "X-Request-Id, 203.0.113.9, true",
  })
  void aProxyMayNameItsCallerInOtherWays(String header, String value, boolean local) {
    var request =
        new Request(
            "GET",
            "/",
            "/",
            Map.of(),
            name -> name.equals("Host") ? "localhost" : name.equals(header) ? value : null,
            Map::of,
            new byte[0],
            null,
            InetAddress.getLoopbackAddress(),
            "r");

    assertThat(LocalCaller.is(request)).isEqualTo(local);
  }
}
