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

  /** The version of this pylon; {@code 0} where it was not packed. */
  static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }

  static void print(Output output) {
    String known = version();
    if (output.isJson()) {
      output.json(Map.of("version", known));
    } else {
      output.line("pylon " + known);
    }
  }
}
