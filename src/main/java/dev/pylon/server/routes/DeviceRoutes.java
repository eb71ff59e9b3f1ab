package dev.pylon.server.routes;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.TrustedDevices;
import dev.pylon.auth.TrustedDevices.Device;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/trusted-devices}: where one is not asked for a second factor. */
final class DeviceRoutes {
  private final AccountDoor door;
  private final TrustedDevices devices;

  DeviceRoutes(AccountDoor door) {
    this.door = door;
    this.devices = door.accounts().devices();
  }

  void addTo(Router router) {
    router.on("GET", "/api/auth/trusted-devices", this::list);
    router.on("DELETE", "/api/auth/trusted-devices", this::revokeAll);
    router.on("DELETE", "/api/auth/trusted-devices/{id}", this::revoke);
  }

  private Response list(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    return Response.json(
        200,
        Json.object("devices", devices.list(userId).stream().map(DeviceRoutes::shown).toList()));
  }

  private static Map<String, @Nullable Object> shown(Device device) {
    return Json.object(
        "id", device.id(),
        "label", device.label(),
        "created_at", device.createdAt(),
        "expires_at", device.expiresAt());
  }

  private Response revokeAll(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    int count = devices.revokeAll(userId);
    door.accounts().audit().note(Action.DEVICE_REVOKED, userId, door.visitor(request));
    return door.callers()
        .deviceCookie()
        .clearedOn(Response.json(200, Json.object("revoked", count)));
  }

  private Response revoke(Request request, List<String> path) {
    String userId = door.requireSessionUser(request);
    if (!devices.revoke(userId, path.getFirst())) {
      throw new PylonException(HttpError.NOT_FOUND, "Trusted device not found");
    }
    door.accounts()
        .audit()
        .note(
            Action.DEVICE_REVOKED,
            userId,
            door.visitor(request),
            Map.of("device", path.getFirst()));
    return Response.json(200, Json.object("revoked", 1));
  }
}
