package dev.pylon.cli;

import dev.pylon.cli.command.Syntax;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion scripts: what the command classes declare, set into a frame for each shell that stands
 * in the resources {@code completion/pylon.*} and holds the parts that read files.
 */
final class CompletionScript {
  private final List<Syntax> commands;

  private CompletionScript(List<Syntax> commands) {
    this.commands = commands;
  }

  /** The script for {@code bash}, {@code zsh} or {@code fish}. */
  static String of(String shell) {
    var script = new CompletionScript(Commands.NAMES.stream().map(Main::syntax).toList());
    String body =
        switch (shell) {
          case "bash" -> script.bash();
          case "zsh" -> script.zsh();
          case "fish" -> script.fish();
          default -> throw new IllegalArgumentException(shell);
        };
    return frame(shell).replace("#COMMANDS#\n", body);
  }

  private static String frame(String shell) {
    String name = "/completion/pylon." + shell;
    try (InputStream in = CompletionScript.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing from the jar: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- bash: tables in variables

  private String bash() {
    var text = new StringBuilder();
    text.append("_pylon_commands='").append(names()).append("'\n");
    text.append("_pylon_options() {\n  case $1 in\n");
    for (Syntax command : commands) {
      text.append(
          "    %s) echo '%s' ;;\n".formatted(command.name(), words(command.spec().options())));
    }
    text.append("    *) echo '%s' ;;\n  esac\n}\n".formatted(words(globals())));
    text.append("_pylon_values() { # the values of an option; fails where it takes none\n");
    text.append("  case $1 in\n");
    choices()
        .forEach(
            (option, values) -> text.append("    %s) echo '%s' ;;\n".formatted(option, values)));
    text.append("    %s) ;;\n".formatted(String.join(" | ", withValue())));
    text.append("    *) return 1 ;;\n  esac\n}\n");
    return text.toString();
  }

  private String names() {
    return commands.stream().map(Syntax::name).collect(Collectors.joining(" "));
  }

  private static String words(List<OptionSpec> options) {
    return options.stream().map(OptionSpec::longestName).collect(Collectors.joining(" "));
  }

  private List<OptionSpec> globals() {
    List<OptionSpec> options = commands.getFirst().spec().options();
    return options.subList(options.size() - Syntax.GLOBAL_OPTIONS, options.size());
  }

  private Stream<OptionSpec> options() {
    return commands.stream().flatMap(command -> command.spec().options().stream());
  }

  private TreeMap<String, String> choices() {
    var choices = new TreeMap<String, String>();
    options()
        .filter(option -> option.completionCandidates() != null)
        .forEach(option ->
            choices.put(
                String.join(" | ", option.names()),
                String.join(" ", option.completionCandidates())));
    return choices;
  }

  /** Options with a value of no fixed set, all names of them. */
  private List<String> withValue() {
    return options()
        .filter(option -> option.arity().max() > 0 && option.completionCandidates() == null)
        .flatMap(option -> Stream.of(option.names()))
        .distinct()
        .sorted()
        .toList();
  }

  // --- zsh: arrays of "name:meaning"

  private String zsh() {
    var text = new StringBuilder();
    text.append("_pylon_commands=(\n");
    for (Syntax command : commands) {
      text.append("  ").append(quoted(command.name() + ":" + command.summary())).append('\n');
    }
    text.append(")\n_pylon_options() {\n  case $1 in\n");
    for (Syntax command : commands) {
      text.append("    %s)\n      reply=(\n".formatted(command.name()));
      described(text, command.spec().options());
      text.append("      )\n      ;;\n");
    }
    text.append("    *)\n      reply=(\n");
    described(text, globals());
    text.append("      )\n      ;;\n  esac\n}\n");
    text.append("_pylon_values() { # the values of an option; fails where it takes none\n");
    text.append("  reply=()\n  case $1 in\n");
    choices()
        .forEach((option, values) ->
            text.append("    %s) reply=(%s) ;;\n".formatted(option.replace(" | ", "|"), values)));
    text.append("    %s) ;;\n".formatted(String.join("|", withValue())));
    text.append("    *) return 1 ;;\n  esac\n}\n");
    return text.toString();
  }

  private static void described(StringBuilder text, List<OptionSpec> options) {
    for (OptionSpec option : options) {
      text.append("        ")
          .append(quoted(option.longestName() + ":" + description(option)))
          .append('\n');
    }
  }

  private static String description(OptionSpec option) {
    return String.join(" ", option.description());
  }

  // --- fish: one line each

  private String fish() {
    var lines = new ArrayList<String>();
    for (Syntax command : commands) {
      lines.add(
          "complete -c pylon -n __pylon_needs_command -a %s -d %s"
              .formatted(command.name(), quoted(command.summary())));
    }
    globals().forEach(option -> lines.add(fish("", option)));
    for (Syntax command : commands) {
      List<OptionSpec> options = command.spec().options();
      options
          .subList(0, options.size() - Syntax.GLOBAL_OPTIONS)
          .forEach(
              option -> lines.add(fish(" -n '__pylon_command " + command.name() + "'", option)));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String fish(String condition, OptionSpec option) {
    var line = new StringBuilder("complete -c pylon").append(condition);
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      line.append(" -x");
    }
    if (option.completionCandidates() != null) {
      line.append(" -a ").append(quoted(String.join(" ", option.completionCandidates())));
    }
    return line.append(" -d ").append(quoted(description(option))).toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
