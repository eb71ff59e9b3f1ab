package dev.pylon.cli;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Syntax;
import java.util.List;
import java.util.Map;

/** {@code pylon completion SHELL}: prints the completion script of a shell. */
final class CompletionCommand implements Command {
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Print the completion script of a shell.")
        .words("bash|zsh|fish")
        .example("source <(pylon completion bash)", "Bash, in ~/.bashrc.")
        .example("pylon completion zsh > ~/.zfunc/_pylon", "Zsh, with ~/.zfunc in fpath.")
        .example("pylon completion fish | source", "Fish, in config.fish.")
        .details(
            "Commands and options are in the script; names of functions and their arguments are"
                + " read from .pylon/completion.tsv, which \"pylon dev\" keeps current. Nothing is"
                + " started.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<String> words = invocation.line().words();
    if (words.size() != 1 || !SHELLS.contains(words.getFirst())) {
      throw Failure.usage(
          "which shell? It is one of: " + String.join(", ", SHELLS),
          "For example: pylon completion bash");
    }
    String script = CompletionScript.of(words.getFirst());
    if (invocation.output().isJson()) {
      invocation.output().json(Map.of("shell", words.getFirst(), "script", script));
    } else {
      invocation.output().line(script.stripTrailing());
    }
    return ExitStatus.OK;
  }
}
