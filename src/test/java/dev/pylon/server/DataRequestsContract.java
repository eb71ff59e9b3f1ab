package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.Router.Endpoint;
import dev.pylon.store.WriteStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The data area over HTTP (data contract, 4 and 8), where one request does not tell it all:
 * sequences of them, many rows, anything at all. Each engine's own test extends this.
 */
abstract class DataRequestsContract extends Shop {

  // ---- sequences of requests ----

  @Test
  void aRowLives() {
    hold();
    String id =
        String.valueOf(
            DataServer.object(
                    server.request(
                        "POST", "/api/entities/Todo", "", "{\"title\":\"x\",\"done\":false}"))
                .get("id"));
    String path = "/api/entities/Todo/" + id;

    assertThat(id).matches("[0-9a-f]{40}");
    assertThat(server.request("GET", path, "", "").body()).contains("\"done\":false");
    assertThat(server.request("PATCH", path, "", "{\"done\":true}").status()).isEqualTo(200);
    assertThat(server.request("GET", path, "", "").body()).contains("\"done\":true");
    assertThat(server.request("DELETE", path, "", "").status()).isEqualTo(200);
    assertThat(server.request("GET", path, "", "").status()).isEqualTo(404);
  }

  @Test
  void whateverWritesARowItIsFoundAsItIsNow() {
    hold();
    asked("POST", "/api/entities/Shoe", "{\"name\":\"tall heel\",\"brand\":\"acme\"}");
    asked("PATCH", "/api/entities/Shoe/s1", "{\"name\":\"heel one\"}");
    asked("DELETE", "/api/entities/Shoe/s2", "");
    asked(
        "POST",
        "/api/transact",
        "[{\"op\":\"insert\",\"entity\":\"Shoe\",\"data\":{\"name\":\"low heel\"}},"
            + "{\"op\":\"update\",\"entity\":\"Shoe\",\"id\":\"s3\",\"data\":{\"brand\":\"mine\"}}]");
    asked(
        "POST",
        "/api/import",
        "{\"entities\":{\"Shoe\":[{\"id\":\"s9\",\"name\":\"no heel\",\"brand\":\"mine\"}]}}");

    assertThat(asked("POST", "/api/search/Shoe", "{\"query\":\"heel\"}").body())
        .contains("\"facetCounts\":{\"brand\":{\"acme\":2,\"mine\":1}},\"total\":4");
    assertThat(asked("POST", "/api/search/Shoe", "{}").body())
        .contains("\"brand\":{\"acme\":2,\"mine\":2},", "\"total\":6");
    assertThat(asked("POST", "/api/search/Shoe", "{\"query\":\"sandal\"}").body())
        .contains("\"total\":0");
  }

  @Test
  void whatWasExportedComesBackWithItsIds() {
    hold();
    String dump = asked("GET", "/api/export", "").body();
    server.hold(Map.of());

    String report = asked("POST", "/api/import", dump).body();

    assertThat(report).contains("\"failed\":0,\"imported\":12");
    String again = asked("GET", "/api/export", "").body();
    assertThat(withoutTime(again)).isEqualTo(withoutTime(dump));
    assertThat(
            server
                .request("POST", "/api/query", "", "{\"Todo\":{\"include\":{\"owner\":{}}}}")
                .body())
        .contains("\"owner\":{\"id\":\"u1\"");
  }

  private static String withoutTime(String dump) {
    return dump.replaceAll("\"exported_at\":\"[^\"]+\"", "");
  }

