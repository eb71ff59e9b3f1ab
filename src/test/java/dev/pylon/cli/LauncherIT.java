package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged launcher, as a shell starts it. */
class LauncherIT {
  private static final Path LAUNCHER = Path.of("bin/pylon").toAbsolutePath();

  /** Shared by all runs, so that the ahead-of-time caches are made once. */
  private static final Path CACHE = Path.of("target/it-cache").toAbsolutePath();

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private record Ended(int exit, String out, String err) {}

  private Process start(String name, Map<String, String> variables, List<String> command)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("XDG_CACHE_HOME", CACHE.toString());
    builder.environment().putAll(variables);
    return builder
        .redirectOutput(folder.resolve(name + ".out").toFile())
        .redirectError(folder.resolve(name + ".err").toFile())
        .start();
  }

  private Ended run(Map<String, String> variables, Path launcher, String... args) throws Exception {
    var command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    Process process = start("run", variables, command);
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(folder.resolve("run.out")),
        Files.readString(folder.resolve("run.err")));
  }

  private Ended run(String... args) throws Exception {
    return run(Map.of(), LAUNCHER, args);
  }

  @Test
  void theVersionNeedsNoJvm() throws Exception {
    Map<String, String> noJdk = Map.of("PYLON_JAVA_HOME", "/nonexistent");

    Ended text = run(noJdk, LAUNCHER, "--version");
    Ended json = run(noJdk, LAUNCHER, "version", "--json");

    assertThat(text.out()).matches("pylon \\d+\\.\\d+\\.\\d+\n");
    assertThat(Json.parseObject(json.out().getBytes())).containsOnlyKeys("version");
  }

  @Test
  void theJavaCommandSaysTheSameVersion() throws Exception {
    assertThat(run("version", "--quiet").out()).isEqualTo(run("-V").out());
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    Ended ended = run(Map.of("PYLON_JAVA_HOME", folder.toString()), LAUNCHER, "help");

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).contains("PYLON_JAVA_HOME").contains("25");
  }

  @Test
  void itIsFoundThroughSymbolicLinks() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("first"), LAUNCHER);
    Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("first"));

    assertThat(link).isSymbolicLink();
    assertThat(run(Map.of(), second, "help").out()).contains("Usage: pylon");
  }

  @Test
  void theJvmSaysNothingOfItsOwn() throws Exception {
    Map<String, String> talkative =
        Map.of("JAVA_TOOL_OPTIONS", "-Dx=y", "JDK_JAVA_OPTIONS", "-Dx=y", "HOME", "");

    assertThat(run(talkative, LAUNCHER, "help").err()).isEmpty();
    assertThat(run(Map.of("XDG_CACHE_HOME", "/proc/none"), LAUNCHER, "help").err()).isEmpty();
  }

  @Test
  void argumentsKeepTheirLettersInEveryLocale() throws Exception {
    assertThat(run(Map.of("LC_ALL", "C"), LAUNCHER, "--json", "hélp €").out())
        .contains("unknown command \\\"hélp €\\\"");
  }

  @Test
  void aClosedPipeEndsQuietly() throws Exception {
    Process shell =
        start(
            "run",
            Map.of("P", LAUNCHER.toString()),
            List.of("bash", "-c", "\"$P\" completion bash | head -1; echo \"${PIPESTATUS[0]}\""));
    assertThat(shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(Files.readString(folder.resolve("run.out")).lines().toList().getLast())
        .isEqualTo("0");
    assertThat(folder.resolve("run.err")).isEmptyFile();
  }

  @Test
  void aNewProjectRunsAndIsCalledAndTraced() throws Exception {
    assertThat(run("init", "notes").exit()).isZero();
    Path project = folder.resolve("notes");
    Process server =
        start(
            "server",
            Map.of(),
            List.of(LAUNCHER.toString(), "dev", "--port", "0", "--cwd", project.toString()));
    try {
      awaitServer(server);

      assertThat(run("call", "addTodo", "title=milk – é", "--cwd", "notes").exit()).isZero();
      assertThat(run("call", "addExamples", "count=1", "--cwd", "notes").out())
          .contains("\"added\": 1");
      assertThat(run("call", "listTodos", "--json", "--cwd", "notes").out()).contains("milk – é");
      assertThat(run("call", "addTodo", "--cwd", "notes").exit()).isEqualTo(65);
      assertThat(run("call", "addTdoo", "--cwd", "notes").exit()).isEqualTo(64);
      assertThat(run("traces", "--cwd", "notes").out()).contains("addTodo").contains("listTodos");
      assertThat(run("fns", "--json", "--cwd", "notes").out()).contains("\"addExamples\"");
    } finally {
      server.destroy();
    }
    assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(project.resolve(".pylon/dev.json")).doesNotExist();
    assertThat(run("call", "listTodos", "--url", "http://127.0.0.1:1").exit()).isEqualTo(69);
  }

  /** Waits until the server says that it is ready. */
  private void awaitServer(Process server) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(folder.resolve("server.out")).contains("ready")) {
      assertThat(server.isAlive()).as(() -> "the server ended: " + read("server.err")).isTrue();
      assertThat(System.nanoTime()).as("no server in time").isLessThan(end);
      server.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
