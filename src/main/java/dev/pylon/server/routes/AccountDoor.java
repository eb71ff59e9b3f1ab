package dev.pylon.server.routes;

import dev.pylon.auth.Accounts;
import dev.pylon.auth.AuthError;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.auth.Visitor;
import dev.pylon.model.SlidingLog;
import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.LocalCaller;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the routes of the auth area share: who is at the door, and how they are let in. */
public final class AccountDoor {
  private final Accounts accounts;
  private final Callers callers;
  private final Settings settings;

  /** Sessions without any proof, from one address. */
  private final SlidingLog guests = new SlidingLog(30, Duration.ofMinutes(1));

  /**
   * What the operator says.
   *
   * @param devMode whether callers on this machine may become whoever they want to be
   * @param openDev whether everybody may, in dev mode
   */
  public record Settings(ClientAddress clients, boolean devMode, boolean openDev) {}

  public AccountDoor(Accounts accounts, Callers callers, Settings settings) {
    this.accounts = accounts;
    this.callers = callers;
    this.settings = settings;
  }

  Accounts accounts() {
    return accounts;
  }

  Callers callers() {
    return callers;
  }

  /** Whether {@code request} gets what dev mode opens. */
  boolean isOpen(Request request) {
    return settings.devMode() && (settings.openDev() || LocalCaller.is(request));
  }

  Identity caller(Request request) {
    return callers.of(request).identity();
  }

  /**
   * The caller, who must have signed in.
   *
   * @throws PylonException {@link AuthError#AUTH_REQUIRED}
   */
  Identity requireCaller(Request request) {
    Identity caller = caller(request);
    if (!caller.isKnown()) {
      throw authRequired();
    }
    return caller;
  }

  static PylonException authRequired() {
    return new PylonException(AuthError.AUTH_REQUIRED, "authenticated session required");
  }

  /** The id of the caller, who must have signed in. */
  String requireUser(Request request) {
    String userId = requireCaller(request).userId();
    if (userId == null) {
      throw authRequired();
    }
    return userId;
  }

  /**
   * Lets admins pass, and whoever dev mode is open to.
   *
   * @throws PylonException {@code FORBIDDEN}
   */
  void requireAdminOrDev(Request request) {
    if (!caller(request).admin() && !isOpen(request)) {
      throw new PylonException(
          HttpError.FORBIDDEN, "this endpoint requires admin auth (PYLON_ADMIN_TOKEN)");
    }
  }

  Visitor visitor(Request request) {
    return new Visitor(
        caller(request), settings.clients().of(request), request.header("User-Agent").orElse(null));
  }

  Map<String, @Nullable Object> body(Request request) {
    return JsonBody.object(request, HttpError.INVALID_JSON);
  }

  /** Lets an address begin so many sessions of guests and no more. */
  void limitGuests(Request request) {
    limit(guests, settings.clients().of(request));
  }

  /**
   * @throws PylonException {@code RATE_LIMITED}
   */
  static void limit(SlidingLog log, String key) {
    long wait = log.tryAccept(key, System.nanoTime());
    if (wait > 0) {
      throw limited(wait);
    }
  }

  static PylonException limited(long seconds) {
    return new PylonException(HttpError.RATE_LIMITED, "Too many attempts")
        .with("hint", "Try again in %ds".formatted(seconds))
        .with("retry_after_secs", seconds);
  }

  /** The answer to whoever has signed in; a browser gets the cookie as well. */
  Response.Full signedIn(Request request, int status, Started started) {
    return withCookie(request, Response.json(status, tokens(started)), started);
  }

  /** {@code {expires_at, token, user_id}}. */
  static Map<String, @Nullable Object> tokens(Started started) {
    return Json.object(
        "expires_at", started.session().expiresAt(),
        "token", started.token(),
        "user_id", started.session().userId());
  }

  /** Only pages say where they come from; other clients have no use for a cookie. */
  Response.Full withCookie(Request request, Response.Full response, Started started) {
    return request.header("Origin").isPresent()
        ? callers
            .cookie()
            .on(
                response,
                started.token(),
                started.session().expiresAt() - started.session().createdAt())
        : response;
  }
}
