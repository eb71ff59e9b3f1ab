package dev.pylon.server.routes;

import dev.pylon.auth.AuthError;
import dev.pylon.auth.Proofs;
import dev.pylon.auth.Proofs.Sent;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/magic} and {@code /api/auth/email}: proving an address by a code. */
final class ProofRoutes {
  private final AccountDoor door;
  private final Proofs proofs;

  ProofRoutes(AccountDoor door) {
    this.door = door;
    this.proofs = door.accounts().proofs();
  }

  void addTo(Router router) {
    router.on("POST", "/api/auth/magic/send", this::send);
    router.on("POST", "/api/auth/magic/verify", this::signIn);
    router.on("POST", "/api/auth/verify", this::signInOfSwift);
    router.on("POST", "/api/auth/email/send-verification", this::sendVerification);
    router.on("POST", "/api/auth/email/verify", this::verify);
  }

  private Response send(Request request, List<String> none) {
    return send(request, door.body(request));
  }

  /** Sends a code to the address in {@code body}. */
  Response send(Request request, Map<String, @Nullable Object> body) {
    String email = AccountDoor.email(body);
    door.limitLetters(request, email);
    return sent(request, proofs.sendSignInCode(email));
  }

  /** In dev mode who asks from this machine need not open the letter. */
  private Response sent(Request request, Sent sent) {
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("email", sent.email());
    answer.put("sent", true);
    if (door.isOpen(request)) {
      answer.put("dev_code", sent.code());
    }
    return Response.json(200, answer);
  }

  private Response signIn(Request request, List<String> none) {
    return door.signedIn(request, 200, started(request));
  }

  /** What the Swift client asks. */
  private Response signInOfSwift(Request request, List<String> none) {
    return door.signedInSwift(request, started(request));
  }

  private Started started(Request request) {
    Map<String, @Nullable Object> body = door.body(request);
    String email = AccountDoor.emailToLookUp(body);
    String code = code(body);
    door.limitAttempts(request);
    return proofs.signIn(email, code, door.visitor(request));
  }

  private static String code(Map<String, @Nullable Object> body) {
    if (body.get("code") instanceof String code && !code.isBlank()) {
      return code;
    }
    throw new PylonException(AuthError.MISSING_CODE, "code is required");
  }

  private Response sendVerification(Request request, List<String> none) {
    String userId = requireUser(request);
    door.limitLetters(request, userId);
    return sent(request, proofs.sendVerification(userId));
  }

  private Response verify(Request request, List<String> none) {
    String userId = requireUser(request);
    String code = code(door.body(request));
    door.limitAttempts(request);
    Object stamp = proofs.verify(userId, code, door.visitor(request));
    return Response.json(200, Json.object("emailVerified", stamp, "verified", true));
  }

  private String requireUser(Request request) {
    Identity caller = door.caller(request);
    String userId = caller.userId();
    if (userId == null) {
      throw new PylonException(AuthError.UNAUTHORIZED, "Sign in to verify your address");
    }
    return door.requireSessionUser(request);
  }
}
