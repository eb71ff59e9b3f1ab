package dev.pylon.server.routes;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.AuthError;
import dev.pylon.auth.Sessions;
import dev.pylon.auth.UserSession;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.policy.KeyScopes;
import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Access.Deed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth}: who am I, and the life of a session (auth contract, A.3). */
final class SessionRoutes {
  private final AccountDoor door;
  private final DataDoor data;
  private final ProofRoutes proofs;
  private final Sessions sessions;

  /**
   * @param data where rows of users are, as clients may see them
   */
  SessionRoutes(AccountDoor door, DataDoor data, ProofRoutes proofs) {
    this.door = door;
    this.data = data;
    this.proofs = proofs;
    this.sessions = door.accounts().sessions();
  }

  void addTo(Router router) {
    router.on("GET", "/api/auth/me", this::me);
    router.on("GET", "/api/auth/session", this::session);
    router.on("POST", "/api/auth/session", this::mint);
    router.on("DELETE", "/api/auth/session", this::end);
    router.on("POST", "/api/auth/logout", this::end);
    router.on("POST", "/api/auth/guest", this::guest);
    router.on("POST", "/api/auth/anonymous", this::anonymous);
    router.on("POST", "/api/auth/upgrade", this::upgrade);
    router.on("POST", "/api/auth/refresh", this::refresh);
    router.on("GET", "/api/auth/sessions", this::list);
    router.on("DELETE", "/api/auth/sessions", this::endAll);
    router.on("POST", "/api/auth/select-org", this::selectOrg);
  }

  // ---- who am I ----

  private Response me(Request request, List<String> none) {
    return Response.json(200, context(door.caller(request)));
  }

  private Response session(Request request, List<String> none) {
    Identity caller = door.caller(request);
    Optional<Map<String, @Nullable Object>> user = shownUser(caller);
    return Response.json(200, Json.object("session", context(caller), "user", user.orElse(null)));
  }

  private Optional<Map<String, @Nullable Object>> shownUser(Identity caller) {
    String userId = caller.userId();
    String entity = data.manifest().auth().userEntity();
    return userId == null
            || caller.isGuest()
            || data.manifest().entity(entity).isEmpty()
            || !KeyScopes.of(caller).allow(Deed.READ, entity)
        ? Optional.empty()
        : data.everyRow().get(entity, userId);
  }

  /** An identity as clients know it; what does not apply is left out. */
  static Map<String, @Nullable Object> context(Identity identity) {
    var context = new LinkedHashMap<String, @Nullable Object>();
    context.put("user_id", identity.userId());
    context.put("is_admin", identity.admin());
    if (identity.isGuest()) {
      context.put("is_guest", true);
    }
    context.put("roles", identity.roles());
    if (identity.tenantId() != null) {
      context.put("tenant_id", identity.tenantId());
    }
    Identity.Key key = identity.key();
    if (key != null) {
      context.put("api_key_id", key.id());
      if (key.scopes() != null) {
        context.put("api_key_scopes", key.scopes());
      }
    }
    if (identity.trustedDevice()) {
      context.put("is_trusted_device", true);
    }
    return context;
  }

  // ---- beginnings ----

  /**
   * A session for whomever an admin names. The Swift client asks here for a code, and names an
   * address.
   */
  private Response mint(Request request, List<String> none) {
    Map<String, @Nullable Object> body = door.body(request);
    if (body.containsKey("email") && !body.containsKey("user_id")) {
      return proofs.send(request, body);
    }
    door.requireAdminOrDev(request);
    String userId = userId(body);
    Started started = sessions.start(userId, null, request.header("User-Agent").orElse(null));
    door.accounts().audit().note(Action.SESSION_MINTED, userId, door.visitor(request));
    return door.withCookie(
        request,
        Response.json(201, Json.object("token", started.token(), "user_id", userId)),
        started);
  }

  private static String userId(Map<String, @Nullable Object> body) {
    if (body.get("user_id") instanceof String userId && !userId.isBlank()) {
      return userId;
    }
    throw new PylonException(AuthError.MISSING_USER_ID, "user_id is required");
  }

  private Response guest(Request request, List<String> none) {
    Started started = newGuest(request);
    return door.withCookie(
        request,
        Response.json(
            201,
            Json.object(
                "guest", true,
                "token", started.token(),
                "user_id", started.session().userId())),
        started);
  }

