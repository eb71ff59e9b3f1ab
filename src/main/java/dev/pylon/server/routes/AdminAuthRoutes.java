package dev.pylon.server.routes;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.AuthError;
import dev.pylon.auth.Keepsakes.Account;
import dev.pylon.auth.Keepsakes.Code;
import dev.pylon.auth.Sessions;
import dev.pylon.auth.UserSession;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/admin/auth}: what is kept of sign-ins, without a secret, and ends of sessions
 * (services contract, 10.10). Admins only.
 */
final class AdminAuthRoutes {
  private final AccountDoor door;
  private final Sessions sessions;

  AdminAuthRoutes(AccountDoor door) {
    this.door = door;
    this.sessions = door.accounts().sessions();
  }

  void addTo(Router router) {
    router.on("GET", "/api/admin/auth/{table}", this::table);
    router.on("DELETE", "/api/admin/auth/sessions/{id}", this::revoke);
    router.on("POST", "/api/admin/sessions/purge", this::purge);
  }

  private Response table(Request request, List<String> path) {
    door.callers().requireAdmin(request);
    String user = request.parameter("user_id").orElse(null);
    return Response.json(
        200,
        switch (path.getFirst()) {
          case "sessions" ->
              (user == null ? sessions.all() : sessions.list(user))
                  .stream().map(AdminAuthRoutes::shown).toList();
          case "accounts" ->
              door.accounts().keepsakes().accounts().stream().map(AdminAuthRoutes::shown).toList();
          case "magic_codes" ->
              door.accounts().keepsakes().codes().stream().map(AdminAuthRoutes::shown).toList();
          case "oauth_state" -> List.of();
          default ->
              throw new PylonException(
                  AuthError.UNKNOWN_AUTH_TABLE,
                  "There are: sessions, accounts, oauth_state, magic_codes");
        });
  }

  /** The id is what is kept of the token, by which nobody is let in. */
  private static Map<String, @Nullable Object> shown(UserSession session) {
    return Json.object(
        "id", session.hash(),
        "token_preview", session.prefix(),
        "user_id", session.userId(),
        "expires_at", session.expiresAt(),
        "created_at", session.createdAt(),
        "device", session.device(),
        "tenant_id", session.tenantId());
  }

  private static Map<String, @Nullable Object> shown(Account account) {
    return Json.object(
        "id", account.id(),
        "user_id", account.userId(),
        "provider_id", account.provider(),
        "account_id", account.accountId(),
        "scope", account.scope(),
        "has_access_token", account.hasAccessToken(),
        "has_refresh_token", account.hasRefreshToken(),
        "has_id_token", account.hasIdToken(),
        "has_password", account.hasPassword(),
        "access_token_expires_at", account.accessTokenExpiresAt(),
        "refresh_token_expires_at", account.refreshTokenExpiresAt(),
        "created_at", account.createdAt(),
        "updated_at", account.updatedAt());
  }

  private static Map<String, @Nullable Object> shown(Code code) {
    return Json.object(
        "id", code.email(),
        "email", code.email(),
        "code_preview", "******",
        "expires_at", code.expiresAt(),
        "attempts", code.attempts());
  }

  private Response revoke(Request request, List<String> path) {
    door.callers().requireAdmin(request);
    if (!sessions.revokeKept(path.getFirst())) {
      throw new PylonException(HttpError.NOT_FOUND, "Session not found");
    }
    door.accounts().audit().note(Action.SESSIONS_REVOKED, null, door.visitor(request));
    return Response.json(200, Map.of("revoked", true));
  }

  /** Of one user, or of everybody: that is said in so many words. */
  private Response purge(Request request, List<String> none) {
    door.callers().requireAdmin(request);
    Map<String, @Nullable Object> body = door.body(request);
    String user = body.get("user_id") instanceof String text && !text.isBlank() ? text : null;
    if (user == null && !Boolean.TRUE.equals(body.get("all"))) {
      throw new PylonException(
          AuthError.MISSING_USER_ID, "user_id is required, or \"all\": true for everybody");
    }
    int count = user == null ? sessions.revokeEverybodys() : sessions.revokeAll(user);
    door.accounts().audit().note(Action.SESSIONS_REVOKED, user, door.visitor(request));
    return Response.json(200, Json.object("revoked_count", count));
  }
}
