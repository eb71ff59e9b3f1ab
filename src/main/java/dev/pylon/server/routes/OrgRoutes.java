package dev.pylon.server.routes;

import dev.pylon.auth.OrgRole;
import dev.pylon.auth.Organizations;
import dev.pylon.auth.Organizations.Member;
import dev.pylon.auth.Organizations.Org;
import dev.pylon.json.Json;
import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/orgs}: organisations, and who belongs to them. */
final class OrgRoutes {
  private final AccountDoor door;
  private final Organizations orgs;

  OrgRoutes(AccountDoor door) {
    this.door = door;
    this.orgs = door.accounts().organizations();
  }

  void addTo(Router router) {
    router.on("GET", "/api/auth/orgs", this::list);
    router.on("POST", "/api/auth/orgs", this::make);
    router.on("GET", "/api/auth/orgs/{id}", this::one);
    router.on("DELETE", "/api/auth/orgs/{id}", this::delete);
    router.on("GET", "/api/auth/orgs/{id}/members", this::members);
    router.on("PUT", "/api/auth/orgs/{id}/members/{user}", this::change);
    router.on("DELETE", "/api/auth/orgs/{id}/members/{user}", this::remove);
  }

  private Response list(Request request, List<String> none) {
    String userId = door.requireAccount(request);
    return Response.json(200, orgs.list(userId).stream().map(OrgRoutes::shown).toList());
  }

  private Response make(Request request, List<String> none) {
    String userId = door.requireAccount(request);
    String name = door.body(request).get("name") instanceof String text ? text : "";
    return Response.json(200, shown(orgs.make(userId, name, door.visitor(request))));
  }

  private Response one(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    return Response.json(200, shown(orgs.find(path.getFirst(), userId)));
  }

  private static Map<String, @Nullable Object> shown(Org org) {
    return Json.object(
        "id", org.id(),
        "name", org.name(),
        "role", org.role().text(),
        "created_at", org.createdAt());
  }

  private Response delete(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    orgs.delete(path.getFirst(), userId, door.visitor(request));
    return Response.json(200, Map.of("deleted", true));
  }

  private Response members(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    return Response.json(
        200, orgs.members(path.getFirst(), userId).stream().map(OrgRoutes::shown).toList());
  }

  private static Map<String, @Nullable Object> shown(Member member) {
    return Json.object(
        "user_id", member.userId(),
        "role", member.role().text(),
        "joined_at", member.joinedAt());
  }

  private Response change(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    OrgRole role = role(door.body(request));
    orgs.change(path.getFirst(), userId, path.getLast(), role, door.visitor(request));
    return Response.json(
        200, Json.object("updated", true, "user_id", path.getLast(), "role", role.text()));
  }

  /** The role that a body names; a member where it names none. */
  static OrgRole role(Map<String, @Nullable Object> body) {
    Object role = body.getOrDefault("role", OrgRole.MEMBER.text());
    return OrgRole.parse(String.valueOf(role));
  }

  private Response remove(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    orgs.remove(path.getFirst(), userId, path.getLast(), door.visitor(request));
    return Response.json(200, Json.object("removed", true, "user_id", path.getLast()));
  }
}