  private Response anonymous(Request request, List<String> none) {
    Started started = newGuest(request);
    return door.withCookie(
        request,
        Response.json(
            200,
            Json.object(
                "expires_at", started.session().expiresAt(),
                "is_guest", true,
                "token", started.token(),
                "user_id", started.session().userId())),
        started);
  }

  private Started newGuest(Request request) {
    door.limitGuests(request);
    return door.accounts().signIn().beginAsGuest(door.visitor(request));
  }

  // ---- changes ----

  /** Makes the session that of another user, who gets the rows of the guest it belonged to. */
  private Response upgrade(Request request, List<String> none) {
    Map<String, @Nullable Object> body = door.body(request);
    door.requireAdminOrDev(request);
    String userId = userId(body);
    String token = door.callers().sessionToken(request).orElseThrow(SessionRoutes::upgradeFailed);
    if (!door.accounts().signIn().upgrade(token, userId, door.visitor(request))) {
      throw upgradeFailed();
    }
    return Response.json(200, Json.object("upgraded", true, "user_id", userId));
  }

  private static PylonException upgradeFailed() {
    return new PylonException(AuthError.UPGRADE_FAILED, "There is no session to upgrade");
  }

  private Response refresh(Request request, List<String> none) {
    String token =
        door.callers()
            .sessionToken(request)
            .orElseThrow(
                () -> new PylonException(AuthError.AUTH_REQUIRED, "No session to refresh"));
    Started started =
        sessions
            .refresh(token)
            .orElseThrow(() ->
                new PylonException(AuthError.SESSION_EXPIRED, "Session is expired or invalid"));
    return door.signedIn(request, 200, started);
  }

  private Response selectOrg(Request request, List<String> none) {
    Map<String, @Nullable Object> body = door.body(request);
    String userId = door.caller(request).userId();
    Optional<String> token = door.callers().sessionToken(request);
    if (userId == null || token.isEmpty()) {
      throw new PylonException(AuthError.UNAUTHENTICATED, "Sign in to select an organization");
    }
    String orgId = orgId(body);
    if (orgId != null && !door.accounts().orgs().isMember(userId, orgId)) {
      throw new PylonException(AuthError.NOT_A_MEMBER, "You are not a member of this organization");
    }
    if (!sessions.select(token.get(), orgId)) {
      throw new PylonException(AuthError.UNAUTHENTICATED, "Sign in to select an organization");
    }
    door.accounts()
        .audit()
        .note(
            Action.TENANT_SELECTED,
            userId,
            door.visitor(request),
            Map.of("tenant", orgId == null ? "" : orgId));
    return Response.json(200, Json.object("tenantId", orgId));
  }

  /** Null and the empty text select none. */
  private static @Nullable String orgId(Map<String, @Nullable Object> body) {
    Object orgId = body.get("orgId");
    if (body.containsKey("orgId") && (orgId == null || orgId.equals(""))) {
      return null;
    }
    if (orgId instanceof String text) {
      return text;
    }
    throw new PylonException(AuthError.MISSING_ORG_ID, "orgId must be a string or null");
  }

  // ---- lists and ends ----

  private Response list(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    return Response.json(200, sessions.list(userId).stream().map(SessionRoutes::shown).toList());
  }

  private static Map<String, @Nullable Object> shown(UserSession session) {
    return Json.object(
        "created_at", session.createdAt(),
        "device", session.device(),
        "expires_at", session.expiresAt(),
        "token_prefix", session.prefix(),
        "user_id", session.userId());
  }

  private Response endAll(Request request, List<String> none) {
    String userId = door.requireSessionUser(request);
    int count = sessions.revokeAll(userId);
    door.accounts().audit().note(Action.SESSIONS_REVOKED, userId, door.visitor(request));
    return Response.json(200, Json.object("revoked_count", count));
  }

  private Response end(Request request, List<String> none) {
    Identity caller = door.caller(request);
    Optional<String> token = door.callers().sessionToken(request);
    if (token.isPresent() && sessions.revoke(token.get())) {
      door.accounts().audit().note(Action.SIGN_OUT, caller.userId(), door.visitor(request));
    }
    return door.callers().cookie().clearedOn(Response.json(200, Map.of("revoked", true)));
  }
}
