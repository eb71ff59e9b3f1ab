package dev.pylon.server.routes;

import dev.pylon.auth.AuthError;
import dev.pylon.auth.MagicLinks;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/magic-link}: signing in by a link that a letter brings. */
final class MagicLinkRoutes {
  private final AccountDoor door;
  private final MagicLinks links;

  MagicLinkRoutes(AccountDoor door) {
    this.door = door;
    this.links = door.accounts().magicLinks();
  }

  void addTo(Router router) {
    router.on("POST", "/api/auth/magic-link/send", this::send);
    router.on("POST", "/api/auth/magic-link/verify", this::verify);
    router.on("GET", "/api/auth/magic-link/verify", this::open);
  }

  /** In dev mode who asks from this machine need not open the letter. */
  private Response send(Request request, List<String> none) {
    String email = AccountDoor.email(door.body(request));
    door.limitLetters(request, email);
    String token = links.send(email);
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("email", email);
    answer.put("sent", true);
    if (door.isOpen(request)) {
      answer.put("dev_token", token);
    }
    return Response.json(200, answer);
  }

  private Response verify(Request request, List<String> none) {
    Map<String, @Nullable Object> body = door.body(request);
    if (!(body.get("token") instanceof String token) || token.isBlank()) {
      throw new PylonException(AuthError.MISSING_TOKEN, "token is required");
    }
    door.limitAttempts(request);
    return door.signedIn(request, 200, links.signIn(token, door.visitor(request)));
  }

  /** What the letter's link opens: a browser is let in and sent on, or sent on and told why not. */
  private Response open(Request request, List<String> none) {
    if (request.method().equals("HEAD")) {
      // Mail programs look at links before people do; that uses none up.
      return Response.empty(200);
    }
    try {
      door.limitAttempts(request);
      Started started = links.signIn(request.parameter("token").orElse(""), door.visitor(request));
      return door.callers()
          .cookie()
          .on(
              door.toDashboard("auth_error", null),
              started.token(),
              started.session().expiresAt() - started.session().createdAt());
    } catch (PylonException e) {
      return door.secondStepOn(door.toDashboard("auth_error", e.code().name()), e);
    }
  }
}
