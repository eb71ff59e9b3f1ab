package dev.pylon.server;

import static dev.pylon.functions.TestEngine.action;
import static dev.pylon.functions.TestEngine.query;
import static dev.pylon.server.TestServer.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.functions.TestEngine.Limits;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traces over HTTP (functions contract, 13), and what a developer sees that callers do not. */
@NeedsBun
class TraceSurfaceTest {
  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        TestServer.start(
            folder,
            Limits.ORDINARY.rateMax(200),
            true,
            Map.of(
                "echo", query("return args;"),
                "crash", query("throw new Error(\"shown to the developer\");"),
                "outer", action("return ctx.runQuery(\"echo\", { n: 1 });"),
                "limited", query("return 1;"),
                "broken", "export default 5 5;"));
    for (int i = 0; i < 5; i++) {
      server.post("/api/fn/echo", "{\"i\":" + i + "}");
    }
    server.post("/api/fn/crash", "{}");
    server.post("/api/fn/nowhere", "{}");
    server.post("/api/fn/echo", "not json");
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  private static List<Map<String, @Nullable Object>> traces(String query) throws IOException {
    Reply reply = server.request("GET", "/api/fn/traces" + query, ADMIN, "");
    assertThat(reply.status()).isEqualTo(200);
    return ((List<?>) Objects.requireNonNull(Json.parse(reply.bytes())))
        .stream().map(trace -> Json.asObject((Map<?, ?>) Objects.requireNonNull(trace))).toList();
  }

  @Test
  void aTraceHasTheMembersOfTheContractInTheirOrder() throws IOException {
    assertThat(traces("?fn=echo&limit=1").getFirst().keySet())
        .containsExactly(
            "call_id",
            "fn_name",
            "fn_type",
            "user_id",
            "started_at",
            "duration_ms",
            "outcome",
            "ops",
            "stream_bytes",
            "stream_chunks",
            "schedules",
            "parent_call_id",
            "tenant_id",
            "source",
            "timestamp",
            "request_id",
            "queue_ms",
            "commit_ms",
            "attempt",
            "error",
            "rolled_back",
            "impersonated_by",
            "logs",
            "ops_dropped",
            "value_truncated");
  }

  @Test
  void theBareListLeavesOutWhatWasRefused() throws IOException {
    assertThat(traces("")).extracting(trace -> trace.get("fn_name")).doesNotContain("nowhere");
    assertThat(traces("?errors=1"))
        .extracting(trace -> trace.get("fn_name"))
        .contains("nowhere", "crash");
  }

  @Test
  void aBodyThatIsNotJsonLeavesATraceAmongTheRefused() throws IOException {
    assertThat(traces("?fn=echo&errors=1"))
        .extracting(trace ->
            Json.asObject((Map<?, ?>) Objects.requireNonNull(trace.get("error"))).get("code"))
        .contains("INVALID_JSON");
  }

  @ParameterizedTest
  @CsvSource({
    "?limit=2,2",
    "?limit=0,0",
    "?fn=ec*&limit=3,3",
    "?fn=none,0",
    "?since=99999999999999,0"
  })
  void theListIsAsLongAsAskedFor(String query, int expected) throws IOException {
    assertThat(traces(query)).hasSize(expected);
  }

