package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.cli.Packaged.Ended;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.json.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conventions of a good command line, by the numbers of the command-line checks, held to the
 * packaged launcher in a pipe, on a terminal and on a dumb one. Those that are not here stand in
 * {@link CliConductIT} and beside what they are about: {@code src/docs/TERMINAL.md} has a row for
 * each of the sixty, also for those that ask for what there is not.
 */
@NeedsBun
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CliChecksIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> COMMANDS = Commands.NAMES;

  /** Lines that succeed on a project with a running server, and change nothing. */
  private static final List<String> HAPPY =
      List.of(
          "help",
          "help call",
          "help exit-codes",
          "version",
          "completion bash",
          "call listTodos",
          "call addTodo title=x --dry-run --quiet",
          "fns",
          "traces",
          "traces --stats",
          "status",
          "explain FN_TIMEOUT",
          "schema check",
          "codegen client",
          "config show",
          "env");

  /** Lines that fail, and with what. */
  private static final Map<String, Integer> FAILING =
      Map.of(
          "nosuch", 64,
          "call", 64,
          "call listTdos", 64,
          "call listTodos --args {", 65,
          "call listTodos --args @none.json", 66,
          "call addTodo", 65,
          "call listTodos --url http://127.0.0.1:1", 69,
          "explain NO_SUCH_CODE", 64,
          "restore none.zip", 66,
          "deploy", 69);

  private Path folder;
  private Path project;
  private Process server;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    project = copy(Path.of("src/samples/todo"), folder.resolve("my project ü"));
    server =
        new ProcessBuilder(Packaged.LAUNCHER.toString(), "dev", "--port", "0")
            .directory(project.toFile())
            .redirectOutput(folder.resolve("server.out").toFile())
            .redirectError(folder.resolve("server.err").toFile())
            .start();
    awaitServer();
    assertThat(in(project).run("call", "addTodo", "title=milk").exit()).isZero();
  }

  private void awaitServer() throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(folder.resolve("server.out")).contains("ready")) {
      assertThat(System.nanoTime()).as("no server in time").isLessThan(end);
      assertThat(server.waitFor(50, TimeUnit.MILLISECONDS)).as("the server ended").isFalse();
    }
  }

  @AfterAll
  void stop() throws InterruptedException {
    if (server != null) {
      server.destroy();
      assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  private static Packaged in(Path where) {
    return Packaged.in(where);
  }

  private static String[] words(String line) {
    return line.split(" ");
  }

  private static Stream<String> failing() {
    return FAILING.keySet().stream().sorted();
  }

  // ---- 1 streams, exit codes, signals ----

  @ParameterizedTest
  @FieldSource("HAPPY")
  void c01c02c11c14SuccessIsQuietPlainAndZero(String line) {
    Ended ended = in(project).run(words(line));

    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).isNotEmpty().doesNotContain("\u001b", "\r");
  }

  @ParameterizedTest
  @MethodSource("failing")
  void c02c03FailuresAreSaidOnStandardErrorWithTheirStatus(String line) {
    Ended ended = in(project).run(words(line));

    assertThat(ended.exit()).isEqualTo(FAILING.get(line));
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).isNotEmpty().doesNotContain("\u001b", "\tat ");
  }

  @Test
  void c03ExitCodesAreListed() {
    List<?> listed =
        (List<?>)
            Objects.requireNonNull(
                Json.parse(in(project).run("help", "exit-codes", "--json").out()));

    assertThat(listed).hasSize(ExitStatus.values().length);
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void c04AWordOneLetterOffIsNamedWithTheRightOne(String command) {
    Ended ended = in(project).run(command + "x");

    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("Did you mean: " + command);
  }

  @Test
  void c05AloneItPrintsShortHelp() {
    Ended ended = in(project).run();

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).contains("Usage: pylon <command>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"traces", "fns", "help", "completion bash", "codegen client"})
  void c08AClosedPipeEndsQuietly(String line) {
    Ended ended = in(project).shell("\"$P\" " + line + " | head -1; echo ${PIPESTATUS[0]}");

    assertThat(ended.out().lines().toList().getLast()).isIn("0", "141");
    assertThat(ended.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void c07c10ASignalEndsTheServerInGoodOrder(String signal) throws Exception {
    Path other =
        copy(Path.of("src/samples/todo"), Files.createTempDirectory(folder, "signal").resolve("p"));
    Ended ended =
        in(other)
            .shell(
                "set -m; \"$P\" dev --port 0 > out & pid=$!; "
                    + "for i in $(seq 300); do grep -q ready out && break; read -rt 0.1 < <(:) || "
                    + "read -rt 0.1 <> <(:) || :; done; kill -"
                    + signal
                    + " $pid; wait $pid; echo $?");

    assertThat(ended.out().strip()).isEqualTo(signal.equals("INT") ? "130" : "143");
    assertThat(other.resolve(".pylon/dev.json")).doesNotExist();
  }

  // ---- 2 colour, width, letters ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NO_COLOR=1 false",
        "NO_COLOR= true",
        "X=1 true",
        "TERM=dumb false",
        "FORCE_COLOR=1 true",
      })
  void c12c13ColourOnATerminal(String line) {
    String[] parts = line.split(" ");
    String[] variable = parts[0].split("=", 2);

    Ended ended = in(project).with(variable[0], variable[1]).onTerminal(100, "call", "listTodos");

    assertThat(ended.out().contains("\u001b[")).isEqualTo(Boolean.parseBoolean(parts[1]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--color=always true",
        "--no-color false",
        "--color=never false",
        "--color=auto false",
      })
  void c13AFlagBeatsThePipe(String line) {
    String[] parts = line.split(" ");

    Ended ended = in(project).run("call", "listTodos", parts[0]);

    assertThat(ended.out().contains("\u001b[")).isEqualTo(Boolean.parseBoolean(parts[1]));
  }

  @Test
  void c13TheFlagBeatsTheEnvironment() {
    assertThat(in(project).with("NO_COLOR", "1").run("call", "listTodos", "--color=always").out())
        .contains("\u001b[");
    assertThat(in(project).with("FORCE_COLOR", "1").run("call", "listTodos", "--no-color").out())
        .doesNotContain("\u001b[");
    assertThat(in(project).with("FORCE_COLOR", "1").run("call", "listTodos").out())
        .contains("\u001b[");
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void c15InAnAsciiLocaleHelpIsAscii(String command) {
    assertThat(in(project).with("LC_ALL", "C").run("help", command).out()).isASCII();
  }

  @Test
  void c15InAnAsciiLocaleResultsAreAscii() {
    for (String line : List.of("traces", "traces --stats", "status", "fns", "call listTodos")) {
      Ended ended = in(project).with("LC_ALL", "C").onTerminal(100, words(line));

      assertThat(ended.out().replaceAll("my project .*", "")).as(line).isASCII();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void c16NothingIsWiderThanTheTerminal(int columns) {
    for (String line : List.of("traces", "fns", "traces --stats")) {
      Ended ended = in(project).with("NO_COLOR", "1").onTerminal(columns, words(line));

      assertThat(ended.out().lines()).as(line).allMatch(text -> text.strip().length() <= columns);
    }
  }

  // ---- 3 machine output ----

  @ParameterizedTest
  @MethodSource("failing")
  void c18FailuresAreOneDocument(String line) {
    Ended ended = in(project).run(words(line + " --json"));

    Map<String, ?> document = Json.parseObject(ended.out().getBytes(StandardCharsets.UTF_8));
    assertThat(document).containsKey("error");
    assertThat(document.get("exit")).isEqualTo((long) ended.exit());
    assertThat(ended.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "help",
        "help call",
        "version",
        "call listTodos",
        "fns",
        "traces",
        "traces --stats",
        "status",
        "explain FN_TIMEOUT",
        "schema check",
        "config show",
        "env",
        "doctor"
      })
  void c18c21AnswersAreOneDocument(String line) {
    Ended ended = in(project).run(words(line + " --json"));

    assertThat(Json.parse(ended.out())).isNotNull();
    assertThat(ended.out().lines()).hasSize(1);
  }

  @Test
  void c20AFollowerGetsALineForEachCall() {
    Ended ended =
        in(project)
            .shell("timeout 8 \"$P\" traces --follow --json -n 1 --until 1s | head -1; true");

    assertThat(Json.parse(ended.out())).isInstanceOf(Map.class);
  }

  @Test
  void c22QuietLeavesTheValue() {
    Ended ended = in(project).onTerminal(100, "call", "listTodos", "--quiet", "--no-color");

    assertThat(ended.out().strip()).startsWith("[").endsWith("]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"call", "init", "backup", "restore", "completion", "migrate create"})
  void c23c24AMissingValueIsAUsageErrorAndNeverAPrompt(String line) {
    Ended ended = in(project).run(words(line));

    assertThat(ended.exit()).as(ended.out() + ended.err()).isEqualTo(64);
  }

  // ---- 4 input ----

  @Test
  void c25ADashIsStandardInputAndAnAtSignAFile() throws IOException {
    Path args = Files.writeString(folder.resolve("args.json"), "{\"title\":\"from a file\"}");

    assertThat(
            in(project)
                .typing("{\"title\":\"from a pipe\"}")
                .run("call", "addTodo", "--dry-run", "--args", "-")
                .out())
        .contains("from a pipe");
    assertThat(in(project).run("call", "addTodo", "--dry-run", "--args", "@" + args).out())
        .contains("from a file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "traces --limit 1 --kind mutation", "--no-color traces --kind=mutation -n 1",
        "traces -n1 --kind mutation", "--output text traces --limit=1 --kind=mutation"
      })
  void c26OptionsStandWhereTheyLike(String line) {
    Ended ended = in(project).run(words(line));

    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("addTodo").hasLineCount(1);
  }

  @Test
  void c26CommandsAreNotAbbreviated() {
    assertThat(in(project).run("trac").exit()).isEqualTo(64);
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void c27EveryShortOptionHasALongName(String command) {
    Map<String, ?> page =
        Json.parseObject(
            in(project).run("help", command, "--json").out().getBytes(StandardCharsets.UTF_8));

    for (Object option : (List<?>) page.get("options")) {
      assertThat((List<?>) ((Map<?, ?>) option).get("names"))
          .anyMatch(name -> String.valueOf(name).startsWith("--"));
    }
  }

  @Test
  void c28ATokenIsNeitherPrintedNorInTheProcessList() throws IOException {
    String token =
        String.valueOf(
            Json.parseObject(Files.readAllBytes(project.resolve(".pylon/dev.json")))
                .get("adminToken"));
    Ended verbose = in(project).run("fns", "--verbose");

    assertThat(verbose.out() + verbose.err()).doesNotContain(token);
    assertThat(server.info().commandLine().orElse("")).doesNotContain(token);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(project.resolve(".pylon/dev.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void c29WhatDestroysAsksOrWantsYes() {
    assertThat(in(project).run("backup", "saved.zip").exit()).isZero();
    Ended without = in(project).run("restore", "saved.zip");
    Ended whole = in(project).run("restore", "saved.zip", "--check");

    assertThat(without.exit()).isEqualTo(64);
    assertThat(without.err()).contains("--yes");
    assertThat(whole.exit()).isZero();
  }

  @Test
  void c30OddLettersAndLongArgumentsPass() {
    String title = "\uD83D\uDE00 line\nbreak \" ' \\ " + "x".repeat(100_000);

    Ended ended = in(project).run("call", "addTodo", "title:=" + Json.text(title), "--dry-run");
    Ended broken =
        in(project).shell("\"$P\" call addTodo $'title=\\xff\\xfe' --dry-run >/dev/null; echo $?");

    assertThat(ended.exit()).as(ended.err()).isIn(0, 1, 65);
    assertThat(ended.err()).doesNotContain("a mistake of pylon itself");
    assertThat(broken.out().strip()).isNotEqualTo("70");
  }

  // ---- 5 help ----

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void c31c32HelpIsTheSameEverywhereAndFits(String command) throws IOException {
    Path broken = Files.createTempDirectory(folder, "broken");
    Files.writeString(broken.resolve(".env"), "PYLON_PORT=many");
    Files.writeString(broken.resolve("app.ts"), "((");

    Ended page = in(broken).run("help", command);

    assertThat(page.exit()).isZero();
    assertThat(in(broken).run(command, "--help")).isEqualTo(page);
    assertThat(in(broken).run(command, "-h")).isEqualTo(page);
    assertThat(page.out().lines().findFirst().orElse("")).endsWith(".");
    assertThat(page.out()).contains("Examples:").contains("Usage: pylon " + command);
    assertThat(page.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void c33EveryExampleIsALineThatIsUnderstood(String command) {
    for (String line : in(project).run("help", command).out().lines().toList()) {
      if (line.startsWith("  pylon ")) {
        String alone = line.replaceFirst(" [>|] .*", "").replaceFirst("pylon", "\"\\$P\"");
        Ended ended = in(project).shell(alone + " --help");
        assertThat(ended.exit()).as(line + "\n" + ended.err()).isZero();
      }
    }
  }

  @Test
  void c35TheVersionNeedsNoNetworkAndNoJvm() {
    assertThat(in(project).with("PYLON_JAVA_HOME", "/nonexistent").run("--version").out())
        .matches("pylon \\d+\\.\\d+\\.\\d+\n");
  }

  // ---- 6 files ----

  @Test
  void c40TheEnvironmentBeatsTheFile() throws IOException {
    Path other = Files.createTempDirectory(folder, "order");
    Files.writeString(other.resolve(".env"), "PYLON_PORT=5001\n");
    Files.writeString(other.resolve(".env.local"), "PYLON_PORT=5002\n");

    assertThat(in(other).run("config", "show").out()).contains("5002").doesNotContain("5001");
    assertThat(in(other).with("PYLON_PORT", "5003").run("config", "show").out())
        .contains("5003")
        .doesNotContain("5002");
  }

  @Test
  void c41NothingIsWrittenIntoTheHome() {
    in(project).run("call", "listTodos");
    in(project).run("traces");

    assertThat(project.resolve("home")).doesNotExist();
  }

  @Test
  void c42OurFolderIsPrivateAndNotForVersionControl() throws IOException {
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(project.resolve(".pylon"))))
        .isEqualTo("rwx------");
    assertThat(project.resolve(".pylon/.gitignore")).hasContent("*");
  }

  @Test
  void c43AnUnknownVariableIsWarnedOf() {
    Ended ended = in(project).with("PYLON_PROT", "1").run("doctor");

    assertThat(ended.out()).contains("PYLON_PROT");
  }

  @Test
  void c45ReadingChangesNoFile() throws IOException {
    List<String> before = files();

    for (String line : HAPPY) {
      in(project).run(words(line));
    }

    assertThat(files()).isEqualTo(before);
  }

  private List<String> files() throws IOException {
    var files = new ArrayList<String>();
    try (Stream<Path> all = Files.walk(project)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        if (!project.relativize(file).startsWith(".pylon")) {
          files.add(file + " " + Arrays.hashCode(Files.readAllBytes(file)));
        }
      }
    }
    return files;
  }

  @Test
  void c46WithoutAHomeAndWithANarrowMaskItWorks() {
    Ended ended = in(project).shell("umask 077; unset HOME XDG_CACHE_HOME; \"$P\" call listTodos");

    assertThat(ended.exit()).as(ended.err()).isZero();
  }

  // ---- 7 over time ----

  @Test
  void c48AServerThatSaysNothingIsGivenUp() throws IOException {
    try (var silent = new ServerSocket(0)) {
      Ended ended =
          in(project)
              .run(
                  "call",
                  "f",
                  "--timeout",
                  "300ms",
                  "--url",
                  "http://127.0.0.1:" + silent.getLocalPort());

      assertThat(ended.exit()).isEqualTo(75);
      assertThat(ended.err()).contains("in time");
    }
  }

  @Test
  void c49APortThatIsTakenIsNamed() throws IOException {
    Path other =
        copy(Path.of("src/samples/todo"), Files.createTempDirectory(folder, "port").resolve("p"));
    try (var taken = new ServerSocket(0)) {
      Ended ended =
          in(other).run("dev", "--strict-port", "--port", String.valueOf(taken.getLocalPort()));

      assertThat(ended.exit()).isEqualTo(1);
      assertThat(ended.err()).contains(String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void c51StatusSaysWhatRunsWhere() {
    assertThat(in(project).run("status").out()).contains("http://").contains("ok");
  }

  @Test
  void c52WhatChangesSomethingSaysWhatComesNext() throws IOException {
    Path empty = Files.createTempDirectory(folder, "init");

    Ended ended = in(empty).run("init", "app");

    assertThat(ended.out() + ended.err()).contains("pylon dev");
  }

  @Test
  void c60ProgramsSeeTheSameInEveryTimeZone() {
    String here = in(project).run("traces", "--json", "-n", "1", "--fn", "addTodo").out();
    String there =
        in(project)
            .with("TZ", "Asia/Kathmandu")
            .with("LANG", "de_DE.UTF-8")
            .run("traces", "--json", "-n", "1", "--fn", "addTodo")
            .out();

    assertThat(there).isEqualTo(here);
  }
}
