package dev.pylon.server.routes;

import dev.pylon.auth.AccountEnd.Ended;
import dev.pylon.auth.AuthError;
import dev.pylon.auth.Users;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another address for one's account, and its end. */
final class OwnAccountRoutes {
  private final AccountDoor door;

  OwnAccountRoutes(AccountDoor door) {
    this.door = door;
  }

  void addTo(Router router) {
    router.on("POST", "/api/auth/email/change/request", this::requestChange);
    router.on("POST", "/api/auth/email/change/confirm", this::confirmChange);
    router.on("DELETE", "/api/auth/account", this::end);
  }

  /** The same answer for every address. */
  private Response requestChange(Request request, List<String> none) {
    String userId = door.requireAccount(request);
    Map<String, @Nullable Object> body = door.body(request);
    String email =
        Users.address(
            text(body, "newEmail")
                .or(() -> text(body, "email"))
                .orElseThrow(
                    () -> new PylonException(AuthError.MISSING_EMAIL, "newEmail is required")));
    door.limitLetters(request, userId);
    door.accounts()
        .addressChanges()
        .request(userId, email, text(body, "currentPassword").orElse(""), door.visitor(request));
    return Response.json(200, Map.of("sent", true));
  }

  /** Whoever has the letter need not have signed in on the device on which it is read. */
  private Response confirmChange(Request request, List<String> none) {
    String token =
        text(door.body(request), "token")
            .orElseThrow(() -> new PylonException(AuthError.MISSING_TOKEN, "token is required"));
    door.limitAttempts(request);
    String email = door.accounts().addressChanges().confirm(token, door.visitor(request));
    return Response.json(200, Json.object("changed", true, "email", email));
  }

  private static Optional<String> text(Map<String, @Nullable Object> body, String name) {
    return body.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  private Response end(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    if (door.caller(request).admin()) {
      throw new PylonException(HttpError.FORBIDDEN, "The administrator has no account to end");
    }
    Ended ended = door.accounts().ending().end(userId, door.visitor(request));
    Response.Full answer =
        Response.json(
            200,
            Json.object(
                "deleted", true,
                "revoked_sessions", ended.sessions(),
                "revoked_api_keys", ended.keys(),
                "unlinked_accounts", ended.accounts()));
    return door.callers().deviceCookie().clearedOn(door.callers().cookie().clearedOn(answer));
  }
}
