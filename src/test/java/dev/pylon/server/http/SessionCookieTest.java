package dev.pylon.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What browsers are told about the cookie of a session, and what is read of theirs. */
class SessionCookieTest {
  private static String setBy(SessionCookie cookie) {
    return cookie
        .on(Response.json(200, Map.of()), "t", 60)
        .headers()
        .getOrDefault("Set-Cookie", "");
  }

  @ParameterizedTest
  @CsvSource({
    "chat, chat_session",
    "My App, My_App_session",
    "a.b/c-d_1, a_b_c-d_1_session",
    "é;x, __x_session",
    "'', pylon_session",
  })
  void itIsNamedAfterTheApplication(String application, String name) {
    assertThat(SessionCookie.nameFor(application)).isEqualTo(name);
  }

  @Test
  void itIsOutOfReachOfScriptsAndGoesWhereTheOperatorSays() {
    assertThat(setBy(new SessionCookie(() -> "s", null, false, "Lax")))
        .isEqualTo("s=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    assertThat(setBy(new SessionCookie(() -> "s", "a.example", true, "None")))
        .isEqualTo("s=t; Path=/; Max-Age=60; Domain=a.example; HttpOnly; SameSite=None; Secure");
  }

  /** The browser is sent back by a page of somebody else, and must bring it along. */
  @Test
  void thatOfASignInElsewhereIsNeverStrict() {
    var strict = new SessionCookie(() -> "s", null, true, "Strict");

    assertThat(setBy(strict)).contains("SameSite=Strict");
    assertThat(setBy(strict.ofSignIns())).startsWith("s_oauth=t;").contains("SameSite=Lax");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "s=t, t",
        "'a=b; s=t; c=d', t",
        "'a=b;s=t', t",
        "' s = t ', t",
        "s=a=b, a=b",
        "s=, -",
        "'', -",
        "=t, -",
        "xs=t, -",
        "S=t, -",
        "'s; x', -",
        "-, -",
      })
  void itIsFoundAmongOthers(@Nullable String cookies, @Nullable String token) throws Exception {
    var request =
        new Request(
            "GET",
            "/",
            "/",
            Map.of(),
            name -> name.equals("Cookie") ? cookies : null,
            Map::of,
            new byte[0],
            null,
            InetAddress.getLoopbackAddress(),
            "r");

    assertThat(new SessionCookie(() -> "s", null, false, "Lax").token(request).orElse(null))
        .isEqualTo(token);
  }
}
