package dev.pylon.acceptance.matrix;

import dev.pylon.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every kind of caller presents. All of it comes from the server itself, over HTTP; what a
 * request has ended is had anew.
 */
final class Keyring {
  /** The tenant in which a session is. */
  private static final Map<String, String> TENANTS =
      Map.of("ann", "acme", "bob", "acme", "zoe", "zeta");

  private static final Map<Who, List<String>> SCOPES =
      Map.of(
          Who.KEY, List.of("write,fn:*"),
          Who.PLAIN_KEY, List.of(),
          Who.WEAK_KEY, List.of("read:Nothing,fn:nothing"));

  private final DeskServer server;
  private final Map<Who, String> tokens = new EnumMap<>(Who.class);
  private final Map<Who, String> keyIds = new EnumMap<>(Who.class);

  /** Gets everything; the clock of {@code server} must be in the past, and is brought to now. */
  Keyring(DeskServer server) {
    this.server = server;
    tokens.put(Who.ADMIN, server.adminToken());
    tokens.put(Who.FORGED, server.tokenOfNobody());
    tokens.put(Who.FORGED_KEY, "pk.key_%s.%s".formatted("a".repeat(32), "B".repeat(43)));
    tokens.put(Who.EXPIRED, session("ann"));
    long soon = server.now().plus(Duration.ofHours(1)).getEpochSecond();
    tokens.put(Who.EXPIRED_KEY, text(key(null, soon), "key"));
    tokens.put(Who.EXPIRED_JWT, jwt(tokens.get(Who.EXPIRED)));
    tokens.put(Who.FORGED_JWT, tokens.get(Who.EXPIRED_JWT).replaceFirst("[^.]*$", "A".repeat(43)));
    server.comeToNow();
    for (Who who : Who.values()) {
      renew(who);
    }
  }

  /** The headers that {@code who} sends; empty for who sends none. */
  String header(Who who) {
    String token = tokens.get(who);
    if (token == null) {
      return "";
    }
    return switch (who) {
      case COOKIE -> cookie(token, DeskServer.PAGE);
      case CROSS_SITE -> cookie(token, "https://elsewhere.example");
      case ADMIN -> server.admin();
      default -> "Authorization: Bearer " + token + "\n";
    };
  }

  private static String cookie(String token, String page) {
    return "Cookie: desk_session=%s\nOrigin: %s\n".formatted(token, page);
  }

  /** The id of the key that {@code who} presents, else of Ann's plain one. */
  String keyId(Who who) {
    return keyIds.getOrDefault(who, keyIds.getOrDefault(Who.PLAIN_KEY, ""));
  }

  /** Every token that must not be in any answer. */
  List<String> secrets() {
    return List.copyOf(tokens.values());
  }

  /** Puts right what a request may have ended: sessions, keys, tenants. */
  void restore() {
    for (Who who : Who.values()) {
      if (!holds(who)) {
        renew(who);
      }
    }
  }

  private boolean holds(Who who) {
    if (who.userId().isEmpty()) {
      return true;
    }
    String userId = who.userId().get();
    DeskServer.Reply me = server.ask("GET", "/api/auth/me", header(who), "");
    if (me.status() != 200 || !userId.equals(object(me).get("user_id"))) {
      return false;
    }
    boolean isSession = keyIds.get(who) == null;
    return !isSession || Objects.equals(object(me).get("tenant_id"), TENANTS.get(userId));
  }

  private void renew(Who who) {
    switch (who) {
      case GUEST, ANN, BOB, ZOE, COOKIE, CROSS_SITE ->
          tokens.put(who, sessionInTenant(who.userId().orElseThrow()));
      case KEY, PLAIN_KEY, WEAK_KEY -> {
        List<String> scopes = SCOPES.getOrDefault(who, List.of());
        DeskServer.Reply made = key(scopes.isEmpty() ? null : scopes.getFirst(), null);
        tokens.put(who, text(made, "key"));
        keyIds.put(who, text(made, "id"));
      }
      case JWT -> tokens.put(who, jwt(sessionInTenant("ann")));
      case ANONYMOUS, EXPIRED, FORGED, EXPIRED_KEY, FORGED_KEY, EXPIRED_JWT, FORGED_JWT, ADMIN -> {}
    }
  }

  private String session(String userId) {
    return text(
        server.ask(
            "POST", "/api/auth/session", header(Who.ADMIN), Json.text(Map.of("user_id", userId))),
        "token");
  }

  private String sessionInTenant(String userId) {
    String token = session(userId);
    String tenant = TENANTS.get(userId);
    if (tenant != null) {
      DeskServer.Reply selected =
          server.ask(
              "POST",
              "/api/auth/select-org",
              "Authorization: Bearer " + token + "\n",
              Json.text(Map.of("orgId", tenant)));
      if (selected.status() != 200) {
        throw new AssertionError(userId + " is not in " + tenant + ": " + selected);
      }
    }
    return token;
  }

  private String jwt(String session) {
    return text(
        server.ask("POST", "/api/auth/jwt", "Authorization: Bearer " + session + "\n", ""),
        "token");
  }

  /** A key of Ann's. */
  private DeskServer.Reply key(@Nullable String scopes, @Nullable Long expiresAt) {
    return server.ask(
        "POST",
        "/api/auth/api-keys",
        "Authorization: Bearer " + session("ann") + "\n",
        Json.text(Json.object("name", "k", "scopes", scopes, "expires_at", expiresAt)));
  }

  private static Map<String, @Nullable Object> object(DeskServer.Reply reply) {
    return Json.parseObject(reply.body().getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DeskServer.Reply reply, String member) {
    if (object(reply).get(member) instanceof String text) {
      return text;
    }
    throw new AssertionError("no " + member + " in " + reply);
  }
}
