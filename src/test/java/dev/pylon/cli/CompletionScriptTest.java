package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionScriptTest {
  private static final Path CHECKED_IN = Path.of("completions").toAbsolutePath();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void theCheckedInScriptIsCurrent(String shell) throws IOException {
    assertThat(CHECKED_IN.resolve("pylon." + shell))
        .as("rewrite it: bin/pylon completion %1$s > completions/pylon.%1$s", shell)
        .hasContent(CompletionScript.of(shell));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void theShellCanReadIt(String shell) throws Exception {
    assumeTrue(isInstalled(shell), shell + " is not installed");

    assertThat(run(shell, "-n", CHECKED_IN.resolve("pylon." + shell).toString())).isEmpty();
  }

  @Test
  void bashCompletesCommandsOptionsFunctionsAndArguments() throws Exception {
    assumeTrue(isInstalled("bash"), "bash is not installed");
    Files.createDirectories(folder.resolve(".pylon"));
    Files.writeString(
        folder.resolve(".pylon/completion.tsv"), "addTodo\tmutation\ttitle due\nlist\tquery\t\n");

    assertThat(bash("pylon", "tra")).isEqualTo("traces");
    assertThat(bash("pylon", "--json", "call", "")).isEqualTo("addTodo list");
    assertThat(bash("pylon", "call", "addTodo", "")).isEqualTo("title= due=");
    assertThat(bash("pylon", "call", "addTodo", "title", "=", "x", "")).isEqualTo("due=");
    assertThat(bash("pylon", "call", "--time")).isEqualTo("--timeout");
    assertThat(bash("pylon", "traces", "--kind", "")).isEqualTo("query mutation action");
    assertThat(bash("pylon", "traces", "--fn", "=", "a")).isEqualTo("addTodo");
  }

  @Test
  void bashFallsBackToTheFilesOfTheFunctionsFolder() throws Exception {
    assumeTrue(isInstalled("bash"), "bash is not installed");
    Files.createDirectories(folder.resolve("functions"));
    Files.writeString(folder.resolve("functions/hello.ts"), "");

    assertThat(bash("pylon", "call", "")).isEqualTo("hello");
  }

  @Test
  void fishCompletesTheSame() throws Exception {
    assumeTrue(isInstalled("fish"), "fish is not installed");
    Files.createDirectories(folder.resolve(".pylon"));
    Files.writeString(folder.resolve(".pylon/completion.tsv"), "addTodo\tmutation\ttitle due\n");

    assertThat(fish("pylon call ")).contains("addTodo");
    assertThat(fish("pylon call addTodo title=x ")).contains("due=").doesNotContain("title=");
    assertThat(fish("pylon traces --kind ")).contains("mutation");
  }

  private String bash(String... words) throws Exception {
    String script =
        "source '%s'; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _pylon; echo \"${COMPREPLY[*]}\""
            .formatted(CHECKED_IN.resolve("pylon.bash"));
    var command = new ArrayList<>(List.of("bash", "--norc", "-c", script, "bash"));
    command.addAll(List.of(words));
    return run(command.toArray(String[]::new)).strip();
  }

  private String fish(String line) throws Exception {
    return run(
        "fish",
        "--no-config",
        "-c",
        "source '%s'; complete -C '%s'".formatted(CHECKED_IN.resolve("pylon.fish"), line));
  }

  private static boolean isInstalled(String shell) {
    return List.of("/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin").stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place, shell)));
  }

  private String run(String... command) throws Exception {
    Path output = folder.resolve("output");
    Process shell =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output);
  }
}
