package dev.pylon.server.routes;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.AuthError;
import dev.pylon.auth.SecondFactors;
import dev.pylon.auth.SecondFactors.Enrolment;
import dev.pylon.auth.SecondFactors.Verified;
import dev.pylon.auth.SignIn;
import dev.pylon.auth.TrustedDevices;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/totp}: getting a second factor, bringing it, and being rid of it. */
final class SecondFactorRoutes {
  private final AccountDoor door;
  private final SecondFactors factors;
  private final SignIn signIn;

  SecondFactorRoutes(AccountDoor door) {
    this.door = door;
    this.factors = door.accounts().factors();
    this.signIn = door.accounts().signIn();
  }

  void addTo(Router router) {
    router.on("POST", "/api/auth/totp/enroll", this::enrol);
    router.on("POST", "/api/auth/totp/verify", this::verify);
    router.on("POST", "/api/auth/totp/disable", this::disable);
    router.on("POST", "/api/auth/totp/backup-codes/regenerate", this::regenerate);
  }

  private Response enrol(Request request, List<String> none) {
    String userId = door.requireAccount(request);
    Map<String, @Nullable Object> body = request.body().length == 0 ? Map.of() : door.body(request);
    if (factors.isActive(userId)) {
      door.limitSecondSteps(request, userId);
    }
    Enrolment begun = factors.enrol(userId, text(body, "code").orElse(""), door.visitor(request));
    return secret(
        Response.json(
            200,
            Json.object(
                "secret", begun.secret(),
                "url", begun.url(),
                "issuer", begun.issuer(),
                "account", begun.account())));
  }

  /** The second step of a sign-in where one waits for it, else of who has signed in. */
  private Response verify(Request request, List<String> none) {
    Map<String, @Nullable Object> body = door.body(request);
    Optional<String> waiting = waiting(request, body);
    if (waiting.isPresent()) {
      return finish(request, body, waiting.get());
    }
    String userId = door.requireAccount(request);
    String code = code(body);
    door.limitSecondSteps(request, userId);
    Verified verified = factors.verify(userId, code, door.visitor(request));
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("verified", true);
    answer.put("enrolled", verified.enrolled());
    if (verified.enrolled()) {
      answer.put("backup_codes", verified.backupCodes());
    }
    return trusted(request, body, userId, answer);
  }

  private Response finish(Request request, Map<String, @Nullable Object> body, String token) {
    String code = code(body);
    String userId = signIn.waiting(token).orElseThrow(SignIn::tooLate);
    door.limitSecondSteps(request, userId);
    Started started = signIn.finish(token, code, door.visitor(request));
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("verified", true);
    answer.put("enrolled", false);
    answer.putAll(AccountDoor.tokens(started));
    Response.Full response =
        door.withCookie(request, trusted(request, body, userId, answer), started);
    return door.callers().secondStepCookie().token(request).isPresent()
        ? door.callers().secondStepCookie().clearedOn(response)
        : response;
  }

  /** Named by whoever asks, or by the browser of who was sent here without having signed in. */
  private Optional<String> waiting(Request request, Map<String, @Nullable Object> body) {
    return text(body, "totp_token")
        .or(() ->
            door.caller(request).isKnown()
                ? Optional.empty()
                : door.callers().secondStepCookie().token(request));
  }

  /** Trusts the device as well, where its user wishes that. */
  private Response.Full trusted(
      Request request,
      Map<String, @Nullable Object> body,
      String userId,
      Map<String, @Nullable Object> answer) {
    boolean wanted = Boolean.TRUE.equals(body.get("trust_device")) && factors.isActive(userId);
    answer.put("trust_device", wanted);
    Response.Full response = secret(Response.json(200, answer));
    if (!wanted) {
      return response;
    }
    String token =
        door.accounts().devices().trust(userId, request.header("User-Agent").orElse(null));
    door.accounts().audit().note(Action.DEVICE_TRUSTED, userId, door.visitor(request));
    return door.callers().deviceCookie().on(response, token, TrustedDevices.LIFETIME.toSeconds());
  }

  private Response disable(Request request, List<String> none) {
    String userId = door.requireAccount(request);
    Map<String, @Nullable Object> body = door.body(request);
    Optional<String> password = text(body, "password");
    String code = password.isPresent() ? "" : code(body);
    factors.requireActive(userId);
    door.limitSecondSteps(request, userId);
    if (password.isPresent() && !door.accounts().passwords().isRight(userId, password.get())) {
      throw new PylonException(AuthError.WRONG_PASSWORD, "The password is wrong");
    }
    factors.disable(userId, password.isPresent(), code, door.visitor(request));
    return door.callers()
        .deviceCookie()
        .clearedOn(Response.json(200, Json.object("disabled", true)));
  }

  private Response regenerate(Request request, List<String> none) {
    String userId = door.requireAccount(request);
    String code = code(door.body(request));
    door.limitSecondSteps(request, userId);
    List<String> codes = factors.regenerate(userId, code, door.visitor(request));
    return secret(Response.json(200, Json.object("codes", codes)));
  }

  /** Nobody on the way keeps it. */
  private static Response.Full secret(Response.Full response) {
    return response.with("Cache-Control", "no-store");
  }

  private static String code(Map<String, @Nullable Object> body) {
    return text(body, "code")
        .orElseThrow(() -> new PylonException(AuthError.MISSING_CODE, "code is required"));
  }

  private static Optional<String> text(Map<String, @Nullable Object> body, String name) {
    return body.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }
}