  @ParameterizedTest
  @CsvSource({"?limit=abc", "?limit=-1", "?limit=9999", "?xlimit=3"})
  void aLimitThatIsNoneIsTheOrdinaryOne(String query) throws IOException {
    assertThat(traces(query)).hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void aPatternMayBePercentEncoded() throws IOException {
    assertThat(traces("?fn=ec%2A")).isNotEmpty();
  }

  @Test
  void oneTraceBringsTheCallsItMade() throws IOException {
    String id = server.post("/api/fn/outer", "{}").header("X-Pylon-Call-Id").orElseThrow();

    Reply reply = server.request("GET", "/api/fn/traces/" + id, ADMIN, "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).contains("\"children\":[{", "\"parent_call_id\":\"" + id + "\"");
  }

  @Test
  void aPageSaysWhereTheNextOneEnds() throws IOException {
    String older = server.post("/api/fn/echo", "{}").header("X-Pylon-Call-Id").orElseThrow();
    String newer = server.post("/api/fn/echo", "{}").header("X-Pylon-Call-Id").orElseThrow();

    var first = server.request("GET", "/api/fn/traces?limit=1&fn=echo", ADMIN, "");
    String before = first.header("X-Pylon-Before").orElseThrow();
    var second =
        server.request("GET", "/api/fn/traces?limit=1&fn=echo&before=" + before, ADMIN, "");

    assertThat(first.body()).contains(newer).doesNotContain(older);
    assertThat(second.body()).contains(older).doesNotContain(newer);
  }

  @Test
  void aFollowerHearsOfEachCallWhenItEnds() throws IOException {
    try (var client = server.connect()) {
      client.send(
          "GET /api/fn/traces?follow=1&fn=echo HTTP/1.1\nHost: localhost\n%s\n".formatted(ADMIN));
      client.readUntil("{\"type\":\"open\"}");

      server.post("/api/fn/crash", "{}");
      String id = server.post("/api/fn/echo", "{}").header("X-Pylon-Call-Id").orElseThrow();

      assertThat(client.readUntil("\"cursor\":"))
          .contains("\"call_id\":\"" + id + "\"")
          .doesNotContain("crash");
    }
  }

  @Test
  void aFollowerGoesOnWhereItWas() throws IOException {
    String cursor =
        server
            .request("GET", "/api/fn/traces?limit=1", ADMIN, "")
            .header("X-Pylon-Cursor")
            .orElseThrow();
    String id = server.post("/api/fn/echo", "{}").header("X-Pylon-Call-Id").orElseThrow();

    try (var client = server.connect()) {
      client.send(
          "GET /api/fn/traces?follow=1&cursor=%s HTTP/1.1\nHost: localhost\n%s\n"
              .formatted(cursor, ADMIN));

      assertThat(client.readUntil("\"cursor\":")).contains("\"call_id\":\"" + id + "\"");
    }
  }

  @Test
  void aFollowerHearsOfRefusedCallsAndOfWhatItHasMissed(@TempDir Path own) throws IOException {
    try (var alone = TestServer.start(own, Limits.ORDINARY, true, Map.of());
        var client = alone.connect()) {
      for (int i = 0; i < 110; i++) {
        alone.post("/api/fn/nobody", "{}");
      }
      client.send(
          "GET /api/fn/traces?follow=1&cursor=test-0-0 HTTP/1.1\nHost: localhost\n%s\n"
              .formatted(ADMIN));

      assertThat(client.readUntil("\"FN_NOT_FOUND\"")).contains("{\"type\":\"gap\",\"lost\":10}");
    }
  }

  @Test
  void aFollowerOfAnEarlierServerIsToldToStartAnew() throws IOException {
    try (var client = server.connect()) {
      client.send(
          "GET /api/fn/traces?follow=1&cursor=other-7 HTTP/1.1\nHost: localhost\n%s\n"
              .formatted(ADMIN));

      assertThat(client.readUntil("}")).contains("{\"type\":\"restart\"");
    }
  }

  // ---- what a developer sees ----

  @Test
  void inDevAFailureTellsItsPlace() throws IOException {
    assertThat(server.post("/api/fn/crash", "{}").body())
        .contains("\"code\":\"HANDLER_ERROR\"", "shown to the developer", "crash.ts", "\"line\":");
    assertThat(server.post("/api/fn/broken", "{}").body()).contains("\"load_error\":", "broken.ts");
  }

  // ---- limits ----

  @Test
  void aLimitedCallerIsToldWhenToComeBackInEveryForm() throws IOException {
    Reply last = null;
    for (int i = 0; i <= 200; i++) {
      last = server.post("/api/fn/limited", "{}");
    }

    assertThat(Objects.requireNonNull(last).status()).isEqualTo(429);
    assertThat(last.header("Retry-After"))
        .hasValueSatisfying(text -> assertThat(text).matches("\\d+"));
    assertThat(last.body()).contains("\"code\":\"RATE_LIMITED\"", "\"retry_after_secs\":");
    Reply streamed = server.request("POST", "/api/fn/limited", "Accept: text/event-stream\n", "{}");
    assertThat(streamed.status()).isEqualTo(429);
    assertThat(streamed.header("Content-Type")).contains("application/json");
  }

  // ---- a server with nothing to serve yet ----

  @Test
  void aClosedRouterRefusesWithItsReason() throws IOException {
    var router = new Router().on("GET", "/api/x", (_, _) -> Response.empty(200));
    router.close(new PylonException(HttpError.DEV_BUILD_FAILED, "app.ts:3:1: no"));
    try (var http = LoopbackServer.listen(ServerLimits.ORDINARY.withBody(100), List.of(), router);
        var client = new RawClient(http.port())) {
      Reply refused = client.request("GET", "/api/x", "", "");
      router.open();
      Reply served = client.request("GET", "/api/x", "", "");

      assertThat(refused.status()).isEqualTo(503);
      assertThat(new String(refused.bytes(), StandardCharsets.UTF_8))
          .contains("DEV_BUILD_FAILED", "app.ts:3:1: no");
      assertThat(refused.header("Access-Control-Allow-Origin")).isEmpty();
      assertThat(served.status()).isEqualTo(200);
    }
  }
}
