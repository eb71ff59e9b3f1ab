package dev.pylon.server.routes;

import dev.pylon.auth.ApiKey;
import dev.pylon.auth.ApiKeys;
import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/api-keys}: tokens for programs. A key cannot make or end keys. */
final class KeyRoutes {
  private static final int NAME_CHARS_MAX = 200;
  private static final int SCOPES_CHARS_MAX = 2_000;

  private final AccountDoor door;
  private final ApiKeys keys;

  KeyRoutes(AccountDoor door) {
    this.door = door;
    this.keys = door.accounts().keys();
  }

  void addTo(Router router) {
    router.on("GET", "/api/auth/api-keys", this::list);
    router.on("POST", "/api/auth/api-keys", this::make);
    router.on("DELETE", "/api/auth/api-keys/{id}", this::revoke);
  }

  private Response list(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    return Response.json(200, keys.list(userId).stream().map(KeyRoutes::listed).toList());
  }

  private static Map<String, @Nullable Object> listed(ApiKey key) {
    var shown = new LinkedHashMap<String, @Nullable Object>(shown(key));
    shown.put("last_used_at", key.lastUsedAt());
    return shown;
  }

  private static Map<String, @Nullable Object> shown(ApiKey key) {
    return Json.object(
        "id", key.id(),
        "prefix", key.prefix(),
        "name", key.name(),
        "scopes", key.scopes(),
        "expires_at", key.expiresAt(),
        "created_at", key.createdAt());
  }

  /** The only answer that holds the key itself. */
  private Response make(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    Map<String, @Nullable Object> body = door.body(request);
    String name = text(body, "name", NAME_CHARS_MAX);
    String scopes = text(body, "scopes", SCOPES_CHARS_MAX);
    Long expiresAt = body.get("expires_at") instanceof Number seconds ? seconds.longValue() : null;
    ApiKey.Made made = keys.make(userId, name == null ? "untitled" : name, scopes, expiresAt);
    door.accounts()
        .audit()
        .note(Action.KEY_MADE, userId, door.visitor(request), Map.of("key", made.key().id()));
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("key", made.token());
    answer.putAll(shown(made.key()));
    return Response.json(200, answer);
  }

  private static @Nullable String text(
      Map<String, @Nullable Object> body, String name, int charsMax) {
    Object value = body.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof String text && !text.isBlank() && text.length() <= charsMax) {
      return text.strip();
    }
    throw new PylonException(
            DataError.MISSING_FIELD,
            "\"%s\" takes 1 to %d characters of text".formatted(name, charsMax))
        .with("field", name);
  }

  private Response revoke(Request request, List<String> path) {
    String userId = door.requireSessionUser(request);
    String id = path.getFirst();
    if (!keys.revoke(userId, id)) {
      throw new PylonException(HttpError.NOT_FOUND, "API key not found");
    }
    door.accounts()
        .audit()
        .note(Action.KEY_REVOKED, userId, door.visitor(request), Map.of("key", id));
    return Response.json(200, Map.of("revoked", true));
  }
}
