package dev.pylon.server.routes;

import dev.pylon.auth.OAuthSignIn;
import dev.pylon.auth.OAuthSignIn.Bearer;
import dev.pylon.auth.OAuthSignIn.Returned;
import dev.pylon.auth.OAuthSignIn.Sent;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.auth.Users;
import dev.pylon.auth.oauth.OAuthError;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.QueryString;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.server.http.SessionCookie;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/login} and {@code /api/auth/callback}: signing in with another provider. */
final class OAuthRoutes {
  private static final System.Logger LOG = System.getLogger(OAuthRoutes.class.getName());

  /** As long as a sign-in may take. */
  private static final long COOKIE_SECONDS = 600;

  private static final int COOKIE_CHARS = 43;

  private final AccountDoor door;
  private final OAuthSignIn signIn;
  private final SessionCookie browsers;

  OAuthRoutes(AccountDoor door) {
    this.door = door;
    this.signIn = door.accounts().oauth();
    this.browsers = door.callers().cookie().ofSignIns();
  }

  void addTo(Router router) {
    router.on("GET", "/api/auth/providers", this::providers);
    router.on("GET", "/api/auth/login/{provider}", this::begin);
    router.on("GET", "/api/auth/callback/{provider}", this::comeBack);
    router.on("POST", "/api/auth/callback/{provider}", this::bring);
  }

  private Response providers(Request request, List<String> none) {
    return Response.json(
        200,
        signIn.providers().stream()
            .map(name -> Json.object("auth_url", "/api/auth/login/" + name, "provider", name))
            .toList());
  }

  // ---- there ----

  private Response begin(Request request, List<String> path) {
    String callback =
        request
            .parameter("callback")
            .filter(address -> !address.isBlank())
            .orElseThrow(() ->
                new PylonException(
                    OAuthError.MISSING_CALLBACK, "?callback= says where to go afterwards"));
    door.limitAttempts(request);
    Sent sent =
        signIn.begin(
            path.getFirst(),
            callback,
            request.parameter("error_callback").filter(address -> !address.isBlank()).orElse(null),
            browser(request));
    String page = sent.page().toString();
    Response.Full answer =
        request.parameter("redirect").filter("1"::equals).isPresent()
            ? redirect(page)
            : Response.json(200, Json.object("redirect", page, "state", sent.state()));
    return browsers.on(answer, sent.browser(), COOKIE_SECONDS);
  }

  /** What the browser got with a sign-in before: several may be under way in its windows. */
  private @Nullable String browser(Request request) {
    return browsers.token(request).filter(secret -> secret.length() == COOKIE_CHARS).orElse(null);
  }

  private static Response.Full redirect(String address) {
    return Response.empty(302).with("Location", address).with("Cache-Control", "no-store");
  }

  // ---- and back ----

  private Response comeBack(Request request, List<String> path) {
    return finish(request, path.getFirst(), name -> request.parameter(name).orElse(null));
  }

  /** Some providers have the browser bring a form; applications bring JSON. */
  private Response bring(Request request, List<String> path) {
    boolean form =
        request
            .header("Content-Type")
            .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
            .isPresent();
    if (!form) {
      return answer(request, path.getFirst());
    }
    Map<String, List<String>> fields =
        QueryString.parse(new String(request.body(), StandardCharsets.UTF_8));
    return finish(
        request,
        path.getFirst(),
        name -> fields.containsKey(name) ? fields.get(name).getFirst() : null);
  }

  /** Goes on in the application, whatever happened: it is a person who waits. */
  private Response finish(
      Request request, String provider, Function<String, @Nullable String> given) {
    door.limitAttempts(request);
    String state = given.apply("state");
    Returned returned =
        signIn.take(provider, state == null ? "" : state, browser(request), Bearer.BROWSER);
    try {
      String code = given.apply("code");
      if (given.apply("error") != null || code == null || code.isBlank()) {
        throw new PylonException(OAuthError.OAUTH_DENIED, "You did not sign in there");
      }
      Started started = signIn.finish(returned, code, given.apply("iss"), door.visitor(request));
      return cookie(redirect(returned.callback()), started);
    } catch (PylonException e) {
      return door.secondStepOn(failed(returned, e.code().name(), e.message()), e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a sign-in failed request=" + request.id(), e);
      return failed(
          returned,
          HttpError.INTERNAL.name(),
          "The server failed to answer; request id " + request.id());
    }
  }

  private static Response.Full failed(Returned returned, String code, String message) {
    return redirect(
        with(returned.errorCallback(), "oauth_error", code, "oauth_error_message", message));
  }

  /** An address with more behind its question mark, before what stands behind its hash. */
  private static String with(String address, String... namesAndValues) {
    int hash = address.indexOf('#');
    var page = new StringBuilder(hash < 0 ? address : address.substring(0, hash));
    char separator = page.indexOf("?") < 0 ? '?' : '&';
    for (int i = 0; i < namesAndValues.length; i += 2) {
      page.append(separator)
          .append(namesAndValues[i])
          .append('=')
          .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
      separator = '&';
    }
    return page.append(hash < 0 ? "" : address.substring(hash)).toString();
  }

  private Response.Full cookie(Response.Full response, Started started) {
    return door.callers()
        .cookie()
        .on(
            response,
            started.token(),
            started.session().expiresAt() - started.session().createdAt());
  }

  /** A page or a program brings what it was sent, and holds the token itself. */
  private Response answer(Request request, String provider) {
    Map<String, @Nullable Object> body = door.body(request);
    door.limitAttempts(request);
    String state = text(body, "state");
    if (state == null) {
      throw new PylonException(OAuthError.MISSING_FIELD, "state is required")
          .with("field", "state");
    }
    Returned returned = signIn.take(provider, state, browser(request), Bearer.HOLDER_OF_STATE);
    Started started = started(request, returned, body);
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("expires_at", started.session().expiresAt());
    answer.put("provider", provider);
    answer.put("token", started.token());
    answer.put("user_id", started.session().userId());
    Response.Full response = Response.json(200, answer);
    return returned.isOfSameBrowser() ? door.withCookie(request, response, started) : response;
  }

  private Started started(Request request, Returned returned, Map<String, @Nullable Object> body) {
    String code = text(body, "code");
    if (code != null) {
      return signIn.finish(returned, code, text(body, "iss"), door.visitor(request));
    }
    String email = text(body, "email");
    if (email == null || !door.isOpen(request)) {
      throw new PylonException(OAuthError.MISSING_FIELD, "code is required").with("field", "code");
    }
    return signIn.pretend(
        returned, Users.address(email), text(body, "name"), door.visitor(request));
  }

  private static @Nullable String text(Map<String, @Nullable Object> body, String member) {
    return body.get(member) instanceof String text && !text.isBlank() ? text : null;
  }
}
