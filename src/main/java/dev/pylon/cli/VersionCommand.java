package dev.pylon.cli;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.command.Syntax;
import java.util.Map;

/**
 * {@code pylon version}. The launcher answers this itself; the class speaks where the jar was
 * started without it, and for help and completion.
 */
final class VersionCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax.summary("Show the version.").example("pylon version", "Print pylon's version.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    print(invocation.output());
    return ExitStatus.OK;
  }

  static void print(Output output) {
    String known = Release.version();
    if (output.isJson()) {
      output.json(Map.of("version", known));
    } else {
      output.line("pylon " + known);
    }
  }
}
