package dev.pylon.cli.command;

import dev.pylon.cli.text.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What was typed after a command's name, parsed and checked against its {@link Syntax}. */
public final class Line {
  private final ParseResult parsed;

  private Line(ParseResult parsed) {
    this.parsed = parsed;
  }

  /**
   * Parses {@code args}, which no longer hold the command's name.
   *
   * @throws Failure for an unknown option, a missing value or a word too many
   */
  public static Line parse(Syntax syntax, List<String> args) {
    try {
      var parser = new CommandLine(syntax.spec()).setExpandAtFiles(false);
      return new Line(parser.parseArgs(args.toArray(String[]::new)));
    } catch (UnmatchedArgumentException e) {
      throw unmatched(syntax, e.getUnmatched().getFirst());
    } catch (ParameterException e) {
      throw Failure.usage(String.valueOf(e.getMessage()), seeHelp(syntax));
    }
  }

  private static Failure unmatched(Syntax syntax, String argument) {
    String hint = seeHelp(syntax);
    if (!argument.startsWith("-")) {
      return Failure.usage(
          "\"pylon %s\" takes no word \"%s\"".formatted(syntax.name(), argument), hint);
    }
    String option =
        argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
    Stream<String> known =
        syntax.spec().options().stream().flatMap(spec -> Stream.of(spec.names()));
    return Failure.usage(
        "unknown option \"%s\"".formatted(option),
        Suggestions.nearest(option, known.toList())
            .map(name -> "Did you mean: " + name + "?")
            .orElse(hint));
  }

  private static String seeHelp(Syntax syntax) {
    return "See: pylon " + syntax.name() + " --help";
  }

  /** Whether the flag was given. */
  public boolean has(String option) {
    return parsed.hasMatchedOption(option);
  }

  /** The value of an option; the last one where it was given several times. */
  public Optional<String> value(String option) {
    @Nullable OptionSpec matched = parsed.matchedOption(option);
    return matched == null ? Optional.empty() : Optional.of(matched.stringValues().getLast());
  }

  /** Every value of an option, in the order typed. */
  public List<String> values(String option) {
    @Nullable OptionSpec matched = parsed.matchedOption(option);
    return matched == null ? List.of() : List.copyOf(matched.stringValues());
  }

  /** The value of an option that is one of few. */
  public Optional<String> choice(String option, List<String> choices) {
    Optional<String> value = value(option);
    if (value.isPresent() && !choices.contains(value.get())) {
      throw Failure.usage(
          "%s cannot be \"%s\"; it is one of: %s"
              .formatted(option, value.get(), String.join(", ", choices)),
          Suggestions.nearest(value.get(), choices)
              .map(name -> "Did you mean: " + option + "=" + name + "?")
              .orElse(null));
    }
    return value;
  }

  /** The value of an option that is a whole number, not negative. */
  public Optional<Integer> number(String option) {
    return value(option)
        .map(text -> {
          try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
              return number;
            }
          } catch (NumberFormatException e) {
            // refused below, with the option's name
          }
          throw Failure.usage("%s takes a whole number, not \"%s\"".formatted(option, text), null);
        });
  }

  /**
   * The value of an option that is a length of time, such as {@code 250ms}, {@code 5s}, {@code 2h}.
   */
  public Optional<Duration> duration(String option) {
    return value(option)
        .map(text ->
            Durations.parse(text)
                .orElseThrow(() ->
                    Failure.usage(
                        "%s takes a duration, not \"%s\"".formatted(option, text),
                        "For example: 250ms, 5s, 15m, 2h")));
  }

  /** The words beside the options, in the order typed. */
  public List<String> words() {
    return parsed.matchedPositionals().isEmpty()
        ? List.of()
        : List.copyOf(parsed.matchedPositionals().getFirst().stringValues());
  }
}
