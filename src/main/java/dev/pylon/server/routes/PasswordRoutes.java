package dev.pylon.server.routes;

import dev.pylon.auth.AuthError;
import dev.pylon.auth.Passwords;
import dev.pylon.auth.Passwords.Changed;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/password}: signing up and in with a password, and another password. */
final class PasswordRoutes {
  private final AccountDoor door;
  private final Passwords passwords;

  PasswordRoutes(AccountDoor door) {
    this.door = door;
    this.passwords = door.accounts().passwords();
  }

  void addTo(Router router) {
    router.on("POST", "/api/auth/password/register", this::register);
    router.on("POST", "/api/auth/password/login", this::login);
    router.on("POST", "/api/auth/password", this::loginOfSwift);
    router.on("POST", "/api/auth/password/change", this::change);
    router.on("POST", "/api/auth/password/reset/request", this::requestReset);
    router.on("POST", "/api/auth/password/reset/complete", this::completeReset);
  }

  private Response register(Request request, List<String> none) {
    Map<String, @Nullable Object> body = door.body(request);
    String email = AccountDoor.email(body);
    String password = password(body, "password");
    door.limitRegistrations(request);
    String displayName = body.get("displayName") instanceof String name ? name : null;
    return door.signedIn(
        request, 200, passwords.register(email, password, displayName, door.visitor(request)));
  }

  private Response login(Request request, List<String> none) {
    return door.signedIn(request, 200, started(request));
  }

  /** What the Swift client asks. */
  private Response loginOfSwift(Request request, List<String> none) {
    return door.signedInSwift(request, started(request));
  }

  private Started started(Request request) {
    Map<String, @Nullable Object> body = door.body(request);
    String email = AccountDoor.emailToLookUp(body);
    String password = password(body, "password");
    door.limitLogins(request, email);
    return passwords.login(email, password, door.visitor(request));
  }

  private static String password(Map<String, @Nullable Object> body, String name) {
    if (body.get(name) instanceof String password && !password.isEmpty()) {
      return password;
    }
    throw new PylonException(AuthError.MISSING_PASSWORD, name + " is required");
  }

  private Response change(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    Map<String, @Nullable Object> body = door.body(request);
    String next = password(body, "newPassword");
    String current = body.get("currentPassword") instanceof String text ? text : "";
    door.limitLogins(request, userId);
    Changed changed = passwords.change(userId, current, next, door.visitor(request));
    return door.withCookie(
        request,
        Response.json(
            200,
            Json.object(
                "changed", true,
                "revoked_sessions", changed.revoked(),
                "token", changed.session().token(),
                "expires_at", changed.session().session().expiresAt())),
        changed.session());
  }

  /** The same answer for every address. */
  private Response requestReset(Request request, List<String> none) {
    String email = AccountDoor.email(door.body(request));
    door.limitLetters(request, email);
    door.accounts().resets().request(email);
    return Response.json(200, Map.of("sent", true));
  }

  private Response completeReset(Request request, List<String> none) {
    Map<String, @Nullable Object> body = door.body(request);
    if (!(body.get("token") instanceof String token) || token.isEmpty()) {
      throw new PylonException(AuthError.MISSING_TOKEN, "token is required");
    }
    String next = password(body, body.containsKey("newPassword") ? "newPassword" : "password");
    door.limitAttempts(request);
    int revoked = door.accounts().resets().complete(token, next, door.visitor(request));
    return Response.json(200, Json.object("reset", true, "revoked_sessions", revoked));
  }
}
