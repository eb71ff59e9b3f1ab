package dev.pylon.server.http;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that carries a browser's session token, out of reach of the page's scripts (auth
 * contract, A.2).
 *
 * @param name asked each time: it may follow the application's
 * @param domain null for the host that answers
 * @param sameSite {@code Lax}, {@code Strict} or {@code None}
 */
public record SessionCookie(
    Supplier<String> name, @Nullable String domain, boolean secure, String sameSite) {

  /** The name for an application called {@code application}. */
  public static String nameFor(String application) {
    return (application.isEmpty() ? "pylon" : application.replaceAll("[^A-Za-z0-9_-]", "_"))
        + "_session";
  }

  /** A cookie called {@code other} that is in all else like this one. */
  public SessionCookie named(String other) {
    return new SessionCookie(() -> other, domain, secure, sameSite);
  }

  /**
   * The cookie beside it by which a browser is known that has begun to sign in elsewhere. It must
   * come along when the browser is sent back from there, so it is never stricter than lax.
   */
  public SessionCookie ofSignIns() {
    return new SessionCookie(
        () -> name.get() + "_oauth", domain, secure, sameSite.equals("Strict") ? "Lax" : sameSite);
  }

  /** The token that a request carries. */
  public Optional<String> token(Request request) {
    return request.header("Cookie").flatMap(cookies -> value(cookies, name.get()));
  }

  private static Optional<String> value(String cookies, String name) {
    for (String cookie : cookies.split(";")) {
      int equals = cookie.indexOf('=');
      if (equals > 0 && cookie.substring(0, equals).strip().equals(name)) {
        String value = cookie.substring(equals + 1).strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** The response with the cookie, which holds for so many seconds. */
  public Response.Full on(Response.Full response, String token, long maxAgeSeconds) {
    return response.withCookie(text(token, maxAgeSeconds));
  }

  /** The response that takes the cookie away. */
  public Response.Full clearedOn(Response.Full response) {
    return response.withCookie(text("", 0));
  }

  private String text(String token, long maxAgeSeconds) {
    return name.get()
        + "="
        + token
        + "; Path=/; Max-Age="
        + maxAgeSeconds
        + (domain == null ? "" : "; Domain=" + domain)
        + "; HttpOnly; SameSite="
        + sameSite
        + (secure ? "; Secure" : "");
  }
}
