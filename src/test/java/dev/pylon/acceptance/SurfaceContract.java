package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.json.Json;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What callers of a production server meet, whichever runtime answers: section 20 of the functions
 * contract, points 21 to 29. Every test calls from an address of its own, for each has its limit.
 */
abstract class SurfaceContract {
  private static final String FROM = "X-Forwarded-For";
  private static final String EVENTS = "text/event-stream, application/x-ndjson, application/json";
  @TempDir private Path folder;
  private Server server;

  /** Which runtime is held to it. */
  abstract Server.Runtime runtime();

  /** Whether it can be told that a call is over. */
  abstract boolean hearsOfCancels();

  @BeforeEach
  void start() {
    var settings = new HashMap<String, String>();
    settings.put("PYLON_DEV_MODE", "0");
    settings.put("PYLON_CORS_ORIGIN", "https://app.example.com");
    settings.put("PYLON_TRUST_PROXY_HOPS", "1");
    settings.put("PYLON_RATE_LIMIT_MAX", "0");
    server = Server.start(folder, "acceptance/surface", runtime(), settings);
  }

  @AfterEach
  void close() {
    server.close();
  }

  // ---- 21, 22: values and refusals ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo|``|200|{}",
        "echo|` \t\n`|200|{}",
        "echo|{\"b\":1,\"a\":\"é\"}|200|{\"b\":1,\"a\":\"é\"}",
        "echo|[1,2]|200|[1,2]",
        "echo|5|200|5",
        "text|{}|200|\"two\\nlines\"",
        "nothing|{}|200|null",
        "echo|{|400|{\"error\":{\"code\":\"INVALID_JSON\",\"message\":\"Invalid request body\"",
        "fail|{}|400|{\"error\":{\"code\":\"BID_TOO_LOW\",\"message\":\"must be at least $12.00\"}}",
        "crash|{}|400|{\"error\":{\"code\":\"HANDLER_ERROR\",\"message\":\"Internal handler error\"}}",
        "nowhere|{}|404|{\"error\":{\"code\":\"FN_NOT_FOUND\",\"message\":\"Function \\\"nowhere\\\" is not registered\"}}"
      })
  void aPlainCallIsAnsweredAsWritten(String function, String body, int status, String answer) {
    Reply reply = server.post("/api/fn/" + function, body, FROM, "192.0.2.1");

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.body()).startsWith(answer).doesNotContain("secret", ".ts");
    assertThat(reply.header("Access-Control-Allow-Origin")).contains("https://app.example.com");
    assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void aBodyBeyondTheBoundIsRefused() {
    byte[] body = new byte[10 * 1024 * 1024 + 1];

    Reply reply = server.send("POST", "/api/fn/echo", body);

    assertThat(reply.error())
        .isEqualTo("413 PAYLOAD_TOO_LARGE Content-Length 10485761 exceeds max of 10485760");
  }

  // ---- 23, 24: streams ----

  @Test
  void aStreamIsFramedAsTheShippedClientsNeedIt() {
    assertThat(server.stream("speak", Map.of()))
        .isEqualTo(
            """
            data: one

            data: two
            data: lines

            data: forged
            data:\s
            data: event: result
            data: data: 1

            event: progress
            data: 50

            data: mine

            event: result
            data: {"done":true}

            """);
    assertThat(server.stream("speak", Map.of("fail", true)))
        .endsWith("event: error\ndata: {\"code\":\"STOPPED\",\"message\":\"no more\"}\n\n");
  }

  @Test
  void theShippedReactClientReadsIt() {
    assertThat(readAsReactDoes(server.stream("speak", Map.of())))
        .containsExactly(
            "one", "twolines", "forgedevent: resultdata: 1", "50", "mine", "= {\"done\":true}");
  }

  /**
   * What its generator yields and, last, returns: blocks end in an empty line, only lines that
   * begin with a name, a colon and a space count, and several of data are put together without a
   * break.
   */
  private static List<String> readAsReactDoes(String stream) {
    var yielded = new ArrayList<String>();
    for (String block : stream.split("\n\n")) {
      String event = "message";
      var data = new StringBuilder();
      for (String line : block.split("\n")) {
        if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          data.append(line.substring("data: ".length()));
        }
      }
      yielded.add(event.equals("result") ? "= " + data : data.toString());
    }
    return yielded;
  }

  @Test
  void acceptMayNameEventsAmongOthers() {
    Reply reply = server.call("linger", Map.of("ms", 20), "Accept", EVENTS, FROM, "192.0.2.2");

    assertThat(reply.header("Content-Type")).contains("text/event-stream");
    assertThat(reply.header("Cache-Control")).contains("no-cache");
    assertThat(reply.header("Access-Control-Allow-Credentials")).contains("true");
    assertThat(reply.body()).startsWith("data: begin\n\n").endsWith("data: \"done\"\n\n");
    assertThat(server.call("nowhere", Map.of(), "Accept", EVENTS).code()).isEqualTo("FN_NOT_FOUND");
    assertThat(server.post("/api/fn/linger", "{", "Accept", EVENTS).code())
        .isEqualTo("INVALID_JSON");
  }

  @Test
  void nothingIsSaidWhileAHandlerThinks() {
    assertThat(server.stream("linger", Map.of("ms", 1_500)))
        .isEqualTo("data: begin\n\nevent: result\ndata: \"done\"\n\n");
  }

  @Test
  void fiftyStreamsEndEachInItsResult() {
    var streams = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 50; i++) {
      streams.add(
          server.calling(
              "linger", Map.of("ms", 20), "Accept", "text/event-stream", FROM, "192.0.3." + i));
    }

    assertThat(streams)
        .allSatisfy(stream ->
            assertThat(stream.join().body())
                .isEqualTo("data: begin\n\nevent: result\ndata: \"done\"\n\n"));
  }

  @Test
  void whoLeavesEndsTheirCall() throws IOException {
    try (Socket client =
        server.openStream("linger", Map.of("ms", hearsOfCancels() ? 20_000 : 2_000))) {
      awaitText(client, "data: begin");
    }

    assertThat(Server.code(server.trace("linger"))).isEqualTo("CALL_CANCELLED");
    assertThat(server.value("text")).isEqualTo("two\nlines");
  }

  private static void awaitText(Socket client, String text) throws IOException {
    client.setSoTimeout((int) SOON.toMillis());
    var read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = client.getInputStream().read();
      assertThat(next).as(read.toString()).isNotNegative();
      read.append((char) next);
    }
  }

  // ---- 25: webhooks ----

  @ParameterizedTest
  @CsvSource({"GET,''", "POST,'{\"a\": 1}\n'", "PUT,äöü ✔", "DELETE,''", "PATCH,no json"})
  void aWebhookIsHandedOnAsItCame(String method, String body) {
    Reply reply =
        server.send(
            method,
            "/api/webhooks/hook?a=1&b=%20",
            body.getBytes(StandardCharsets.UTF_8),
            "X-Signature",
            "one",
            "X-Signature",
            "two");

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    Map<?, ?> handed = (Map<?, ?>) reply.json();
    Map<?, ?> request = (Map<?, ?>) handed.get("request");
    assertThat(request.get("method")).isEqualTo(method);
    assertThat(request.get("path")).isEqualTo("/api/webhooks/hook?a=1&b=%20");
    assertThat(request.get("rawBody")).isEqualTo(body);
    assertThat(((Map<?, ?>) request.get("headers")).get("x-signature")).isEqualTo("one, two");
    assertThat(handed.get("args")).isEqualTo(Map.of("rawBody", body));
  }

  @Test
  void onlyActionsAreWebhooks() {
    assertThat(server.post("/api/webhooks/echo", "{}").error())
        .isEqualTo(
            "400 NOT_AN_ACTION \"echo\" is not an action — only actions can be webhook targets");
    assertThat(server.post("/api/webhooks/nowhere", "{}").code()).isEqualTo("FN_NOT_FOUND");
    assertThat(((Map<?, ?>) server.value("hook")).get("request")).isNull();
  }

  @Test
  void anActionMaySayTheWholeAnswerOfItsWebhook() {
    Reply text =
        answered(
            "{'status':202,'headers':{'X-Hook-Secret':'s3','content-type':'text/csv'},'body':'a,ß'}");
    assertThat(text.status()).isEqualTo(202);
    assertThat(text.header("x-hook-secret")).contains("s3");
    assertThat(text.header("content-type")).contains("text/csv");
    assertThat(text.body()).isEqualTo("a,ß");
    assertThat(answered("{'body':'challenge'}").header("content-type"))
        .contains("text/plain; charset=utf-8");

    Reply json = answered("{'status':409,'body':{'taken':true}}");
    assertThat(json.status() + json.body()).isEqualTo("409{\"taken\":true}");
    assertThat(json.header("content-type")).contains("application/json");
    assertThat(answered("{'status':204,'body':'x'}").body()).isEmpty();
  }

  private Reply answered(String http) {
    return server.post("/api/webhooks/answer", "{\"__http\":" + http.replace('\'', '"') + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status':199}",
        "{'status':'200'}",
        "{'more':1}",
        "{'headers':{'Content-Length':'1'}}",
        "{'headers':{'X-A':'b\\r\\nSet-Cookie: c'}}",
        "{'headers':{'X A':'b'}}",
        "{'headers':[]}",
        "[]"
      })
  void whatIsNotQuiteAnAnswerIsAValue(String http) {
    Reply reply = answered(http);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"__http\":" + http.replace('\'', '"') + "}");
    assertThat(reply.header("set-cookie")).isEmpty();
  }

  @Test
  void onlyWebhooksAreAnsweredByTheirActions() {
    String whole = "{\"__http\":{\"status\":418}}";

    Reply reply = server.call("answer", Map.of("rawBody", whole));
    assertThat(reply.status() + reply.body()).isEqualTo("200" + whole);
  }

  // ---- 26: pages of others ----

  @Test
  void pagesOfOthersMayNotCall() {
    assertThat(server.call("text").status()).isEqualTo(200);
    assertThat(server.call("text", Map.of(), "Origin", "https://app.example.com").status())
        .isEqualTo(200);
    assertThat(server.call("text", Map.of(), "Origin", "https://evil.example").error())
        .isEqualTo("403 CSRF_REJECTED Origin 'https://evil.example' not allowed");
    assertThat(server.call("text", Map.of(), "Referer", "https://evil.example/page").code())
        .isEqualTo("CSRF_REJECTED");
    assertThat(
            server
                .call("text", Map.of(), "Origin", "https://evil.example", "Accept", EVENTS)
                .code())
        .isEqualTo("CSRF_REJECTED");
    assertThat(
            server
                .call(
                    "text", Map.of(), "Origin", "https://evil.example", "Authorization", "Bearer t")
                .status())
        .isEqualTo(200);
  }

  // ---- 27: who may look ----

  @ParameterizedTest
  @CsvSource({
    "'',403",
    "Bearer wrong,403",
    "Basic the-admin-token,403",
    "Bearer the-admin-token,200"
  })
  void onlyAdminsSeeFunctionsAndTraces(String authorization, int status) {
    for (String path : List.of("/api/fn", "/api/fn/traces", "/api/fn/traces?follow=0&limit=1")) {
      if (path.contains("follow") && status == 200) {
        continue;
      }
      Reply reply =
          authorization.isEmpty()
              ? server.send("GET", path, new byte[0])
              : server.send("GET", path, new byte[0], "Authorization", authorization);
      assertThat(reply.status()).as(path).isEqualTo(status);
    }
  }

  // ---- 28: limits ----

  @Test
  void thirtyCallsAMinuteAndThenAWait() {
    callThirtyTimes("limited", FROM, "198.51.100.1");

    Reply refused = server.call("limited", Map.of(), FROM, "198.51.100.1");
    Reply streamed = server.call("limited", Map.of(), FROM, "198.51.100.1", "Accept", EVENTS);
    Reply webhook = server.post("/api/webhooks/limited", "", FROM, "198.51.100.1");

    assertThat(refused.error())
        .isEqualTo("429 RATE_LIMITED Function \"limited\" rate limit exceeded");
    assertThat(retryAfter(refused)).isBetween(1L, 60L);
    assertThat(refused.header("Retry-After")).contains("" + retryAfter(refused));
    assertThat(streamed.code()).isEqualTo("RATE_LIMITED");
    assertThat(webhook.error())
        .isEqualTo("429 RATE_LIMITED Webhook \"limited\" rate limit exceeded");
    assertThat(server.call("text", Map.of(), FROM, "198.51.100.1").status()).isEqualTo(200);
    assertThat(server.call("limited", Map.of(), FROM, "198.51.100.2").status()).isEqualTo(200);
  }

  @Test
  void aUserIsKnownByTheirIdWhereverTheyCallFrom() {
    String[] user = {"Authorization", "Bearer " + Server.ADMIN, "X-Pylon-As", "u_1"};
    callThirtyTimes("limited", user);

    assertThat(server.call("limited", Map.of(), user).code()).isEqualTo("RATE_LIMITED");
    user[3] = "u_2";
    assertThat(server.call("limited", Map.of(), user).status()).isEqualTo(200);
  }

  private void callThirtyTimes(String function, String... headers) {
    for (int i = 0; i < 30; i++) {
      assertThat(server.call(function, Map.of(), headers).status()).as("call %d", i).isEqualTo(200);
    }
  }

  private static long retryAfter(Reply reply) {
    Map<?, ?> error = (Map<?, ?>) ((Map<?, ?>) reply.json()).get("error");
    return (Long) error.get("retry_after_secs");
  }

  // ---- 29: traces ----

  @Test
  void aTraceHasItsFieldsInOrder() {
    server.value("steps");

    Map<String, @Nullable Object> trace = traces("?fn=steps").getFirst();

    assertThat(trace.keySet())
        .startsWith(
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
            "schedules");
    assertThat(trace)
        .containsEntry("fn_type", "mutation")
        .containsEntry("user_id", null)
        .containsEntry("stream_bytes", 2L)
        .containsEntry("stream_chunks", 1L)
        .containsEntry("schedules", List.of(Map.of("fn_name", "echo", "delay_ms", 3_600_000L)));
    assertThat(members(trace, "ops", "op")).containsExactly("insert", "get", "query", "schedule");
    assertThat(members(trace, "ops", "row_count")).containsExactly(null, 1L, 1L, null);
  }

  private static List<@Nullable Object> members(
      Map<String, @Nullable Object> trace, String list, String member) {
    var members = new ArrayList<@Nullable Object>();
    ((List<?>) trace.get(list)).forEach(entry -> members.add(((Map<?, ?>) entry).get(member)));
    return members;
  }

  @Test
  void theNewestThousandAreKeptAndShownAsAskedFor() {
    for (int i = 0; i < 1_010; i++) {
      String address = "203.0." + i / 250 + "." + i % 250;
      assertThat(server.call("echo", Map.of("n", i), FROM, address).status()).isEqualTo(200);
    }
    Eventually.within(SOON, () -> newest() == 1_009, this::newest);

    assertThat(traces("")).hasSize(50);
    for (String none : List.of("abc", "-1", "")) {
      assertThat(traces("?limit=" + none)).as(none).hasSize(50);
    }
    assertThat(traces("?limit=0")).isEmpty();
    List<Map<String, @Nullable Object>> most = traces("?limit=9999");
    assertThat(most).hasSize(500);
    assertThat(number(most.getLast())).isEqualTo(510);
    assertThat(traces("?limit=2&order=asc")).extracting(SurfaceContract::number).isSorted();
    assertThat(server.traces("echo")).hasSize(1_000);
  }

  private long newest() {
    return number(traces("?limit=1").getFirst());
  }

  private static long number(Map<String, @Nullable Object> trace) {
    Map<?, ?> outcome = (Map<?, ?>) trace.get("outcome");
    return outcome != null && outcome.get("value") instanceof Map<?, ?> value
        ? (Long) value.get("n")
        : -1;
  }

  private List<Map<String, @Nullable Object>> traces(String query) {
    Reply reply =
        server.send(
            "GET",
            "/api/fn/traces" + query,
            new byte[0],
            "Authorization",
            "Bearer " + Server.ADMIN);
    var traces = new ArrayList<Map<String, @Nullable Object>>();
    ((List<?>) reply.json()).forEach(trace -> traces.add(Json.asObject((Map<?, ?>) trace)));
    return traces;
  }
}
