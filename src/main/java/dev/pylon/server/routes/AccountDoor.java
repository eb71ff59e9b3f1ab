package dev.pylon.server.routes;

import dev.pylon.auth.Accounts;
import dev.pylon.auth.AuthError;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.auth.Users;
import dev.pylon.auth.Visitor;
import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.model.SlidingLog;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.LocalCaller;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the routes of the auth area share: who is at the door, and how they are let in. */
public final class AccountDoor {
  /** Longer is no address, and nothing to keep in memory. */
  private static final int ADDRESS_CHARS_MAX = 320;

  /** As long as a sign-in waits for its second step. */
  private static final int SECOND_STEP_SECONDS = 300;

  private final Accounts accounts;
  private final Callers callers;
  private final Settings settings;

  // What one address, and one account, may try (services contract, 10.4).
  private final SlidingLog guests = new SlidingLog(30, Duration.ofMinutes(1));
  private final SlidingLog registrations = new SlidingLog(10, Duration.ofMinutes(1));
  private final SlidingLog attempts = new SlidingLog(30, Duration.ofMinutes(1));
  private final SlidingLog logins = new SlidingLog(5, Duration.ofMinutes(1));
  private final SlidingLog loginsOfAccount = new SlidingLog(30, Duration.ofHours(1));
  private final SlidingLog invitations = new SlidingLog(30, Duration.ofMinutes(1));
  private final SlidingLog invitationsOfAccount = new SlidingLog(100, Duration.ofHours(1));
  private final SlidingLog letters = new SlidingLog(3, Duration.ofMinutes(1));
  private final SlidingLog lettersOfAccount = new SlidingLog(10, Duration.ofHours(1));

