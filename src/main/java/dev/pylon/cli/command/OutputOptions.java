package dev.pylon.cli.command;

import dev.pylon.cli.text.Style;
import dev.pylon.config.Environment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How to answer, decided once from options and environment (command line contract, 18).
 *
 * @param format the form of the answer
 * @param outStyle how standard output may look
 * @param errStyle how standard error may look
 * @param outTerminal whether a person reads standard output
 * @param errTerminal whether a person reads standard error
 * @param columns the width to lay out for
 * @param quiet nothing but answer and errors
 * @param verbose also exchanges with the server
 */
public record OutputOptions(
    Output.Format format,
    Style outStyle,
    Style errStyle,
    boolean outTerminal,
    boolean errTerminal,
    int columns,
    boolean quiet,
    boolean verbose) {

  /** The width where there is no terminal to ask. */
  private static final int COLUMNS_OFF_TERMINAL = 100;

  /** Narrower than this, lines break whatever we do. */
  private static final int COLUMNS_MIN = 40;

  private static final List<String> WHEN = List.of("auto", "always", "never");
  private static final List<String> FORMATS = List.of("text", "json", "ndjson", "none");

  /** The same without conversation. */
  OutputOptions silent() {
    return new OutputOptions(
        format, outStyle, errStyle, outTerminal, errTerminal, columns, true, false);
  }

  /** What a parsed command line asks for. */
  public static OutputOptions of(Line line, Environment environment) {
    Output.Format format =
        line.choice("--output", FORMATS)
            .map(name -> Output.Format.valueOf(name.toUpperCase(Locale.ROOT)))
            .orElse(line.has("--json") ? Output.Format.JSON : Output.Format.TEXT);
    String color = line.has("--no-color") ? "never" : line.choice("--color", WHEN).orElse("auto");
    return of(environment, format, color, line.has("--quiet"), line.has("--verbose"));
  }

  /**
   * What a command line that could not be parsed seems to ask for: its error should still come in
   * the right form.
   */
  public static OutputOptions guess(List<String> args, Environment environment) {
    boolean json =
        args.contains("--json")
            || args.contains("--output=json")
            || args.contains("--output=ndjson")
            || args.contains("--output")
                && args.indexOf("--output") + 1 < args.size()
                && args.get(args.indexOf("--output") + 1).endsWith("json");
    boolean never = args.contains("--no-color") || args.contains("--color=never");
    return of(
        environment,
        json ? Output.Format.JSON : Output.Format.TEXT,
        never ? "never" : args.contains("--color=always") ? "always" : "auto",
        false,
        args.contains("--verbose") || args.contains("-v"));
  }

  private static OutputOptions of(
      Environment environment, Output.Format format, String color, boolean quiet, boolean verbose) {
    String terminals = environment.property("pylon.terminal").orElse("");
    boolean outTerminal = terminals.contains("o");
    boolean errTerminal = terminals.contains("e");
    boolean ascii = !isUtf8(environment);
    return new OutputOptions(
        format,
        new Style(isColored(environment, color, outTerminal), ascii),
        new Style(isColored(environment, color, errTerminal), ascii),
        outTerminal,
        errTerminal,
        columns(environment),
        quiet,
        verbose);
  }

  private static boolean isColored(Environment environment, String color, boolean terminal) {
    if (color.equals("always")) {
      return true;
    }
    if (color.equals("never")
        || environment.variable("NO_COLOR").isPresent()
        || environment.variable("TERM").equals(Optional.of("dumb"))) {
      return false;
    }
    return isForced(environment, "FORCE_COLOR")
        || isForced(environment, "CLICOLOR_FORCE")
        || terminal;
  }

  private static boolean isForced(Environment environment, String name) {
    return environment.variable(name).filter(value -> !value.equals("0")).isPresent();
  }

  /** As the C library decides: the first of the three variables that is set names the locale. */
  private static boolean isUtf8(Environment environment) {
    String locale =
        environment
            .property("pylon.locale") // the launcher gives the JVM another one where needed
            .or(() -> environment.variable("LC_ALL"))
            .or(() -> environment.variable("LC_CTYPE"))
            .or(() -> environment.variable("LANG"))
            .orElse("UTF-8")
            .toUpperCase(Locale.ROOT);
    return locale.contains("UTF-8") || locale.contains("UTF8");
  }

  private static int columns(Environment environment) {
    return environment
        .property("pylon.columns")
        .or(() -> environment.variable("COLUMNS"))
        .filter(text -> text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9'))
        .map(text -> Math.max(COLUMNS_MIN, Integer.parseInt(text)))
        .orElse(COLUMNS_OFF_TERMINAL);
  }
}
