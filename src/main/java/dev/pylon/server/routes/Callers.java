package dev.pylon.server.routes;

import dev.pylon.auth.Auth;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.LocalCaller;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.SessionCookie;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who stands behind a request, impersonation included (command line contract, 11.3). */
public final class Callers {
  private final Auth auth;
  private final SessionCookie cookie;
  private final SessionCookie deviceCookie;
  private final SessionCookie secondStepCookie;

  public Callers(Auth auth, SessionCookie cookie) {
    this.auth = auth;
    this.cookie = cookie;
    this.deviceCookie = cookie.named("pylon_trusted_device");
    this.secondStepCookie = cookie.named("pylon_second_step");
  }

  /**
   * @param impersonatedBy the admin who speaks for {@code identity}, null where they speak for
   *     themselves
   */
  public record Caller(Identity identity, @Nullable String impersonatedBy) {}

  /** Who is presented: an admin may speak as somebody else, others cannot. */
  public Caller of(Request request) {
    Identity identity = identify(request);
    if (!identity.admin()) {
      return new Caller(identity, null);
    }
    String user = request.header("X-Pylon-As").orElse(null);
    String tenant = request.header("X-Pylon-As-Tenant").orElse(null);
    String admin = request.header("X-Pylon-As-Admin").orElse(null);
    if (user == null && tenant == null && admin == null) {
      return new Caller(identity, null);
    }
    boolean asAdmin = "1".equals(admin) || "true".equalsIgnoreCase(admin);
    String userId = user == null || user.isEmpty() ? null : user;
    Identity spoken =
        asAdmin
            ? new Identity(userId, true, tenant, List.of("admin"), false)
            : person(userId, tenant);
    return new Caller(spoken, identity.userId());
  }

  /** Somebody as their own session would make them. */
  Identity person(@Nullable String userId, @Nullable String tenantId) {
    return auth.person(userId, tenantId);
  }

  /** Whoever presents a bearer token is not asked for a cookie. */
  private Identity identify(Request request) {
    String bearer = request.bearer();
    String token = bearer == null ? cookie.token(request).orElse(null) : bearer;
    return token == null
        ? Identity.ANONYMOUS
        : auth.onDevice(
            auth.identify(token, () -> LocalCaller.is(request)),
            deviceCookie.token(request).orElse(null));
  }

  /** The token of a session, good or not, that came as a bearer token or in the cookie. */
  Optional<String> sessionToken(Request request) {
    return Optional.ofNullable(request.bearer())
        .filter(auth::isSessionToken)
        .or(() -> cookie.token(request).filter(auth::isSessionToken));
  }

  /**
   * Whether a session speaks and no other token. Who presents a bearer token is not asked for a
   * cookie, and whose that is does not count.
   */
  boolean isBySession(Request request) {
    String bearer = request.bearer();
    return bearer == null ? sessionToken(request).isPresent() : auth.isSessionToken(bearer);
  }

  /** The cookie in which browsers bring their session. */
  SessionCookie cookie() {
    return cookie;
  }

  /** The cookie by which a device is known whose user need not take the second step. */
  SessionCookie deviceCookie() {
    return deviceCookie;
  }

  /** The cookie of a sign-in that began with a redirect and waits for its second step. */
  SessionCookie secondStepCookie() {
    return secondStepCookie;
  }

  /** Whether an admin asks. */
  boolean isAdmin(Request request) {
    return identify(request).admin();
  }

  /**
   * The caller, who must be an admin.
   *
   * @throws PylonException {@code FORBIDDEN}
   */
  public Caller requireAdmin(Request request) {
    return requireAdmin(request, "this endpoint requires admin auth (PYLON_ADMIN_TOKEN)");
  }

  /** The same, with what others are told. */
  Caller requireAdmin(Request request, String refusal) {
    Identity identity = identify(request);
    if (!identity.admin()) {
      throw new PylonException(HttpError.FORBIDDEN, refusal);
    }
    return new Caller(identity, null);
  }
}
