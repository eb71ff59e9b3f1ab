package dev.pylon.cli.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.remote.CannedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracesCommandTest {
  @TempDir private Path folder;
  private CannedServer server;

  static String trace(String id, String fn, String outcome, String more) {
    return """
    {"call_id":"%s","fn_name":"%s","fn_type":"mutation","user_id":"u_1","started_at":1767225600123,\
    "duration_ms":8.4,"outcome":%s,"ops":[],"stream_bytes":0,"stream_chunks":0,"schedules":[],\
    "tenant_id":"o_1","source":"http"%s}\
    """
        .formatted(id, fn, outcome, more);
  }

  static String ok(String id, String fn) {
    return trace(id, fn, "{\"status\":\"ok\",\"value\":{\"n\":1}}", "");
  }

  static String failed(String id, String fn) {
    return trace(
        id,
        fn,
        "{\"status\":\"error\",\"code\":\"TOO_LOW\",\"message\":\"at least\\u001B[2J 12\"}",
        "");
  }

  @BeforeEach
  void start() throws IOException {
    server = new CannedServer().announcedIn(folder);
    newestFirst(failed("c_3", "bid"), ok("c_2", "list"), ok("c_1", "bid"));
  }

  private void newestFirst(String... traces) {
    server.answers("GET /api/fn/traces", 200, "[" + String.join(",", traces) + "]");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Cli.Result run(String... args) {
    return Cli.in(folder).run(args);
  }

  @Test
  void aPipeGetsOneLineACallOldestFirst() {
    Cli.Result result = run("traces");

    assertThat(result.out())
        .isEqualTo(
            """
            2026-01-01T00:00:00.123Z\tok\tbid\tmutation\t8.4 ms\t0\tu_1@o_1\thttp\tc_1
            2026-01-01T00:00:00.123Z\tok\tlist\tmutation\t8.4 ms\t0\tu_1@o_1\thttp\tc_2
            2026-01-01T00:00:00.123Z\terror\tbid\tmutation\t8.4 ms\t0\tu_1@o_1\thttp\tc_3\tTOO_LOW at least�[2J 12
            """);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aTerminalNeverGetsALineItCannotHold() {
    Cli.Result result =
        Cli.in(folder).onTerminal("oe").with("COLUMNS", "60").run("traces", "--no-color");

    assertThat(result.out().lines()).hasSize(3).allMatch(line -> line.length() <= 60);
  }

  @Test
  void jsonIsTheServersOwnObjects() {
    assertThat(run("traces", "--json").out())
        .isEqualTo(
            "[" + ok("c_1", "bid") + "," + ok("c_2", "list") + "," + failed("c_3", "bid") + "]\n");
    assertThat(run("traces", "--ndjson", "--reverse").out().lines())
        .containsExactly(failed("c_3", "bid"), ok("c_2", "list"), ok("c_1", "bid"));
  }

  @Test
  void filtersAreToldToTheServerAndCheckedHere() {
    assertThat(run("traces", "b*", "--errors").out().lines())
        .hasSize(1)
        .allMatch(line -> line.contains("c_3"));
    assertThat(server.questions().getLast()).isEqualTo("GET /api/fn/traces?limit=500&errors=1");

    run("traces", "--fn", "bid", "--slow", "5ms", "-n", "3");
    assertThat(server.questions().getLast())
        .isEqualTo("GET /api/fn/traces?limit=3&fn=bid&slow_ms=5");
  }

  @Test
  void errorsMayDecideTheExitStatus() {
    assertThat(run("traces", "--fail-on-errors").status()).isEqualTo(ExitStatus.FAILED);
    assertThat(run("traces", "list", "--fail-on-errors").status()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void nestedCallsStandBelowTheirParents() {
    String child =
        trace("c_8", "inner", "{\"status\":\"ok\",\"value\":1}", ",\"parent_call_id\":\"c_9\"");
    newestFirst(ok("c_9", "outer"), child);

    List<String> lines = run("traces").out().lines().toList();

    assertThat(lines.get(0)).contains("\touter\t");
    assertThat(lines.get(1)).contains("\t  inner\t");
  }

  @Test
  void oneCallIsShownOverTime() {
    server.answers("GET /api/fn/traces/c_1", 200, ok("c_1", "bid"));

    assertThat(run("traces", "--id", "c_1").out())
        .startsWith("bid  mutation  ok  8.4 ms   user u_1@o_1   http   call c_1")
        .endsWith("→ {\"n\":1}\n");
    assertThat(run("traces", "--id", "c_1", "--json").out()).isEqualTo(ok("c_1", "bid") + "\n");
  }

  @Test
  void anIdMayBeShortenedWhileItIsTheOnlyOne() {
    newestFirst(ok("call_aa", "f"), ok("call_ab", "f"));

    assertThat(run("traces", "--id", "call_ab").out()).contains("call call_ab");
    assertThat(run("traces", "--id", "call_").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("traces", "--id", "cal").err()).contains("no trace of the call cal");
  }

  @Test
  void statsSumUpEachFunction() {
    assertThat(run("traces", "--stats", "--json").out())
        .startsWith("[{\"fn\":\"bid\",\"calls\":2,\"errors\":1,\"p50_ms\":8.4,");
  }

  /** A server gives 500 at once and says where there are more. */
  @Test
  void allOfThemAreAskedForPageByPage() {
    server
        .answers(
            "GET /api/fn/traces?limit=500",
            CannedServer.json(200, "[" + ok("c_3", "bid") + "]", "X-Pylon-Before: i_1-3-0"))
        .answers(
            "GET /api/fn/traces?limit=500&before=i_1-3-0",
            CannedServer.json(200, "[" + ok("c_2", "bid") + "]", "X-Pylon-Before: i_1-2-0"))
        .answers(
            "GET /api/fn/traces?limit=500&before=i_1-2-0", 200, "[" + failed("c_1", "bid") + "]");

    assertThat(run("traces", "-n", "0", "--ndjson").out().lines())
        .containsExactly(failed("c_1", "bid"), ok("c_2", "bid"), ok("c_3", "bid"));
    assertThat(run("traces", "--stats", "--json").out())
        .startsWith("[{\"fn\":\"bid\",\"calls\":3,\"errors\":1,");
  }

  @Test
  void withoutAServerTheFileOfTheLastOneAnswers(@TempDir Path project) throws IOException {
    Files.createDirectory(project.resolve(".pylon"));
    Files.writeString(
        project.resolve(".pylon/traces.ndjson"),
        ok("c_1", "bid") + "\n" + failed("c_2", "bid") + "\n{\"call_id\":\"c_3\",\"fn_na");

    Cli.Result result = Cli.in(project).run("traces", "--ndjson");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out().lines()).containsExactly(ok("c_1", "bid"), failed("c_2", "bid"));
  }

  @Test
  void aRefusalNamesTheTokenThatIsMissing() {
    server.answers(
        "GET /api/fn/traces",
        403,
        "{\"error\":{\"code\":\"FORBIDDEN\",\"message\":\"admins only\"}}");

    Cli.Result result = run("traces", "--url", server.url());

    assertThat(result.status()).isEqualTo(ExitStatus.NO_PERMISSION);
    assertThat(result.err()).contains("PYLON_ADMIN_TOKEN");
  }

  @Test
  void followingPrintsTheNewestThenWhatComesUntilTheTimeGiven() {
    assertThat(followed(ok("c_4", "bid") + "\n" + ok("c_5", "bid") + "\n").out().lines())
        .containsExactly(ok("c_3", "bid"), ok("c_4", "bid"));
  }

  @Test
  void aFollowerIsToldWhatItMissed() {
    assertThat(followed("{\"type\":\"gap\",\"lost\":12}\n").out().lines())
        .containsExactly(ok("c_3", "bid"), "{\"type\":\"gap\",\"lost\":12}");
  }

  /** A server that starts answers 503; "connected again" is said once calls can come. */
  @Test
  void aFollowerSaysThatItIsConnectedAgainOnceItIs() {
    newestFirst(ok("c_3", "bid"));
    byte[] starting =
        CannedServer.json(503, "{\"error\":{\"code\":\"X\",\"message\":\"starting\"}}");
    String follow = "GET /api/fn/traces?follow=1";
    server
        .answers(follow, 200, at("a-1", ok("c_4", "bid")))
        .answers(
            follow + "&cursor=a-1",
            starting,
            starting,
            CannedServer.json(200, at("b-1", ok("c_5", "bid")), "X-Pylon-Cursor: b-0"))
        .answers(follow + "&cursor=b-1", 401, "{\"error\":{\"code\":\"X\",\"message\":\"over\"}}");

    Cli.Result result = run("traces", "--follow", "--output", "ndjson");

    assertThat(result.status()).isEqualTo(ExitStatus.NO_PERMISSION);
    assertThat(result.out().lines().map(line -> line.replaceFirst(",\"fn_name.*", "")))
        .startsWith("{\"call_id\":\"c_3\"", "{\"call_id\":\"c_4\"", "{\"call_id\":\"c_5\"")
        .hasSize(4);
    assertThat(result.err().lines())
        .containsExactly(
            "connection lost, waiting for the server",
            "connected again",
            "connection lost, waiting for the server");
  }

  /** The record as it comes to who follows. */
  private static String at(String cursor, String record) {
    return record.replaceFirst("}$", ",\"cursor\":\"" + cursor + "\"}\n");
  }

  /** Follows until the first record has come: the time to stop at is long past. */
  private Cli.Result followed(String records) {
    newestFirst(ok("c_3", "bid"));
    server.answers("GET /api/fn/traces?follow=1", 200, records);
    return run("traces", "--follow", "--json", "--fn", "bid", "--until", "2026-01-02T00:00:00Z");
  }
}
