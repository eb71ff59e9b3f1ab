package dev.pylon.cli;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Syntax;

/**
 * A command of a later version: its name is kept, and it says in one line that it does nothing yet.
 */
final class LaterCommand implements Command {
  private final String name;
  private final String does;
  private final String instead;

  private LaterCommand(String name, String does, String instead) {
    this.name = name;
    this.does = does;
    this.instead = instead;
  }

  static LaterCommand of(String name) {
    return switch (name) {
      case "plugins" -> new LaterCommand(name, "List the plugins there are.", "See: pylon help");
      case "build" ->
          new LaterCommand(name, "Build static pages of the routes.", "See: pylon codegen --help");
      case "deploy" ->
          new LaterCommand(
              name,
              "Write the files that a host needs.",
              "\"pylon serve\" runs anywhere a JDK 25 does");
      case "cache" ->
          new LaterCommand(name, "Run the cache as a server of its own.", "See: pylon help");
      default -> throw new IllegalStateException("no command of a later version: " + name);
    };
  }

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary(does.substring(0, does.length() - 1) + " (a later version).")
        .words("[…]")
        .value("--out", "DIR", "Where to write.")
        .value("--target", "NAME", "What for.")
        .value("--port", "N", "Where to listen.")
        .example("pylon " + name, "Says that this version does not have it.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    throw new Failure(
        ExitStatus.UNAVAILABLE,
        "NOT_IN_THIS_VERSION",
        "\"pylon %s\" comes with a later version".formatted(name),
        instead);
  }
}
