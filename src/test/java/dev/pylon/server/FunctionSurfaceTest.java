package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.action;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.query;
import static dev.pylon.functions.TestEngine.source;
import static dev.pylon.server.TestServer.ADMIN;
import static dev.pylon.server.TestServer.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the function routes answer to whom (functions contract, 9 to 11), over real connections. */
@NeedsBun
class FunctionSurfaceTest {
  private static final String EVENTS = "Accept: text/event-stream, application/x-ndjson\n";
  private static final String FROM_AFAR = "X-Forwarded-For: 203.0.113.9\n";

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    var sources = new LinkedHashMap<String, String>();
    sources.put("echo", query("return args;"));
    sources.put("text", query("return \"a\\nb\";"));
    sources.put("nothing", query("return undefined;"));
    sources.put(
        "whoAmI",
        query(
            "return { user: ctx.auth.userId, admin: ctx.auth.isAdmin, tenant: ctx.auth.tenantId };"));
    sources.put("fail", mutation("throw ctx.error(\"BID_TOO_LOW\", \"must be at least $12.00\");"));
    sources.put("crash", mutation("throw new Error(\"the secret\");"));
    sources.put("lies", mutation("throw ctx.error(\"FN_TIMEOUT\", \"not really\");"));
    sources.put("late", source("query", "timeoutMs: 200", "await new Promise(() => {});"));
    sources.put("typed", source("query", "args: { n: v.int() }", "return args.n;"));
    sources.put("hidden", source("query", "internal: true", "return \"psst\";"));
    sources.put("broken", "export default 5 5;");
    sources.put("hook", action("return { request: ctx.request, args };"));
    sources.put("add", mutation("return ctx.db.insert(\"Note\", { text: args.text });"));
    server = TestServer.start(folder, sources);
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  /**
   * One row: who asks what, and what they get.
   *
   * @param without what the body must not say
   */
  record Scenario(
      String method,
      String path,
      String headers,
      String body,
      int status,
      String says,
      String without) {
    @Override
    public String toString() {
      return "%s %s [%s] %s -> %d"
          .formatted(method, path, headers.strip().replace("\n", "; "), body, status);
    }
  }

  private static Scenario row(
      String method, String path, String headers, String body, int status, String says) {
    return new Scenario(method, path, headers, body, status, says, "secret");
  }

