package dev.pylon.cli;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** The reference of all commands, for {@code src/docs}: what the register says, as Markdown. */
final class Reference {
  private Reference() {}

  static List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("# Commands");
    lines.add("");
    lines.add("Made by `pylon help reference`; change the command classes instead.");
    Commands.NAMES.forEach(name -> command(lines, Main.syntax(name)));
    lines.add("");
    lines.add("## Options of every command");
    lines.add("");
    List<OptionSpec> all = Main.syntax("help").spec().options();
    options(lines, all.subList(all.size() - Syntax.GLOBAL_OPTIONS, all.size()));
    lines.add("");
    lines.add("## Exit statuses");
    lines.add("");
    lines.add("| | |");
    lines.add("|---|---|");
    for (ExitStatus status : ExitStatus.values()) {
      lines.add("| %d | %s |".formatted(status.code(), cell(status.meaning())));
    }
    return lines;
  }

  private static void command(List<String> lines, Syntax syntax) {
    lines.add("");
    lines.add("## pylon " + syntax.name());
    lines.add("");
    lines.add(syntax.summary());
    lines.add("");
    lines.add("```");
    lines.add(HelpPage.usage(syntax));
    lines.add("```");
    lines.add("");
    for (Syntax.Example example : syntax.examples()) {
      lines.add("- `%s`: %s".formatted(example.line(), example.meaning()));
    }
    List<OptionSpec> options = syntax.spec().options();
    List<OptionSpec> own = options.subList(0, options.size() - Syntax.GLOBAL_OPTIONS);
    if (!own.isEmpty()) {
      lines.add("");
      options(lines, own);
    }
    for (String paragraph : syntax.details()) {
      lines.add("");
      lines.add(paragraph);
    }
    String effects =
        Effect.of(syntax.name()).stream().map(Effect::sentence).collect(Collectors.joining("; "));
    lines.add("");
    lines.add(
        effects.isEmpty() ? "It reads and answers, and does nothing else." : "It " + effects + ".");
  }

  private static void options(List<String> lines, List<OptionSpec> options) {
    lines.add("| Option | |");
    lines.add("|---|---|");
    for (OptionSpec option : options) {
      String names = String.join(", ", option.names());
      String label = option.arity().max() == 0 ? names : names + " " + option.paramLabel();
      lines.add("| `%s` | %s |".formatted(cell(label), cell(HelpPage.description(option))));
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
