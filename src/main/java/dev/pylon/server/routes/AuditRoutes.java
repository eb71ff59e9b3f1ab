package dev.pylon.server.routes;

import dev.pylon.auth.AuditEvent;
import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/audit}: what one did oneself, and what happened in a tenant one looks after. */
final class AuditRoutes {
  private static final int EVENTS = 100;
  private static final int EVENTS_MAX = 1_000;

  private final AccountDoor door;

  AuditRoutes(AccountDoor door) {
    this.door = door;
  }

  void addTo(Router router) {
    router.on("GET", "/api/auth/audit", this::own);
    router.on("GET", "/api/auth/audit/tenant", this::ofTenant);
  }

  private Response own(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    return list(door.accounts().audit().ofUser(userId, limit(request)));
  }

  private Response ofTenant(Request request, List<String> none) {
    Identity caller = door.requireCaller(request);
    String tenant = caller.tenantId();
    boolean looksAfter =
        caller.admin() || caller.roles().contains("owner") || caller.roles().contains("admin");
    if (tenant == null || !looksAfter) {
      throw new PylonException(
          HttpError.FORBIDDEN, "Select a tenant in which you are an owner or an admin");
    }
    return list(door.accounts().audit().ofTenant(tenant, limit(request)));
  }

  private static int limit(Request request) {
    return request
        .parameter("limit")
        .filter(text -> text.matches("\\d{1,6}"))
        .map(Integer::parseInt)
        .map(limit -> Math.clamp(limit, 1, EVENTS_MAX))
        .orElse(EVENTS);
  }

  private static Response list(List<AuditEvent> events) {
    return Response.json(200, events.stream().map(AuditRoutes::shown).toList());
  }

  private static Map<String, @Nullable Object> shown(AuditEvent event) {
    String metadata = event.metadata();
    return Json.object(
        "id", event.id(),
        "created_at", event.createdAt(),
        "action", event.action(),
        "user_id", event.userId(),
        "actor_id", event.actorId(),
        "tenant_id", event.tenantId(),
        "ip", event.address(),
        "user_agent", event.userAgent(),
        "success", event.success(),
        "reason", event.reason(),
        "metadata", metadata == null ? null : Json.parse(metadata));
  }
}
