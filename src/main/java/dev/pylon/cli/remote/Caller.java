package dev.pylon.cli.remote;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * On whose behalf a function is called (command line contract, 16.2).
 *
 * @param as a user id, {@code guest} or {@code email:…}
 * @param admin whether the call has admin rights
 */
public record Caller(Optional<String> as, Optional<String> tenant, boolean admin) {

  public static void describe(Syntax syntax) {
    syntax
        .value("--as", "USER", "Call as this user: an id, \"guest\", or email:x@y (PYLON_AS).")
        .value("--tenant", "ID", "With this active organisation (PYLON_TENANT).")
        .flag("--admin", "With admin rights.")
        .flag("--anon", "As nobody, whatever PYLON_AS says. This is the default.")
        .flag("--yes-remote", "Allow --as and --admin against another machine.");
  }

  public static Caller of(Invocation invocation) {
    Line line = invocation.line();
    if (line.has("--anon")) {
      if (line.has("--as") || line.has("--admin") || line.has("--tenant")) {
        throw Failure.usage("--anon excludes --as, --tenant and --admin", null);
      }
      return new Caller(Optional.empty(), Optional.empty(), false);
    }
    return new Caller(
        line.value("--as").or(() -> invocation.environment().variable("PYLON_AS")),
        line.value("--tenant").or(() -> invocation.environment().variable("PYLON_TENANT")),
        line.has("--admin"));
  }

  /** As the timing line shows it. */
  public String text() {
    String who = as.orElse(admin ? "admin" : "anonymous");
    return who
        + tenant.map(id -> "@" + id).orElse("")
        + (admin && as.isPresent() ? " (admin)" : "");
  }

  public boolean isAnonymous() {
    return as.isEmpty() && tenant.isEmpty() && !admin;
  }

  /** The same for what only admins may ask for, though the call itself may be anybody's. */
  public Map<String, String> headersOfAdmin(Invocation invocation, Remote remote) {
    if (!isAnonymous() || remote.typedToken().isPresent()) {
      return headers(invocation, remote);
    }
    Map<String, String> headers = impersonation(invocation, remote);
    headers.put("X-Pylon-As", ""); // nobody
    return headers;
  }

  /** The headers that make the server take the call as theirs. */
  public Map<String, String> headers(Invocation invocation, Remote remote) {
    if (isAnonymous()) {
      var headers = new LinkedHashMap<String, String>();
      remote.typedToken().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
      return headers;
    }
    Map<String, String> headers = impersonation(invocation, remote);
    as.ifPresent(who -> headers.put("X-Pylon-As", checked(userId(invocation, remote, who))));
    tenant.ifPresent(id -> headers.put("X-Pylon-As-Tenant", checked(id)));
    if (admin && (as.isPresent() || tenant.isPresent())) {
      headers.put("X-Pylon-As-Admin", "true");
    }
    return headers;
  }

  private static Map<String, String> impersonation(Invocation invocation, Remote remote) {
    if (!remote.isLoopback() && !invocation.line().has("--yes-remote")) {
      throw Failure.usage(
          "calling as somebody else at " + remote.url() + " needs --yes-remote", null);
    }
    String token =
        remote
            .adminToken()
            .orElseThrow(() ->
                new Failure(
                    ExitStatus.NO_PERMISSION,
                    "ADMIN_TOKEN_NEEDED",
                    "calling as somebody else needs the admin token of " + remote.url(),
                    "--token @FILE or PYLON_ADMIN_TOKEN; \"pylon dev\" has one by itself"));
    var headers = new LinkedHashMap<String, String>();
    headers.put("Authorization", "Bearer " + token);
    return headers;
  }

  /** Whom a question is about, as the server reads it. */
  public Map<String, Object> subject(Invocation invocation, Remote remote) {
    var subject = new LinkedHashMap<String, Object>();
    as.ifPresent(who -> subject.put("user_id", checked(userId(invocation, remote, who))));
    tenant.ifPresent(id -> subject.put("tenant_id", checked(id)));
    subject.put("is_admin", admin);
    return subject;
  }

  private static String userId(Invocation invocation, Remote remote, String who) {
    if (who.equals("guest")) {
      return "guest_"
          + Long.toHexString(invocation.clock().millis())
          + Long.toHexString(System.nanoTime());
    }
    return who.startsWith("email:") ? lookedUp(remote, who.substring("email:".length())) : who;
  }

  private static String lookedUp(Remote remote, String email) {
    byte[] user =
        remote.readAsAdmin(
            "/api/lookup/User/email/" + URLEncoder.encode(email, StandardCharsets.UTF_8));
    if (Json.parseObject(user).get("id") instanceof String id) {
      return id;
    }
    throw Failure.usage("no user has the email address " + email, null);
  }

  private static String checked(String value) {
    if (value.isEmpty() || value.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
      throw Failure.usage("not an id: \"" + Style.clean(value) + "\"", null);
    }
    return value;
  }
}