  @Test
  void pagesByCursorBringEveryRowOnce() {
    var rows = new LinkedHashMap<String, List<Map<String, @Nullable Object>>>();
    rows.put(
        "Note",
        IntStream.range(0, 250)
            .mapToObj(i -> Json.object("id", "n%03d".formatted(i), "text", "x" + i))
            .toList());
    server.hold(rows);

    var seen = new StringBuilder();
    String after = "";
    boolean more = true;
    while (more) {
      Map<String, @Nullable Object> page =
          DataServer.object(
              server.request("GET", "/api/entities/Note/cursor?limit=100&after=" + after, "", ""));
      seen.append(DataServer.ids(page.get("data"))).append(' ');
      after = String.valueOf(page.get("next_cursor"));
      more = page.get("has_more") == Boolean.TRUE;
    }

    assertThat(seen.toString().strip().split(" "))
        .containsExactly(
            IntStream.range(0, 250).mapToObj("n%03d"::formatted).toArray(String[]::new));
  }

  // ---- many rows ----

  private void holdNotes(int count) {
    holdNotes(count, 300);
  }

  private void holdNotes(int count, int chars) {
    server.hold(
        Map.of(
            "Note",
            IntStream.range(0, count)
                .mapToObj(i -> Json.object("id", "n%05d".formatted(i), "text", "x".repeat(chars)))
                .toList()));
  }

  @Test
  void manyRowsComeToTheLastInTheirOrder() {
    holdNotes(DataServer.ROWS_MAX);

    Reply list = asked("GET", "/api/entities/Note", "");

    assertThat(list.header("Transfer-Encoding")).hasValue("chunked");
    assertThat(DataServer.object(list)).containsEntry("count", (long) DataServer.ROWS_MAX);
    String[] all =
        IntStream.range(0, DataServer.ROWS_MAX).mapToObj("n%05d"::formatted).toArray(String[]::new);
    assertThat(DataServer.ids(DataServer.object(list).get("data")).split(" ")).containsExactly(all);
    for (Reply array :
        List.of(
            asked("GET", "/api/entities/Note?format=array", ""),
            asked("POST", "/api/query/Note", "{}"),
            asked("POST", "/api/query/Note", "{\"id\":{\"$gte\":\"n00000\"}}"),
            asked("POST", "/api/query/Note", "{\"$order\":{\"id\":\"asc\"}}"))) {
      assertThat(DataServer.ids(Json.parse(array.bytes())).split(" ")).containsExactly(all);
    }
    Map<String, @Nullable Object> part =
        DataServer.object(asked("GET", "/api/entities/Note?limit=1500&offset=7", ""));
    assertThat(DataServer.ids(part.get("data")).split(" "))
        .containsExactly(Arrays.copyOfRange(all, 7, 1_507));
    assertThat(part).containsEntry("count", 1_500L).containsEntry("limit", 1_500L);
  }