  static List<Scenario> scenarios() {
    String notFound = "\"code\":\"NOT_FOUND\"";
    String fnNotFound =
        "\"code\":\"FN_NOT_FOUND\",\"message\":\"Function \\\"%s\\\" is not registered\"";
    String forbidden =
        "{\"error\":{\"code\":\"FORBIDDEN\",\"message\":\"this endpoint requires admin auth"
            + " (PYLON_ADMIN_TOKEN)\"}}";
    return List.of(
        // values and arguments
        row("POST", "/api/fn/echo", "", "{\"a\":1}", 200, "{\"a\":1}"),
        row("POST", "/api/fn/echo", "Content-Type: text/plain\n", "{\"a\":1}", 200, "{\"a\":1}"),
        row("POST", "/api/fn/echo?x=1", "", "{}", 200, "{}"),
        row("POST", "/api/fn/%65cho", "", "{}", 200, "{}"),
        row("POST", "/api/fn/echo", "", "", 200, "{}"),
        row("POST", "/api/fn/echo", "", " \n\t ", 200, "{}"),
        row("POST", "/api/fn/echo", "", "[1,2]", 200, "[1,2]"),
        row("POST", "/api/fn/echo", "", "5", 200, "5"),
        row("POST", "/api/fn/echo", "", "null", 200, "null"),
        row("POST", "/api/fn/echo", "", "{\n\"a\":\n\"é\"}", 200, "{\"a\":\"é\"}"),
        row("POST", "/api/fn/text", "", "{}", 200, "\"a\\nb\""),
        row("POST", "/api/fn/nothing", "", "{}", 200, "null"),
        // bodies that are none
        row(
            "POST",
            "/api/fn/echo",
            "",
            "{",
            400,
            "\"code\":\"INVALID_JSON\",\"message\":\"Invalid request body\""),
        row("POST", "/api/fn/echo", "", "{} {}", 400, "INVALID_JSON"),
        row("POST", "/api/fn/echo", EVENTS, "{", 400, "INVALID_JSON"),
        row("POST", "/api/fn/nowhere", "", "{", 404, fnNotFound.formatted("nowhere")),
        // failures
        row(
            "POST",
            "/api/fn/fail",
            "",
            "",
            400,
            "{\"error\":{\"code\":\"BID_TOO_LOW\",\"message\":\"must be at least $12.00\"}}"),
        row(
            "POST",
            "/api/fn/crash",
            "",
            "",
            400,
            "{\"error\":{\"code\":\"HANDLER_ERROR\",\"message\":\"Internal handler error\"}}"),
        row(
            "POST",
            "/api/fn/lies",
            "",
            "",
            400,
            "\"code\":\"FN_TIMEOUT\",\"message\":\"not really\""),
        row("POST", "/api/fn/late", "", "", 504, "\"code\":\"FN_TIMEOUT\""),
        row(
            "POST",
            "/api/fn/typed",
            "",
            "{\"n\":\"x\"}",
            400,
            "\"code\":\"INVALID_ARGS\",\"message\":\"n: expected number, got string\""),
        new Scenario(
            "POST", "/api/fn/broken", "", "", 500, "\"code\":\"FN_LOAD_FAILED\"", "broken.ts"),
        // names
        row("POST", "/api/fn/nowhere", "", "{}", 404, fnNotFound.formatted("nowhere")),
        row("POST", "/api/fn/nowhere", EVENTS, "{}", 404, fnNotFound.formatted("nowhere")),
        row("POST", "/api/fn/hidden", "", "{}", 404, fnNotFound.formatted("hidden")),
        row("POST", "/api/fn/hidden", ADMIN, "{}", 404, fnNotFound.formatted("hidden")),
        row("POST", "/api/fn/hidden", EVENTS, "{}", 404, fnNotFound.formatted("hidden")),
        row("POST", "/api/fn/", "", "{}", 404, notFound),
        row("POST", "/api/fn/", EVENTS, "{}", 404, fnNotFound.formatted("")),
        row("POST", "/api/fn/a/b", "", "{}", 404, fnNotFound.formatted("a/b")),
        row("POST", "/api/fn/a/b", EVENTS, "{}", 404, fnNotFound.formatted("a/b")),
        row("POST", "/api/fn/a%2Fb", "", "{}", 404, fnNotFound.formatted("a/b")),
        row("POST", "/api/fn//", "", "{}", 404, fnNotFound.formatted("/")),
        row("POST", "/api/webhooks/a/b", "", "{}", 404, "\"code\":\"FN_NOT_FOUND\""),
        row("POST", "/api/fn/toString", "", "{}", 404, fnNotFound.formatted("toString")),
        row("POST", "/api/fn/__proto__", "", "{}", 404, fnNotFound.formatted("__proto__")),
        row("POST", "/api/fn/traces", "", "{}", 404, notFound),
        // methods
        row("GET", "/api/fn/echo", "", "", 404, notFound),
        row("PUT", "/api/fn/echo", "", "{}", 404, notFound),
        row("DELETE", "/api/fn/echo", "", "", 404, notFound),
        row("PATCH", "/api/fn/echo", ADMIN, "{}", 404, notFound),
        row("OPTIONS", "/api/fn/echo", "", "", 204, ""),
        row("OPTIONS", "/no/such/path", "", "", 204, ""),
        // who may look at the list
        row("GET", "/api/fn", "", "", 403, forbidden),
        row("GET", "/api/fn", "Authorization: Bearer wrong\n", "", 403, forbidden),
        row("GET", "/api/fn", "Authorization: Basic admin-token\n", "", 403, forbidden),
        row("GET", "/api/fn", "Authorization: Bearer \n", "", 403, forbidden),
        row("GET", "/api/fn", ADMIN, "", 200, "\"name\":\"echo\",\"fn_type\":\"query\""),
        row("GET", "/api/fn", "authorization: bearer admin-token\n", "", 200, "\"name\":\"echo\""),
        row("GET", "/api/fn", LOCAL, "", 200, "\"name\":\"echo\""),
        row("GET", "/api/fn", LOCAL + FROM_AFAR, "", 403, forbidden),
        row("GET", "/api/fn", ADMIN + FROM_AFAR, "", 200, "\"name\":\"echo\""),
        row("GET", "/api/fn/", ADMIN, "", 404, notFound),
        // no model is named
        row("POST", "/api/ai/complete", "", "{}", 503, "\"code\":\"AI_NOT_CONFIGURED\""),
        row("POST", "/api/ai/stream", "", "{}", 401, "\"code\":\"AUTH_REQUIRED\""),
        row("POST", "/api/ai/stream", ADMIN, "{", 503, "\"code\":\"AI_NOT_CONFIGURED\""),
        // who may look at the traces
        row("GET", "/api/fn/traces", "", "", 403, forbidden),
        row("GET", "/api/fn/traces?follow=1", "", "", 403, forbidden),
        row("GET", "/api/fn/traces/c_0", "", "", 403, forbidden),
        row("GET", "/api/fn/traces/c_0", LOCAL + FROM_AFAR, "", 403, forbidden),
        new Scenario("GET", "/api/fn/traces", ADMIN, "", 200, "[", "\"nowhere\""),
        row("GET", "/api/fn/traces?limit=0", LOCAL, "", 200, "[]"),
        row("GET", "/api/fn/traces/nope", ADMIN, "", 404, notFound),
        // health
        row(
            "GET",
            "/health",
            "",
            "",
            200,
            "{\"status\":\"ok\",\"version\":\"0.0.1\",\"uptime_secs\":"),
        row("GET", "/health?x=1", "", "", 200, "ok"),
        row("POST", "/health", "", "{}", 405, "\"code\":\"METHOD_NOT_ALLOWED\""),
        // strangers' paths
        row("GET", "/", "", "", 404, notFound),
        row("GET", "/api/fn/../health", "", "", 404, notFound),
        row("GET", "/api/%66n", ADMIN, "", 404, notFound),
        // webhooks
        row(
            "GET",
            "/api/webhooks/hook?a=b%20c",
            "X-One: 1\nX-One: 2\n",
            "",
            200,
            "\"path\":\"/api/webhooks/hook?a=b%20c\""),
        row("PUT", "/api/webhooks/hook", "", "not json", 200, "\"rawBody\":\"not json\""),
        row("POST", "/api/webhooks/echo", "", "{}", 400, "\"code\":\"NOT_AN_ACTION\""),
        row("POST", "/api/webhooks/nowhere", "", "{}", 404, "\"code\":\"FN_NOT_FOUND\""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void everyRowIsAnsweredAsWritten(Scenario row) throws IOException {
    Reply reply = server.request(row.method(), row.path(), row.headers(), row.body());

    assertThat(reply.status()).as(reply.body()).isEqualTo(row.status());
    assertThat(withoutSpaces(reply.body()))
        .contains(withoutSpaces(row.says()))
        .doesNotContain(row.without());
    assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
    assertThat(reply.header("Access-Control-Allow-Origin")).contains("*");
    assertThat(reply.header("X-Request-Id")).isPresent();
    if (!reply.body().isEmpty()) {
      assertThat(reply.header("Content-Type")).contains("application/json");
    }
  }

  private static String withoutSpaces(String json) {
    return json.replace(" ", "");
  }

  // ---- callers ----

  @Test
  void aForeignHostIsNotLocal() throws IOException {
    try (var client = server.connect()) {
      client.send("GET /api/fn HTTP/1.1\nHost: rebound.example\n%s\n".formatted(LOCAL));

      assertThat(client.reply().status()).isEqualTo(403);
    }
  }

  @Test
  void anAdminMaySpeakForAUserAndOthersMayNot() throws IOException {
    String as = "X-Pylon-As: u_42\nX-Pylon-As-Tenant: org_7\n";

    assertThat(server.request("POST", "/api/fn/whoAmI", ADMIN + as, "{}").body())
        .isEqualTo("{\"user\":\"u_42\",\"admin\":false,\"tenant\":\"org_7\"}");
    assertThat(server.engine().trace("whoAmI").impersonatedBy()).isEqualTo("__admin__");
    assertThat(server.request("POST", "/api/fn/whoAmI", as, "{}").body())
        .isEqualTo("{\"user\":null,\"admin\":false,\"tenant\":null}");
    assertThat(server.request("POST", "/api/fn/whoAmI", ADMIN, "{}").body())
        .isEqualTo("{\"user\":\"__admin__\",\"admin\":true,\"tenant\":null}");
  }

  // ---- headers ----

  @Test
  void aCallTellsItsIdAndItsTimes() throws IOException {
    Reply reply = server.post("/api/fn/echo", "{}");

    assertThat(reply.header("X-Pylon-Call-Id"))
        .hasValueSatisfying(id -> assertThat(id).matches("c_\\d+"));
    assertThat(reply.header("Server-Timing"))
        .hasValueSatisfying(text ->
            assertThat(text)
                .matches(
                    "queue;dur=\\d+\\.\\d{3}, run;dur=\\d+\\.\\d{3}, db;dur=\\d+\\.\\d{3}, commit;dur=\\d+\\.\\d{3}"));
  }

  @Test
  void aRequestIdIsRepeatedWhereItIsPlain() throws IOException {
    assertThat(
            server.request("GET", "/health", "X-Request-Id: my-id.1\n", "").header("X-Request-Id"))
        .contains("my-id.1");
    for (String bad : List.of("with space", "x".repeat(129), "é", "a\tb")) {
      assertThat(
              server
                  .request("GET", "/health", "X-Request-Id: " + bad + "\n", "")
                  .header("X-Request-Id"))
          .hasValueSatisfying(id -> assertThat(id).matches("x-\\d+"));
    }
  }

  @Test
  void aRequestIdIsNoWayToForgeAHeader() throws IOException {
    try (var client = server.connect()) {
      client.send(
          "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a\rSet-Cookie: b=c\r\n\r\n"
              .getBytes(StandardCharsets.UTF_8));

      assertThat(client.reply().header("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void headIsGetWithoutABody() throws IOException {
    Reply head = server.request("HEAD", "/health", "", "");
    Reply refused = server.request("HEAD", "/api/fn", "", "");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length"))
        .hasValueSatisfying(size -> assertThat(size).isNotEqualTo("0"));
    assertThat(refused.status()).isEqualTo(403);
  }

  // ---- bodies ----

  @Test
  void aBodyThatIsNotUtf8IsRefused() throws IOException {
    try (var client = server.connect()) {
      Reply reply = client.request("POST", "/api/fn/echo", "", new byte[] {'"', (byte) 0xff, '"'});

      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("INVALID_JSON");
    }
  }

  @Test
  void aMutationWhoseClientHasLeftIsDecidedByItsCommit() throws IOException {
    String text = "left " + System.nanoTime();
    try (var client = server.connect()) {
      String body = Json.text(Map.of("text", text));
      client.send(
          "POST /api/fn/add HTTP/1.1\nHost: localhost\nContent-Length: %d\n\n%s"
              .formatted(body.length(), body));
    }

    Eventually.within(
        SOON,
        () -> server.engine().store().lookup("Note", "text", text).isPresent(),
        () -> "nothing was committed");
  }
}
