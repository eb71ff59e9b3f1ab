package dev.pylon.cli;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page of one command, as {@code man} reads it. */
final class ManPage {
  private ManPage() {}

  static List<String> of(Syntax syntax, String version) {
    String title = "pylon-" + syntax.name();
    var lines = new ArrayList<String>();
    lines.add(
        ".TH \"%s\" \"1\" \"\" \"pylon %s\"".formatted(title.toUpperCase(Locale.ROOT), version));
    lines.add(".SH NAME");
    lines.add(
        text(title) + " \\- " + text(syntax.summary().substring(0, syntax.summary().length() - 1)));
    lines.add(".SH SYNOPSIS");
    lines.add(text(HelpPage.usage(syntax)));
    if (!syntax.details().isEmpty()) {
      lines.add(".SH DESCRIPTION");
      for (String paragraph : syntax.details()) {
        lines.add(".PP");
        lines.add(text(paragraph));
      }
    }
    lines.add(".SH OPTIONS");
    for (OptionSpec option : syntax.spec().options()) {
      String names = String.join(", ", option.names());
      lines.add(".TP");
      lines.add(
          ".B " + text(option.arity().max() == 0 ? names : names + " " + option.paramLabel()));
      lines.add(text(HelpPage.description(option)));
    }
    lines.add(".SH EXAMPLES");
    for (Syntax.Example example : syntax.examples()) {
      lines.add(".TP");
      lines.add(".B " + text(example.line()));
      lines.add(text(example.meaning()));
    }
    lines.add(".SH EXIT STATUS");
    for (ExitStatus status : ExitStatus.values()) {
      lines.add(".TP");
      lines.add(".B " + status.code());
      lines.add(text(status.meaning()));
    }
    return lines;
  }

  /** Text in which nothing is a request to the formatter. */
  private static String text(String plain) {
    String escaped = plain.replace("\\", "\\e").replace("-", "\\-").replace("…", "...");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