  @Test
  void tooManyRowsAreRefusedAndNotCut() {
    holdNotes(DataServer.ROWS_MAX + 1);

    for (Reply reply :
        List.of(
            asked("GET", "/api/entities/Note", ""),
            asked("GET", "/api/entities/Note?limit=100000", ""),
            asked("POST", "/api/query/Note", "{}"),
            asked("POST", "/api/query/Note", "{\"$order\":{\"id\":\"asc\"}}"),
            asked("POST", "/api/query", "{\"Note\":{}}"))) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("RESULT_TOO_LARGE", "more than 3000 rows");
    }
    assertThat(asked("GET", "/api/entities/Note?offset=1", "").body()).contains("\"count\":3000");
    assertThat(asked("GET", "/api/entities/Note?limit=3000", "").body()).contains("\"count\":3000");
    assertThat(asked("GET", "/api/export", "").body())
        .contains("\"Note\":%d,".formatted(DataServer.ROWS_MAX + 1));
  }

  /** More of them than the database has threads to read with. */
  @Test
  void clientsThatDoNotReadKeepNobodyFromTheRows() throws IOException {
    // More than the sockets between us and them would hold.
    holdNotes(DataServer.ROWS_MAX, 5_000);
    var stalled = new ArrayList<RawClient>();
    try {
      for (int i = 0; i < 12; i++) {
        RawClient client = server.connect();
        stalled.add(client);
        client.send(
            "GET /api/export HTTP/1.1\nHost: localhost\n" + ADMIN + "Content-Length: 0\n\n");
        client.readUntil("\"entities\"");
      }

      assertThat(asked("GET", "/api/entities/Note/n00007", "").status()).isEqualTo(200);
      assertThat(asked("POST", "/api/entities/Note", "{}").status()).isEqualTo(201);
      assertThat(asked("GET", "/api/entities/Note?limit=2000", "").status()).isEqualTo(200);
    } finally {
      for (RawClient client : stalled) {
        client.close();
      }
    }
  }

  // ---- tenants ----

  @Test
  void whoeverWorksForATenantCountsItsRowsOnly() {
    server.hold(
        Map.of(
            "Invoice",
            List.of(
                Json.object("id", "i1", "orgId", "o1", "total", 1L),
                Json.object("id", "i2", "orgId", "o2", "total", 10L),
                Json.object("id", "i3", "orgId", "o2", "total", 100L))));
    String path = "/api/aggregate/Invoice";
    String tenant = ADMIN + "X-Pylon-As: u1\nX-Pylon-As-Tenant: o2\n";

    for (String where :
        List.of("", ",\"where\":{\"orgId\":\"o1\"}", ",\"where\":null", ",\"where\":{}")) {
      assertThat(server.request("POST", path, tenant, "{\"sum\":[\"total\"]" + where + "}").body())
          .isEqualTo("{\"rows\":[{\"sum_total\":110}]}");
    }
    assertThat(
            server
                .request("POST", path, tenant, "{\"count\":\"*\",\"where\":{\"total\":10}}")
                .body())
        .isEqualTo("{\"rows\":[{\"count\":1}]}");
    assertThat(server.request("POST", path, tenant, "{\"count\":\"*\",\"where\":\"x\"}").status())
        .isEqualTo(400);
    assertThat(server.request("POST", path, "", "{\"sum\":[\"total\"]}").body())
        .isEqualTo("{\"rows\":[{\"sum_total\":111}]}");
  }

  // ---- steps before a write ----

  private static final class Refusing implements WriteStep {
    private final List<String> seen = new ArrayList<>();

    private enum Refusal implements ErrorCode {
      NO_NUMBERS;

      @Override
      public int status() {
        return 422;
      }
    }

    @Override
    public Map<String, @Nullable Object> beforeInsert(
        Occasion occasion, String entity, Map<String, @Nullable Object> row) {
      if ("refuse me".equals(row.get("text"))) {
        throw new PylonException(Refusal.NO_NUMBERS, "not that");
      }
      if ("watch me".equals(row.get("text"))) {
        seen.add("insert by " + occasion.caller().userId());
      }
      return row;
    }

    @Override
    public void beforeDelete(
        Occasion occasion, String entity, Map<String, @Nullable Object> before) {
      if ("watch me".equals(before.get("text"))) {
        seen.add("delete by " + occasion.caller().userId());
      }
    }
  }

  @Test
  void stepsSeeEveryWriteOnceAndTheirRefusalIsTheAnswer() {
    hold();
    var step = new Refusing();
    server.store().beforeWrite(step);
    String notes = "/api/entities/Note";

    Reply added = asked("POST", notes, "{\"text\":\"watch me\"}");
    Reply refused = asked("POST", notes, "{\"text\":\"refuse me\"}");
    String id = String.valueOf(DataServer.object(added).get("id"));
    server.request("DELETE", notes + "/" + id, ADMIN + "X-Pylon-As: u1\nX-Pylon-As-Admin: 1\n", "");
    Reply batch =
        asked(
            "POST",
            "/api/batch",
            "{\"operations\":[{\"op\":\"insert\",\"entity\":\"Note\",\"data\":{\"text\":\"refuse me\"}}]}");

    assertThat(step.seen).containsExactly("insert by __admin__", "delete by u1");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body())
        .isEqualTo("{\"error\":{\"code\":\"NO_NUMBERS\",\"message\":\"not that\"}}");
    assertThat(batch.body()).contains("\"succeeded\":0", "NO_NUMBERS");
    assertThat(server.announced()).containsExactly("insert Note new", "delete Note new");
  }

  // ---- anything at all ----

  @Test
  void whateverIsSentIsAnswered() {
    hold();
    long seed = 20260131;
    var random = new Random(seed);
    List<Endpoint> endpoints = server.router().endpoints();
    String[] methods = {"GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "BREW"};
    String[] segments = {
      "Todo", "User", "%00", "%zz", "..", "a%2Fb", "", "%F0%28", "x".repeat(3_000), "?", "%3F"
    };
    String[] bodies = {
      "",
      "{",
      "null",
      "0",
      "\"\"",
      "[[]]",
      "{}",
      "[".repeat(200),
      "{\"a\":{\"$gt\":{\"$x\":1}}}",
      "\u0000",
      "{\"operations\":[null]}",
      "{\"entities\":{\"Todo\":[null,[],{\"id\":\"\"}]}}",
      "[{\"op\":null}]",
      "{\"$limit\":1e400}",
      "{\"Todo\":{\"include\":7,\"limit\":-1}}",
      "{\"count\":1,\"groupBy\":[{}]}",
      "{\"title\":\"\\ud800\"}"
    };

    for (int i = 0; i < 1_500; i++) {
      Endpoint endpoint = endpoints.get(random.nextInt(endpoints.size()));
      String path = endpoint.path();
      while (path.contains("{")) {
        path =
            path.replaceFirst(
                "\\{[^}]+}", Matcher.quoteReplacement(segments[random.nextInt(segments.length)]));
      }
      String method =
          random.nextInt(3) == 0 ? methods[random.nextInt(methods.length)] : endpoint.method();
      String query = random.nextInt(4) == 0 ? "?limit=" + "9".repeat(random.nextInt(30)) : "";
      String body = bodies[random.nextInt(bodies.length)];
      String asked = "seed %d: %s %s%s %s".formatted(seed, method, path, query, body);

      Reply reply = asked(method, path + query, body);

      assertThat(reply.status()).as(asked).isBetween(200, 499);
      // What is no path at all is refused before anybody of ours sees it, without a body.
      if (reply.status() >= 400 && !method.equals("HEAD") && !path.contains("%zz")) {
        assertThat(reply.body()).as(asked).startsWith("{\"");
      }
    }
  }

  @Test
  void bytesThatAreNoTextAreNoJson() throws IOException {
    byte[][] bodies = {
      {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'},
      "{}".getBytes(StandardCharsets.UTF_16),
      "\uFEFF{}".getBytes(StandardCharsets.UTF_8),
      {(byte) 0xFF}
    };
    for (byte[] body : bodies) {
      try (RawClient client = server.connect()) {
        Reply reply = client.request("POST", "/api/entities/Note", "", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("INVALID_JSON", "Invalid request body");
      }
    }
  }

  // ---- heads and methods ----

  @Test
  void aHeadIsAnAnswerWithoutItsBody() {
    hold();
    var list = server.request("HEAD", "/api/entities/Todo", "", "");
    var export = server.request("HEAD", "/api/export", "Authorization: Bearer admin-token\n", "");
    var missing = server.request("HEAD", "/api/entities/Todo/t9", "", "");

    assertThat(list.status()).isEqualTo(200);
    assertThat(list.header("Content-Type")).hasValue("application/json");
    assertThat(export.status()).isEqualTo(200);
    assertThat(missing.status()).isEqualTo(404);
  }

  @Test
  void aWrongMethodIsToldWhatIsAllowed() {
    var reply = server.request("PUT", "/api/entities/Todo", "", "{}");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).hasValue("GET, POST");
    assertThat(server.request("BREW", "/api/manifest", "", "").status()).isEqualTo(405);
    assertThat(server.request("OPTIONS", "/api/entities/Todo", "", "").status()).isEqualTo(204);
  }
}
