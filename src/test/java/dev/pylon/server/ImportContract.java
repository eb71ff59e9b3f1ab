package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Rows that come back over HTTP (data contract, 4.2): in both forms, in any number, all or none.
 * Each engine's own test extends this.
 */
abstract class ImportContract extends Shop {
  private static final String LINES = "Content-Type: application/x-ndjson\n";

  @BeforeEach
  void holdNothing() {
    server.hold(Map.of());
  }

  private Reply importLines(String query, String... lines) {
    return server.request(
        "POST", "/api/import" + query, ADMIN + LINES, String.join("\n", lines) + "\n");
  }

  private static String note(int number) {
    return "{\"entity\":\"Note\",\"row\":{\"id\":\"n%06d\",\"text\":\"note %d\"}}"
        .formatted(number, number);
  }

  private int notes() {
    return server.store().list("Note").size();
  }

  private static Map<?, ?> error(Reply reply) {
    return (Map<?, ?>) DataServer.object(reply).get("error");
  }

  @Test
  void whatIsExportedComesBackInBothFormsWithEveryKindOfField() {
    List<Map<String, @Nullable Object>> todos =
        List.of(
            Json.object("id", "t1", "title", "ä \" \\ \n \u0001 🦊", "done", true, "stars", 7L),
            Json.object("id", "t2", "title", "", "done", false, "stars", Long.MIN_VALUE),
            Json.object(
                "id", "t3", "title", "x", "due", "2026-01-31T12:00:00.123Z", "ownerId", "u1"));
    server.hold(
        Map.of(
            "Todo",
            todos,
            "User",
            List.of(Json.object("id", "u1", "email", "ada@example.com")),
            "Note",
            List.of(Json.object("id", "n1", "text", "{\"type\":\"doc\"}")),
            "Shoe",
            List.of(
                Json.object("id", "s1", "name", "boot", "price", 0.1, "inStock", true),
                Json.object("id", "s2", "name", "clog", "price", 3.0))));
    String dump = asked("GET", "/api/export", "").body();
    Reply lines = asked("GET", "/api/export?format=ndjson", "");
    assertThat(lines.header("Content-Type")).hasValue("application/x-ndjson");
    assertThat(lines.body().lines()).hasSize(7).allMatch(line -> line.startsWith("{\"entity\":\""));

    for (boolean asLines : List.of(true, false)) {
      holdNothing();
      Reply reply = asLines ? importLines("", lines.body()) : asked("POST", "/api/import", dump);

      assertThat(reply.body()).contains("\"failed\":0,\"imported\":7");
      assertThat(asked("GET", "/api/export?format=ndjson", "").body()).isEqualTo(lines.body());
      assertThat(server.announced()).hasSize(7).contains("insert Todo t1", "insert Shoe s2");
      assertThat(asked("POST", "/api/search/Shoe", "{\"query\":\"clog\"}").body())
          .contains("\"total\":1");
    }
  }

  /** More than are held, so that rows and changes have been on the disk meanwhile. */
  @Test
  void anyNumberOfRowsComesWhileItIsSentAndEachIsAnEvent() throws IOException {
    int rows = 10_700;
    long before = server.store().log().head();
    try (RawClient client = server.connect()) {
      client.send(
          "POST /api/import HTTP/1.1\nHost: localhost\n"
              + ADMIN
              + LINES
              + "Transfer-Encoding: chunked\n\n");
      for (int from = 0; from < rows; from += 100) {
        byte[] piece =
            IntStream.range(from, from + 100)
                .mapToObj(i -> note(i) + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        client.send("%x\n".formatted(piece.length));
        client.send(piece);
        client.send("\n");
      }
      client.send("0\n\n");

      assertThat(client.reply().body())
          .contains("{\"entity\":\"Note\",\"failed\":0,\"inserted\":10700}", "\"imported\":10700");
    }

    assertThat(asked("GET", "/api/export/Note", "").body()).contains("\"Note\":10700");
    assertThat(server.announced())
        .isEqualTo(IntStream.range(0, rows).mapToObj("insert Note n%06d"::formatted).toList());
    assertThat(server.store().log().after(before + rows - 1, 10))
        .singleElement()
        .satisfies(last -> assertThat(last.rowId()).isEqualTo("n010699"));
  }

  @Test
  void aBrokenLineIsNamedAndNothingIsImported() {
    long before = server.store().log().head();
    for (String[] broken :
        new String[][] {
          {"{\"entity\":\"Note\",\"row\":{\"id\"", "INVALID_JSON"},
          {"{\"entity\":\"Note\",\"row\":7}", "INVALID_DATA"},
          {"[]", "INVALID_DATA"},
          {"{\"entity\":\"Note\",\"row\":{\"titel\":\"x\"}}", "INVALID_COLUMN"},
          {"{\"entity\":\"Todo\",\"row\":{\"title\":\"x\",\"stars\":\"many\"}}", "INVALID_DATA"},
          {"{\"entity\":\"_pylon_changes\",\"row\":{}}", "ENTITY_NOT_FOUND"},
          {"{\"entity\":\"Note\",\"row\":{\"id\":7}}", "INVALID_DATA"},
          {note(2), "INSERT_FAILED"}
        }) {
      Reply reply = importLines("", note(1), note(2), broken[0], note(4));

      assertThat(error(reply).get("code")).as(broken[0]).isEqualTo(broken[1]);
      assertThat(error(reply).get("line"))
          .as(broken[0])
          .isEqualTo(broken[1].equals("INVALID_JSON") ? 4L : 3L);
      assertThat(notes()).isZero();
    }
    assertThat(server.announced()).isEmpty();
    assertThat(server.store().log().head()).isEqualTo(before);
    assertThat(importLines("", note(1), note(2), note(3)).status()).isEqualTo(200);
  }

  private static String todo(int number, String ownerId) {
    return "{\"entity\":\"Todo\",\"row\":{\"id\":\"t%d\",\"title\":\"x\",\"ownerId\":\"%s\"}}"
        .formatted(number, ownerId);
  }

  /** Rows may come before those they point at, and more of them than are looked up together. */
  @Test
  void rowsPointAtRowsThatAreThereWhenAllHaveCome() {
    String user = "{\"entity\":\"User\",\"row\":{\"id\":\"u1\",\"email\":\"ada@example.com\"}}";
    var lines = new ArrayList<String>();
    IntStream.range(0, 450).forEach(i -> lines.add(todo(i, "u1")));
    lines.add(user);
    lines.set(430, todo(430, "nobody"));
    String[] sent = lines.toArray(String[]::new);

    Reply refused = importLines("", sent);
    int there = server.store().list("Todo").size() + server.store().list("User").size();
    Reply asTheyAre = importLines("?references=any", sent);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body())
        .contains("REFERENCE_NOT_FOUND", "\"entity\":\"Todo\"", "\"field\":\"ownerId\"")
        .contains("\"index\":430", "\"line\":431");
    assertThat(there).isZero();
    assertThat(asTheyAre.status()).isEqualTo(200);
    assertThat(importLines("", todo(451, "u1")).status()).isEqualTo(200);
    assertThat(importLines("?references=none", note(9)).body()).contains("\\\"references\\\" is");
  }

