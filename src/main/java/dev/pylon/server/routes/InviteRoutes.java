package dev.pylon.server.routes;

import dev.pylon.auth.Invites;
import dev.pylon.auth.Invites.Invite;
import dev.pylon.auth.Invites.Sent;
import dev.pylon.auth.OrgRole;
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

/** {@code /api/auth/orgs/{id}/invites} and {@code /api/auth/invites}: asking people in. */
final class InviteRoutes {
  private final AccountDoor door;
  private final Invites invites;

  InviteRoutes(AccountDoor door) {
    this.door = door;
    this.invites = door.accounts().invites();
  }

  void addTo(Router router) {
    router.on("GET", "/api/auth/orgs/{id}/invites", this::list);
    router.on("POST", "/api/auth/orgs/{id}/invites", this::send);
    router.on("DELETE", "/api/auth/orgs/{id}/invites/{invite}", this::revoke);
    router.on("POST", "/api/auth/invites/{token}/accept", this::accept);
    router.on("GET", "/api/auth/invites/{token}/accept", this::open);
  }

  private Response list(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    return Response.json(
        200, invites.list(path.getFirst(), userId).stream().map(InviteRoutes::listed).toList());
  }

  private static Map<String, @Nullable Object> listed(Invite invite) {
    var shown = new LinkedHashMap<String, @Nullable Object>(shown(invite));
    shown.put("invited_by", invite.invitedBy());
    shown.put("created_at", invite.createdAt());
    return shown;
  }

  private static Map<String, @Nullable Object> shown(Invite invite) {
    return Json.object(
        "id", invite.id(),
        "email", invite.email(),
        "role", invite.role().text(),
        "expires_at", invite.expiresAt());
  }

  /** Who was invited reads the token in a letter; in dev mode it is in the answer, too. */
  private Response send(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    Map<String, @Nullable Object> body = door.body(request);
    String email = AccountDoor.email(body);
    OrgRole role = OrgRoutes.role(body);
    door.limitInvitations(request, userId);
    Sent sent = invites.send(path.getFirst(), userId, email, role, door.visitor(request));
    var answer = new LinkedHashMap<String, @Nullable Object>(shown(sent.invite()));
    if (door.isOpen(request)) {
      answer.put("accept_url", sent.acceptUrl());
      answer.put("token", sent.token());
    }
    return Response.json(200, answer);
  }

  private Response revoke(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    if (!invites.revoke(path.getFirst(), userId, path.getLast(), door.visitor(request))) {
      throw new PylonException(HttpError.NOT_FOUND, "Invitation not found");
    }
    return Response.json(200, Map.of("revoked", true));
  }

  private Response accept(Request request, List<String> path) {
    String userId = door.requireAccount(request);
    door.limitAttempts(request);
    Invite accepted = invites.accept(path.getFirst(), userId, door.visitor(request));
    return Response.json(
        200, Json.object("org_id", accepted.orgId(), "role", accepted.role().text()));
  }

  /** What the letter's link opens: the application, which lets people sign in and accept. */
  private Response open(Request request, List<String> path) {
    return door.toDashboard("invite", path.getFirst());
  }
}
