package dev.pylon.cli;

import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.text.Style;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The help page of one command as lines: what it does, examples, its options, everybody's options.
 */
final class HelpPage {
  /** No line is longer (command-line check C32). */
  private static final int COLUMNS = 100;

  /** Where descriptions of options begin. */
  private static final int INDENT = 28;

  private final Style style;
  private final List<String> lines = new ArrayList<>();

  private HelpPage(Style style) {
    this.style = style;
  }

  static List<String> of(Syntax syntax, Style style) {
    var page = new HelpPage(style);
    page.write(syntax);
    return style.ascii()
        ? page.lines.stream().map(line -> line.replace("…", "...")).toList()
        : page.lines;
  }

  /** The synopsis, as {@code pylon call <fn> [ARG…] [options]}. */
  static String usage(Syntax syntax) {
    String words = syntax.words().isEmpty() ? "" : " " + syntax.words();
    return "pylon " + syntax.name() + words + " [options]";
  }

  private void write(Syntax syntax) {
    lines.add(syntax.summary());
    lines.add("");
    lines.add(style.bold("Usage:") + " " + usage(syntax));
    if (!syntax.examples().isEmpty()) {
      title("Examples:");
      for (Syntax.Example example : syntax.examples()) {
        lines.add("  " + style.cyan(example.line()));
        wrap(example.meaning(), 6);
      }
    }
    List<OptionSpec> options = syntax.spec().options();
    int own = options.size() - Syntax.GLOBAL_OPTIONS;
    options("Options:", options.subList(0, own));
    options("Options of every command:", options.subList(own, options.size()));
    for (String paragraph : syntax.details()) {
      lines.add("");
      wrap(paragraph, 0);
    }
  }

  private void title(String text) {
    lines.add("");
    lines.add(style.bold(text));
  }

  private void options(String title, List<OptionSpec> options) {
    if (options.isEmpty()) {
      return;
    }
    title(title);
    for (OptionSpec option : options) {
      String names = "  " + String.join(", ", option.names());
      String label = option.arity().max() == 0 ? names : names + " " + option.paramLabel();
      String text = description(option);
      if (label.length() + 2 > INDENT) {
        lines.add(label);
        wrap(text, INDENT);
      } else {
        int first = lines.size();
        wrap(text, INDENT);
        lines.set(first, label + lines.get(first).substring(label.length()));
      }
    }
  }

  /** What an option does, and what it may be. */
  static String description(OptionSpec option) {
    String text = String.join(" ", option.description());
    return option.completionCandidates() == null
        ? text
        : text + " One of: " + String.join(", ", option.completionCandidates()) + ".";
  }

  private void wrap(String text, int indent) {
    var line = new StringBuilder(" ".repeat(indent));
    for (String word : text.split(" ")) {
      if (line.length() + word.length() > COLUMNS && line.length() > indent) {
        lines.add(line.toString().stripTrailing());
        line.setLength(indent);
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString().stripTrailing());
  }
}