  /** More often than imports may be under way at once: each gives its place back. */
  @Test
  void ofASenderThatGoesAwayNothingIsLeft() throws IOException {
    for (int i = 0; i < 6; i++) {
      try (RawClient client = server.connect()) {
        client.send(
            "POST /api/import HTTP/1.1\nHost: localhost\n"
                + ADMIN
                + LINES
                + "Content-Length: 5000\n\n"
                + note(1)
                + "\n"
                + note(2)
                + "\n");
      }
    }

    Eventually.within(SOON, () -> importLines("", note(7)).status() == 200, () -> notes());
    assertThat(server.announced()).containsExactly("insert Note n000007");
    assertThat(notes()).isOne();
  }

  @Test
  void onRequestRowsThatAreThereAreChanged() {
    importLines("", note(1), note(2));
    String changed = "{\"id\":\"n000002\",\"created_by\":\"ada\"}";

    assertThat(importLines("?entity=Note", changed).status()).isEqualTo(409);
    Reply reply =
        importLines(
            "?entity=Note&mode=upsert", changed, "{\"id\":\"n000003\"}", "{\"text\":\"x\"}");

    assertThat(reply.body())
        .isEqualTo(
            "{\"by_entity\":[{\"entity\":\"Note\",\"failed\":0,\"inserted\":2,\"updated\":1}],"
                + "\"failed\":0,\"imported\":3}");
    assertThat(server.store().get("Note", "n000002").orElseThrow())
        .containsEntry("text", "note 2")
        .containsEntry("created_by", "ada");
    assertThat(server.announced())
        .containsExactly(
            "insert Note n000001",
            "insert Note n000002",
            "update Note n000002 created_by=ada",
            "insert Note n000003",
            "insert Note new");
    assertThat(importLines("?mode=replace", note(9)).body()).contains("\\\"mode\\\" is");
    assertThat(importLines("?format=csv", note(9)).body()).contains("\\\"format\\\" is");
  }

  @Test
  void whoMayNotImportIsToldSoBeforeItIsSent() throws IOException {
    try (RawClient client = server.connect()) {
      client.send(
          "POST /api/import HTTP/1.1\nHost: localhost\nExpect: 100-continue\n"
              + "Content-Length: 500000000\n\n");

      assertThat(client.reply().status()).isEqualTo(403);
    }
  }

  @Test
  void bytesThatAreNoTextAreNoRows() throws IOException {
    byte[] body = "{\"entities\":{\"Note\":[{\"text\":\"??\"}]}}".getBytes();
    body[body.length - 8] = (byte) 0xC0;
    body[body.length - 7] = (byte) 0x80;
    try (RawClient client = server.connect()) {
      Reply reply = client.request("POST", "/api/import", ADMIN, body);

      assertThat(error(reply).get("code")).isEqualTo("INVALID_JSON");
      assertThat(error(reply).get("hint")).isEqualTo("the text is not UTF-8");
      assertThat(notes()).isZero();
    }
  }
}
