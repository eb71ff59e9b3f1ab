package dev.pylon.cli;

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