  /**
   * What the operator says.
   *
   * @param devMode whether callers on this machine may become whoever they want to be
   * @param openDev whether everybody may, in dev mode
   * @param dashboard where browsers go that a letter sent here
   */
  public record Settings(
      ClientAddress clients, boolean devMode, boolean openDev, String dashboard) {}

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
    return userIdOf(requireCaller(request));
  }

  private static String userIdOf(Identity caller) {
    String userId = caller.userId();
    if (userId == null) {
      throw authRequired();
    }
    return userId;
  }

  /**
   * The id of the caller, who must have signed in themselves: a program with a key of theirs does
   * not change their account, nor does a JWT, which nobody can revoke and a key that it made would
   * outlive.
   *
   * @throws PylonException {@link AuthError#API_KEY_AUTH_FORBIDDEN}
   */
  String requireSessionUser(Request request) {
    Identity caller = requireCaller(request);
    String userId = userIdOf(caller);
    boolean administers = caller.admin() || callers.of(request).impersonatedBy() != null;
    if (!administers && !callers.isBySession(request)) {
      throw new PylonException(
          AuthError.API_KEY_AUTH_FORBIDDEN, "This takes a session, not another token");
    }
    return userId;
  }

  /**
   * The same where a guest will not do: who has no account has nothing to protect or to share.
   *
   * @throws PylonException {@code FORBIDDEN}
   */
  String requireAccount(Request request) {
    String userId = requireSessionUser(request);
    if (caller(request).isGuest() || caller(request).admin()) {
      throw new PylonException(HttpError.FORBIDDEN, "This is for people who have an account");
    }
    return userId;
  }

  /**
   * The address in a body.
   *
   * @throws PylonException {@link AuthError#MISSING_EMAIL}, {@link AuthError#INVALID_EMAIL}
   */
  static String email(Map<String, @Nullable Object> body) {
    if (body.get("email") instanceof String email && !email.isBlank()) {
      return Users.address(email);
    }
    throw new PylonException(AuthError.MISSING_EMAIL, "email is required");
  }

  /** The same for an address that is only looked up: what is none is nobody's. */
  static String emailToLookUp(Map<String, @Nullable Object> body) {
    if (body.get("email") instanceof String email && !email.isBlank()) {
      String address = Users.normalized(email);
      return address.substring(0, Math.min(ADDRESS_CHARS_MAX, address.length()));
    }
    throw new PylonException(AuthError.MISSING_EMAIL, "email is required");
  }

  /**
   * Lets admins pass, and whoever dev mode is open to.
   *
   * @throws PylonException {@code FORBIDDEN}
   */
  void requireAdminOrDev(Request request) {
    if (!isOpen(request)) {
      var _ = callers.requireAdmin(request);
    }
  }

  Visitor visitor(Request request) {
    return new Visitor(
        caller(request),
        settings.clients().of(request),
        request.header("User-Agent").orElse(null),
        callers.deviceCookie().token(request).orElse(null));
  }

  Map<String, @Nullable Object> body(Request request) {
    return JsonBody.object(request, HttpError.INVALID_JSON);
  }

  /** Lets an address begin so many sessions of guests and no more. */
  void limitGuests(Request request) {
    limit(guests, settings.clients().of(request));
  }

  /** The same for new accounts, each of which costs us a hash. */
  void limitRegistrations(Request request) {
    limit(registrations, settings.clients().of(request));
  }

  /** The same for codes and links that are tried. */
  void limitAttempts(Request request) {
    limit(attempts, settings.clients().of(request));
  }

  /** Lets an address, and everybody together for one account, try so many passwords. */
  void limitLogins(Request request, String account) {
    limit(logins, settings.clients().of(request));
    limit(loginsOfAccount, account);
  }

  /** The same for second factors, which are tried apart from passwords. */
  void limitSecondSteps(Request request, String userId) {
    limitLogins(request, "totp:" + userId);
  }

  /** Lets an address, and somebody who has signed in, invite so many people. */
  void limitInvitations(Request request, String userId) {
    limit(invitations, settings.clients().of(request));
    limit(invitationsOfAccount, userId);
  }

  /** Lets an address ask for so many letters, and nobody fill somebody's letter box. */
  void limitLetters(Request request, String account) {
    limit(letters, settings.clients().of(request));
    limit(lettersOfAccount, account);
  }

  /**
   * @throws PylonException {@code RATE_LIMITED}
   */
  private static void limit(SlidingLog log, String key) {
    long wait = log.tryAccept(key, System.nanoTime());
    if (wait > 0) {
      throw limited(wait);
    }
  }

  private static PylonException limited(long seconds) {
    return new PylonException(HttpError.RATE_LIMITED, "Too many attempts")
        .with("hint", "Try again in %ds".formatted(seconds))
        .with("retry_after_secs", seconds);
  }

  /** The answer to whoever has signed in; a browser gets the cookie as well. */
  Response.Full signedIn(Request request, int status, Started started) {
    return withCookie(request, Response.json(status, tokens(started)), started);
  }

  /** The same as the Swift client reads it. */
  Response.Full signedInSwift(Request request, Started started) {
    var answer = new LinkedHashMap<String, @Nullable Object>(tokens(started));
    answer.put("session_token", started.token());
    return withCookie(request, Response.json(200, answer), started);
  }

  /** {@code {expires_at, token, user_id}}. */
  static Map<String, @Nullable Object> tokens(Started started) {
    return Json.object(
        "expires_at", started.session().expiresAt(),
        "token", started.token(),
        "user_id", started.session().userId());
  }

  /**
   * An answer in place of {@code refusal} for who is sent elsewhere: where a second step is due,
   * the browser is given what opens it, for five minutes and out of reach of scripts.
   */
  Response.Full secondStepOn(Response.Full response, PylonException refusal) {
    return refusal.code() == AuthError.TOTP_REQUIRED
            && refusal.details().get("totp_token") instanceof String token
        ? callers.secondStepCookie().on(response, token, SECOND_STEP_SECONDS)
        : response;
  }

  /**
   * Sends a browser to the application's page, which is told {@code value} under {@code name}
   * unless that is null. The page is the operator's choice and nobody else's.
   */
  Response.Full toDashboard(String name, @Nullable String value) {
    String page = settings.dashboard();
    String query =
        value == null
            ? ""
            : (page.contains("?") ? "&" : "?")
                + name
                + "="
                + URLEncoder.encode(value, StandardCharsets.UTF_8);
    return Response.empty(302).with("Location", page + query).with("Cache-Control", "no-store");
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
