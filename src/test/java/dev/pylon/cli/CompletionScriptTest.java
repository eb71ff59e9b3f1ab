package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Programs;
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
    Programs.need(shell);

    assertThat(run(shell, "-n", CHECKED_IN.resolve("pylon." + shell).toString())).isEmpty();
  }

  @Test
  void bashCompletesCommandsOptionsFunctionsAndArguments() throws Exception {
    Programs.need("bash");
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
    Programs.need("bash");
    Files.createDirectories(folder.resolve("functions"));
    Files.writeString(folder.resolve("functions/hello.ts"), "");

    assertThat(bash("pylon", "call", "")).isEqualTo("hello");
  }

  @Test
  void fishCompletesTheSame() throws Exception {
    Programs.need("fish");
    Files.createDirectories(folder.resolve(".pylon"));
    Files.writeString(folder.resolve(".pylon/completion.tsv"), "addTodo\tmutation\ttitle due\n");

    assertThat(fish("pylon call ")).contains("addTodo");
    assertThat(fish("pylon call addTodo title=x ")).contains("due=").doesNotContain("title=");
    assertThat(fish("pylon traces --kind ")).contains("mutation");
  }

  @Test
  void idsOfTracesAreCompletedFromTheNewestInTheFile() throws Exception {
    Files.createDirectories(folder.resolve(".pylon"));
    Files.writeString(
        folder.resolve(".pylon/traces.ndjson"),
        """
        {"call_id":"c_10","fn_name":"add","parent_call_id":null}
        {"call_id":"c_11","fn_name":"list","parent_call_id":"c_10"}
        """);

    Programs.need("bash");
    assertThat(bash("pylon", "traces", "--id", "c_")).isEqualTo("c_10 c_11");
    Programs.need("fish");
    assertThat(fish("pylon traces --id ")).contains("c_10\tadd").contains("c_11\tlist");
  }

  /** A zsh with a terminal of its own, in which Tab is pressed. */
  @Test
  void zshCompletesTheSame() throws Exception {
    Programs.need("zsh");
    Files.createDirectories(folder.resolve(".pylon"));
    Files.writeString(folder.resolve(".pylon/completion.tsv"), "addTodo\tmutation\ttitle due\n");
    Files.writeString(
        folder.resolve(".pylon/traces.ndjson"), "{\"call_id\":\"c_10\",\"fn_name\":\"add\"}\n");

    assertThat(zsh("pylon tra")).contains("pylon traces");
    assertThat(zsh("pylon call ad")).contains("pylon call addTodo");
    assertThat(zsh("pylon call addTodo ti")).contains("addTodo title=");
    assertThat(zsh("pylon traces --id ")).contains("--id c_10");
  }

  private String zsh(String line) throws Exception {
    String script =
        """
        export TERM=xterm COLUMNS=100
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'autoload -Uz compinit; compinit -u -D; source "%s"; PS1="rea""dy> "'
        zpty -r shell said '*ready> *'
        zpty -w -n shell '%s'$'\t'
        zpty -w shell ' #end'
        zpty -r shell said '*#end*'
        print -r -- "$said"
        zpty -d shell
        """
            .formatted(CHECKED_IN.resolve("pylon.zsh"), line);
    return run("zsh", "-f", "-c", script);
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

  private String run(String... command) throws Exception {
    Path output = folder.resolve("output");
    Process shell =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output);
  }
}
