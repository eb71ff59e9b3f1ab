package dev.pylon.server.routes;

import dev.pylon.auth.AuthError;
import dev.pylon.auth.jwt.Bearers.Minted;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;

/** {@code /api/auth/jwt}: a token that others can check without asking us. */
final class JwtRoutes {
  private final AccountDoor door;

  JwtRoutes(AccountDoor door) {
    this.door = door;
  }

  void addTo(Router router) {
    router.on("POST", "/api/auth/jwt", this::mint);
  }

  /**
   * Only for a session: a key would lose its scopes, and a token that makes the next one would
   * never end.
   */
  private Response mint(Request request, List<String> none) {
    String unused = door.requireUser(request);
    if (!door.callers().isBySession(request)) {
      throw new PylonException(
          AuthError.API_KEY_AUTH_FORBIDDEN, "This takes a session, not another token");
    }
    Minted minted = door.accounts().bearers().mint(door.caller(request));
    return Response.json(
        200, Json.object("expires_at", minted.expiresAt(), "token", minted.token()));
  }
}
