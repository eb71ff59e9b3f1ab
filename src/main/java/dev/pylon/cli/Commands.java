package dev.pylon.cli;

import dev.pylon.cli.call.CallCommand;
import dev.pylon.cli.call.FnsCommand;
import dev.pylon.cli.call.PolicyCommand;
import dev.pylon.cli.codegen.CodegenCommand;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.data.BackupCommand;
import dev.pylon.cli.data.RestoreCommand;
import dev.pylon.cli.data.SeedCommand;
import dev.pylon.cli.dev.DevCommand;
import dev.pylon.cli.dev.ServeCommand;
import dev.pylon.cli.project.ConfigCommand;
import dev.pylon.cli.project.DoctorCommand;
import dev.pylon.cli.project.EnvCommand;
import dev.pylon.cli.project.ExplainCommand;
import dev.pylon.cli.project.TestCommand;
import dev.pylon.cli.remote.StatusCommand;
import dev.pylon.cli.scaffold.InitCommand;
import dev.pylon.cli.schema.MigrateCommand;
import dev.pylon.cli.schema.SchemaCommand;
import dev.pylon.cli.traces.TracesCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The register of commands: every name, and the way to its class. */
final class Commands {
  /** In the order of the help page. */
  static final List<String> NAMES =
      List.of(
          "dev",
          "serve",
          "init",
          "call",
          "traces",
          "fns",
          "status",
          "policy",
          "schema",
          "migrate",
          "seed",
          "test",
          "codegen",
          "doctor",
          "explain",
          "backup",
          "restore",
          "config",
          "env",
          "plugins",
          "build",
          "deploy",
          "cache",
          "completion",
          "help",
          "version");

  /** Second names, and words people type for what we call otherwise (command line contract, 10). */
  private static final Map<String, String> ALIASES = Map.of("start", "serve", "functions", "fns");

  private Commands() {}

  /** The command called {@code word}, also by its second name. Loads that class and no other. */
  static Optional<Command> find(String word) {
    String name = name(word);
    return NAMES.contains(name) ? Optional.of(create(name)) : Optional.empty();
  }

  /** The first name of the command also called {@code word}. */
  static String name(String word) {
    return ALIASES.getOrDefault(word, word);
  }

  private static Command create(String name) {
    return switch (name) {
      case "backup" -> new BackupCommand();
      case "build", "cache", "deploy", "plugins" -> LaterCommand.of(name);
      case "call" -> new CallCommand();
      case "codegen" -> new CodegenCommand();
      case "completion" -> new CompletionCommand();
      case "config" -> new ConfigCommand();
      case "dev" -> new DevCommand(Main::within);
      case "doctor" -> new DoctorCommand();
      case "env" -> new EnvCommand();
      case "explain" -> new ExplainCommand();
      case "fns" -> new FnsCommand();
      case "help" -> new HelpCommand();
      case "init" -> new InitCommand();
      case "migrate" -> new MigrateCommand();
      case "policy" -> new PolicyCommand();
      case "restore" -> new RestoreCommand();
      case "schema" -> new SchemaCommand();
      case "seed" -> new SeedCommand();
      case "serve" -> new ServeCommand();
      case "status" -> new StatusCommand();
      case "test" -> new TestCommand();
      case "traces" -> new TracesCommand();
      case "version" -> new VersionCommand();
      default -> throw new IllegalStateException("command without a class: " + name);
    };
  }
}
