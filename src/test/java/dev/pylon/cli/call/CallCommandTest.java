package dev.pylon.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.remote.CannedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallCommandTest {
  private static final String FUNCTIONS =
      """
      [{"name":"addTodo","fn_type":"mutation","args_schema":{"title":{"type":"string"},\
      "done":{"type":"boolean","optional":true}}},{"name":"listTodos","fn_type":"query"}]\
      """;

  private static final String TRACE =
      """
      {"call_id":"c_7","fn_name":"addTodo","fn_type":"mutation","user_id":null,"started_at":1,\
      "duration_ms":2.0,"outcome":{"status":"ok","value":1},"ops":[{"op":"insert","entity":"Todo",\
      "duration_ms":0.5,"ok":true,"start_ms":0.1}],"queue_ms":0.25,"commit_ms":1.0,\
      "logs":[{"t_ms":0.5,"level":"info","text":"hello from the handler"}],"ops_dropped":0}\
      """;

  @TempDir private Path folder;
  private CannedServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new CannedServer()
            .announcedIn(folder)
            .answers("GET /api/fn", 200, FUNCTIONS)
            .answers("GET /api/fn/traces/c_7", 200, TRACE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Cli.Result run(String... args) {
    return Cli.in(folder).run(args);
  }

  private String body() {
    return server.asked().getLast().body();
  }

  @Test
  void theValueIsTheAnswerAndNothingElse() {
    server.answers("POST /api/fn/addTodo", 200, "{\"id\":\"x\",\"list\":[1,[],{}]}");

    Cli.Result result = run("call", "addTodo");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out())
        .isEqualTo(
            """
            {
              "id": "x",
              "list": [
                1,
                [],
                {}
              ]
            }
            """);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anonymousCallsCarryNoCredentials() {
    server.answers("POST /api/fn/addTodo", 200, "null");

    run("call", "addTodo", "title:=\"x\"");

    assertThat(server.asked().getLast().headers())
        .doesNotContainKeys("authorization", "x-pylon-as");
    assertThat(server.questions()).containsExactly("POST /api/fn/addTodo");
    assertThat(body()).isEqualTo("{\"title\":\"x\"}");
  }

  @Test
  void argumentsThatNeedATypeAskForTheDeclaration() {
    server.answers("POST /api/fn/addTodo", 200, "null");

    run("call", "addTodo", "title=7", "--done");

    assertThat(server.questions()).containsExactly("GET /api/fn", "POST /api/fn/addTodo");
    assertThat(body()).isEqualTo("{\"title\":\"7\",\"done\":true}");
  }

  @Test
  void somebodyElseIsNamedTogetherWithTheAdminToken() {
    server.answers("POST /api/fn/addTodo", 200, "null");

    run("call", "addTodo", "--as", "u_1", "--tenant", "o_1", "--admin");

    assertThat(server.asked().getLast().headers())
        .containsEntry("authorization", "Bearer secret")
        .containsEntry("x-pylon-as", "u_1")
        .containsEntry("x-pylon-as-tenant", "o_1")
        .containsEntry("x-pylon-as-admin", "true");
  }

  @Test
  void anAddressIsLookedUp() {
    server
        .answers("GET /api/lookup/User/email/a%40b.c", 200, "{\"id\":\"u_9\"}")
        .answers("POST /api/fn/addTodo", 200, "null");

    run("call", "addTodo", "--as", "email:a@b.c");

    assertThat(server.asked().getLast().headers()).containsEntry("x-pylon-as", "u_9");
  }

  @Test
  void actingForOthersElsewhereNeedsConsent() {
    Cli.Result result = run("call", "f", "--as", "u", "--url", "http://127.0.0.1.nip.invalid:1");

    assertThat(result.status()).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(
            Cli.in(folder)
                .with("PYLON_TOKEN", "t")
                .run("call", "f", "--anon", "--as", "u")
                .status())
        .isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void aTokenMayComeFromAFileOrStandardInput() throws IOException {
    server.answers("POST /api/fn/addTodo", 200, "null");
    Files.writeString(folder.resolve("token"), "abc\n");

    run("call", "addTodo", "--token", "@token");
    assertThat(server.asked().getLast().headers()).containsEntry("authorization", "Bearer abc");

    Cli.in(folder).typing("def\n").run("call", "addTodo", "--token-stdin");
    assertThat(server.asked().getLast().headers()).containsEntry("authorization", "Bearer def");
  }

  @Test
  void jsonModeIsOneDocumentWithWhatIsKnown() {
    server.answers(
        "POST /api/fn/addTodo",
        CannedServer.json(
            200,
            "{\"a\": 1}",
            "X-Pylon-Call-Id: c_7",
            "Server-Timing: queue;dur=0.5, run;dur=3.25, db;dur=0.75, commit;dur=1.5"));

    Cli.Result result = run("call", "addTodo", "--json");

    assertThat(result.out())
        .startsWith("{\"ok\":true,\"value\":{\"a\": 1},\"call_id\":\"c_7\",\"ms\":{\"total\":")
        .contains("\"queue\":0.5,\"run\":3.25,\"db\":0.75,\"commit\":1.5,\"network\":")
        .endsWith(
            "\"ops\":1,\"logs\":[{\"t_ms\":0.5,\"level\":\"info\",\"text\":\"hello from the"
                + " handler\"}]}\n");
    assertThat(result.out().lines()).hasSize(1);
  }

  @Test
  void handlerErrorsGoToStandardErrorAndExitOne() {
    server.answers(
        "POST /api/fn/addTodo",
        400,
        "{\"error\":{\"code\":\"TOO_LOW\",\"message\":\"at least $12\"}}");

    Cli.Result result = run("call", "addTodo");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo("✗ TOO_LOW  at least $12\n");
  }

  @Test
  void handlerErrorsAreOneDocumentInJsonMode() {
    server.answers(
        "POST /api/fn/addTodo",
        429,
        "{\"error\":{\"code\":\"RATE_LIMITED\",\"message\":\"slow down\"}}");

    Cli.Result result = run("call", "addTodo", "--json");

    assertThat(result.status()).isEqualTo(ExitStatus.TEMPORARY);
    assertThat(result.out())
        .startsWith("{\"ok\":false,\"error\":{\"code\":\"RATE_LIMITED\",\"message\":\"slow down\"}")
        .endsWith("\"exit\":75}\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void refusedArgumentsShowTheSignature() {
    server.answers(
        "POST /api/fn/addTodo",
        400,
        "{\"error\":{\"code\":\"INVALID_ARGS\",\"message\":\"Missing required field"
            + " \\\"title\\\"\"}}");

    Cli.Result result = run("call", "addTodo");

    assertThat(result.status()).isEqualTo(ExitStatus.DATA);
    assertThat(result.err()).contains("Expected: addTodo(title: string, done?: boolean)");
  }

  @Test
  void anUnknownFunctionIsAnsweredWithTheNearest() {
    server.answers(
        "POST /api/fn/adTodo",
        404,
        "{\"error\":{\"code\":\"FN_NOT_FOUND\",\"message\":\"not registered\"}}");

    Cli.Result result = run("call", "adTodo");

    assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.err()).contains("Did you mean: addTodo");
  }

  @Test
  void whyFunctionsCannotBeCalledIsSaid() {
    server.answers(
        "POST /api/fn/addTodo",
        CannedServer.json(
            503,
            "{\"error\":{\"code\":\"FUNCTIONS_NOT_AVAILABLE\",\"message\":\"not running\","
                + "\"reason\":\"Bun is too old\"}}"),
        CannedServer.json(
            500,
            "{\"error\":{\"code\":\"FN_LOAD_FAILED\",\"message\":\"not loaded\","
                + "\"load_error\":\"addTodo.ts:3:7: Unexpected ;\"}}"));

    assertThat(run("call", "addTodo").err()).contains("not running\n  Bun is too old");
    assertThat(run("call", "addTodo").err()).contains("not loaded\n  addTodo.ts:3:7");
  }

  @Test
  void strictRefusesWithoutCalling() {
    Cli.Result result = run("call", "addTodo", "--strict", "titel=x");

    assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(server.questions()).containsExactly("GET /api/fn");
  }

  @Test
  void streamedTextPassesByteForByte() {
    server.answers(
        "POST /api/fn/chat",
        CannedServer.events(
            "data: Zeile\ndata: zwei \n\ndata: é\n\nevent: result\ndata: {\"n\":2}\n\n"));

    assertThat(run("call", "chat").out()).isEqualTo("Zeile\nzwei é");
  }

  @Test
  void streamsInJsonModeAreLines() {
    server.answers(
        "POST /api/fn/chat",
        CannedServer.events(
            "data: a\n\n"
                + "event: step\n"
                + "data: 1\n\n"
                + "event: x-pylon-call\n"
                + "data: {\"call_id\":\"c_1\"}\n\n"
                + "event: result\n"
                + "data: 5\n\n"));

    assertThat(run("call", "chat", "--json").out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("{\"type\":\"chunk\",\"data\":\"a\"}"),
            line ->
                assertThat(line).isEqualTo("{\"type\":\"event\",\"name\":\"step\",\"data\":\"1\"}"),
            line ->
                assertThat(line)
                    .startsWith("{\"type\":\"result\",\"value\":5,\"call_id\":\"c_1\""));
  }

  @Test
  void theStatusOfAStreamedFailureIsTheServersWord() {
    String event = "event: error\ndata: {\"code\":\"FN_TIMEOUT\",\"message\":\"too long\"}\n\n";
    server.answers("POST /api/fn/host", CannedServer.events(event));
    server.answers(
        "POST /api/fn/author",
        CannedServer.events("event: x-pylon-call\ndata: {\"status\":400}\n\n" + event));

    assertThat(run("call", "host").status()).isEqualTo(ExitStatus.TEMPORARY);
    assertThat(run("call", "author").status()).isEqualTo(ExitStatus.FAILED);
  }

  @Test
  void aStreamThatBreaksOffIsALostConnection() {
    server.answers(
        "POST /api/fn/chat", CannedServer.events("data: a\n\ndata: b\n", "Connection: close"));

    Cli.Result result = run("call", "chat");

    assertThat(result.status()).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(result.out()).isEqualTo("a");
  }

  @Test
  void aTerminalSeesConsoleLinesAndTiming() {
    server.answers("POST /api/fn/addTodo", CannedServer.json(200, "1", "X-Pylon-Call-Id: c_7"));

    Cli.Result result = Cli.in(folder).onTerminal("oe").run("call", "addTodo", "--no-color");

    assertThat(result.out()).isEqualTo("1\n");
    assertThat(result.err())
        .startsWith("hello from the handler\n✓ addTodo  mutation  ")
        .contains("queue 250 µs · run 2.0 ms · db 1 ops 500 µs · commit 1.0 ms")
        .endsWith("anonymous  c_7\n");
  }

  @Test
  void standardInputIsReadOnlyWhereAskedFor() {
    server.answers("POST /api/fn/addTodo", 200, "null");

    Cli.in(folder).typing("{\"title\":\"in\"}").run("call", "addTodo", "--args", "-");
    assertThat(body()).isEqualTo("{\"title\":\"in\"}");

    Cli.in(folder).typing("ignored").run("call", "addTodo");
    assertThat(body()).isEqualTo("{}");
  }

  @Test
  void aStaleFileNeverGetsTheCall() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.createDirectories(other.resolve(".pylon"));
    Files.writeString(
        other.resolve(".pylon/dev.json"),
        "{\"url\":\"%s\",\"instance\":\"i_0\",\"adminToken\":\"secret\"}".formatted(server.url()));

    Cli.in(other).run("call", "addTodo");

    assertThat(server.questions()).isEmpty();
  }

  @Test
  void severalServersBelowAWorkspaceMustBeTold() throws IOException {
    Path workspace = Files.createDirectory(folder.resolve("workspace"));
    try (var second = new CannedServer()) {
      server.announcedIn(workspace.resolve("apps/a"));
      second.announcedIn(workspace.resolve("apps/b"));

      Cli.Result result = Cli.in(workspace).run("call", "f");

      assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
      assertThat(result.err()).contains("apps/a").contains("apps/b").contains("--cwd");
    }
  }
}
