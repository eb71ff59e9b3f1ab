package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.Programs;
import dev.pylon.PylonProcess;
import dev.pylon.cli.Packaged.Ended;
import dev.pylon.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands against the sheets that say what they answer and what they do: the command-line checks
 * C19, C20, C22, C37, C44, C47 and C50, on the packaged launcher.
 */
@NeedsBun
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CliConductIT {
  private static final List<String> COMMANDS = Commands.NAMES;

  /** At least one line of every command that ends by itself, failures among them. */
  private static final List<String> LINES =
      List.of(
          "help",
          "help call",
          "help exit-codes",
          "help answers",
          "version -v",
          "completion zsh",
          "call addTodo title=x",
          "call addTodo title=x --dry-run",
          "call addTodo",
          "call nosuch",
          "call listTodos --repeat 2",
          "call --list",
          "fns",
          "traces",
          "traces --stats",
          "status",
          "policy explain Todo --as u_1",
          "explain",
          "explain FN_TIMEOUT",
          "schema check",
          "schema diff pylon.manifest.json pylon.manifest.json",
          "schema push pylon.manifest.json --dry-run",
          "schema inspect",
          "schema history",
          "migrate create first",
          "migrate list",
          "migrate status",
          "migrate plan",
          "seed --file seed.json",
          "test",
          "codegen",
          "codegen --out manifest.json",
          "codegen client --out client.ts",
          "config show",
          "env",
          "doctor",
          "backup saved.zip",
          "restore saved.zip",
          "init new",
          "dev --once",
          "serve",
          "deploy");

  private Path project;
  private PylonProcess server;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    project = PylonProcess.sample("todo", folder);
    Files.writeString(
        project.resolve("seed.json"),
        "{\"Todo\":[{\"title\":\"milk\",\"done\":false,\"createdAt\":\"2026-01-01T00:00:00Z\"}]}");
    Files.createDirectory(project.resolve("tests"));
    Files.writeString(
        project.resolve("tests/a.test.ts"),
        "import { test } from \"bun:test\";\ntest(\"passes\", () => {});\n");
    server = PylonProcess.start(project, "dev", "--port", "0");
    server.awaitReady();
  }

  @AfterAll
  void stop() throws Exception {
    server.signal("TERM");
    assertThat(server.awaitExit(Eventually.SOON)).isEqualTo(143);
    server.close();
  }

  private Ended run(String line) {
    return in(project).run(line.split(" "));
  }

  private static Packaged in(Path folder) {
    return Packaged.in(folder).with("PYLON_BUN", NeedsBun.Bun.path().toString());
  }

  private static Map<?, ?> schema(String line) {
    var schemas = (Map<?, ?>) Answers.schemas().get("$defs");
    return (Map<?, ?>) schemas.get(line.split(" ")[0]);
  }

  @ParameterizedTest
  @FieldSource("LINES")
  void c19WhatIsAnsweredIsAsItsSchemaSays(String line) {
    Ended ended = run(line + " --json");

    assertThat(ended.out()).as(ended.err()).isNotEmpty();
    assertThat(AnswerCheck.problems(schema(line), Json.parse(ended.out())))
        .as(ended.out())
        .isEmpty();
  }

  @Test
  void c19EveryCommandIsAmongTheLines() {
    List<String> later = List.of("build", "cache", "plugins"); // as deploy

    assertThat(COMMANDS)
        .allMatch(name ->
            later.contains(name)
                || LINES.stream().anyMatch(line -> line.split(" ")[0].equals(name)));
  }

  @Test
  void c20EveryLineOfAServerHasItsTimeAndNumber() throws IOException {
    Path other = Files.createTempDirectory(project.getParent(), "lines");
    Ended ended =
        in(PylonProcess.sample("todo", other))
            .run("dev", "--port=0", "--in-memory", "--until-success", "--run=listTodos", "--json");

    List<String> lines = ended.out().lines().toList();
    assertThat(lines).hasSizeGreaterThan(3);
    for (int i = 0; i < lines.size(); i++) {
      Map<String, ?> line = Json.parseObject(lines.get(i).getBytes(StandardCharsets.UTF_8));
      assertThat(AnswerCheck.problems(schema("dev"), line)).isEmpty();
      assertThat(line.get("seq")).isEqualTo(i + 1L);
      assertThat(Instant.parse(String.valueOf(line.get("ts")))).isAfter(Instant.EPOCH);
    }
  }

  @Test
  void c20EveryTraceOfAFollowerHasItsTimeAndPlace() {
    run("call listTodos");

    Ended ended = in(project).shell("timeout 5 \"$P\" traces --follow --json -n 1; true");

    Map<String, ?> trace =
        Json.parseObject(
            ended.out().lines().findFirst().orElseThrow().getBytes(StandardCharsets.UTF_8));
    assertThat(Instant.parse(String.valueOf(trace.get("timestamp")))).isAfter(Instant.EPOCH);
    assertThat(trace.get("call_id")).isInstanceOf(String.class);
  }

  @Test
  void c22AFileIsWrittenAsideAndRenamed() throws IOException {
    Programs.need("strace");
    String calls = traced("codegen --out aside.json --quiet");

    assertThat(calls)
        .containsPattern("rename\\w*\\(.*aside\\.json\\.\\d+\\.tmp.*\"[^\"]*/aside\\.json\"");
    assertThat(calls)
        .doesNotContainPattern("open\\w*\\([^\"]*\"[^\"]*/aside\\.json\"[^)]*O_WRONLY");
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void c37TheManualPageHasNoFault(String command) throws Exception {
    Programs.need("groff");
    Path page = Files.createTempFile(project.getParent(), "page", ".1");
    Files.writeString(page, in(project).run("help", "man", command).out());

    Ended ended = in(project).shell("groff -man -ww -z -Tutf8 '" + page + "'");

    assertThat(ended.exit()).isZero();
    assertThat(ended.err()).isEmpty();
  }

  /** Lines that do as much as their command ever does on a project with a running server. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "help",
        "completion bash",
        "call listTodos",
        "fns",
        "traces",
        "status",
        "explain FN_TIMEOUT",
        "schema check",
        "schema inspect",
        "migrate status",
        "codegen",
        "config show",
        "env",
        "test",
        "doctor",
        "backup effects.zip"
      })
  void c44ACommandDoesWhatItsSheetSaysAndNoMore(String line) throws IOException {
    Programs.need("strace");

    assertThat(Effect.of(line.split(" ")[0])).containsAll(effects(traced(line)));
  }

  private String traced(String line) throws IOException {
    Path calls = Files.createTempFile(project.getParent(), "calls", ".txt");
    Ended ended =
        in(project)
            .shell(
                "strace -f -qq --seccomp-bpf -s 300 -e trace=%s -o '%s' \"$P\" %s >/dev/null"
                    .formatted(
                        "openat,connect,listen,execve,rename,renameat,renameat2,unlink,mkdir",
                        calls,
                        line));
    assertThat(ended.exit()).as(ended.err()).isIn(0, 1);
    return Files.readString(calls);
  }

  private Set<Effect> effects(String calls) {
    var effects = EnumSet.noneOf(Effect.class);
    for (String call : calls.lines().toList()) {
      if (call.contains(" connect(") && call.contains("AF_INET")) {
        effects.add(Effect.CONNECTS);
      } else if (call.contains(" listen(")) {
        effects.add(Effect.LISTENS);
      } else if (call.contains(" execve(") && call.contains("/bun")) {
        effects.add(Effect.RUNS_BUN);
      } else if (call.contains(project.toString())
          && !call.contains(" = -1 ")
          && (call.contains("O_WRONLY") || call.contains("O_CREAT") || call.contains(" rename"))) {
        effects.add(Effect.WRITES);
      }
    }
    return effects;
  }

  @ParameterizedTest
  @ValueSource(strings = {"test", "codegen", "doctor", "backup shown.zip"})
  void c47WhatTakesAWhileSaysSoFirst(String line) {
    Ended ended = in(project).onTerminal(100, line.split(" "));

    assertThat(ended.out().lines().findFirst().orElse("")).contains("ing ");
  }

  /** The bottom line of the console is there before anything was built; Ctrl-C is no key to it. */
  @Test
  void c47c50TheConsoleIsThereAtOnceAndKnowsItsKeys() throws IOException {
    Path other =
        PylonProcess.sample("todo", Files.createTempDirectory(project.getParent(), "keys"));

    // A key is typed again and again: whoever types before the console is there is not heard.
    Ended ended =
        in(other)
            .shell(
                """
                pause() { read -rt 0.25 <> <(:) || :; }
                seen=$(mktemp)
                type() {
                  for i in $(seq 160); do printf h; pause; ! grep -q "load everything" "$seen" || break; done
                  for i in $(seq 40); do printf '\\003'; pause; done
                }
                type 2>/dev/null |
                  script -qec "stty cols 100 rows 40; exec '$P' dev --port 0" /dev/null | tee "$seen"
                status=${PIPESTATUS[1]}
                rm "$seen"
                exit $status
                """);

    assertThat(ended.exit()).as(ended.out()).isEqualTo(130);
    assertThat(ended.out()).contains("load everything anew", "pylon call", "stopping");
  }
}
