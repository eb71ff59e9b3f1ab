package dev.pylon.cli.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What may be typed after a command: options, words, and the text of its help page. */
public final class Syntax {
  /** One line a user can copy, and what it does. */
  public record Example(String line, String meaning) {}

  /** How many options {@link #global} adds, behind the command's own. */
  public static final int GLOBAL_OPTIONS = 9;

  private final CommandSpec spec;
  private final String name;
  private final Command command;
  private final List<Example> examples = new ArrayList<>();
  private String summary = "";
  private String words = "";
  private List<String> details = List.of();

  private Syntax(String name, Command command) {
    this.name = name;
    this.command = command;
    this.spec = CommandSpec.create().name("pylon " + name);
    spec.parser()
        .overwrittenOptionsAllowed(true)
        .toggleBooleanFlags(false)
        .aritySatisfiedByAttachedOptionParam(true);
  }

  /** The syntax of {@code command}, with the options every command has. */
  public static Syntax of(String name, Command command) {
    var syntax = new Syntax(name, command);
    command.describe(syntax);
    syntax.global();
    return syntax;
  }

  private void global() {
    flag("--json", "Answer with one JSON document.");
    choice("--output", "FORMAT", List.of("text", "json", "ndjson", "none"), "Form of the answer.");
    choice("--color", "WHEN", List.of("auto", "always", "never"), "Use colours.");
    flag("--no-color", "The same as --color=never.");
    flag("-q, --quiet", "Print nothing but the answer and errors.");
    flag("-v, --verbose", "Say more: exchanges with the server, stack traces.");
    value("--cwd", "DIR", "Work as if started in DIR.");
    flag("-h, --help", "Show this help.");
    flag("-V, --version", "Show the version.");
  }

  /** The one line that says what the command does, with its full stop. */
  public Syntax summary(String sentence) {
    summary = sentence;
    return this;
  }

  /** Paragraphs for the end of the help page. */
  public Syntax details(String... paragraphs) {
    details = List.of(paragraphs);
    return this;
  }

  public Syntax example(String line, String meaning) {
    examples.add(new Example(line, meaning));
    return this;
  }

  /** Words beside the options, as {@code "<fn> [ARG…]"}. Commands check them themselves. */
  public Syntax words(String label) {
    words = label;
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel(label)
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build());
    return this;
  }

  /** An option without a value, named as {@code "-f, --follow"}. */
  public Syntax flag(String names, String description) {
    return add(OptionSpec.builder(names.split(", ")).type(boolean.class).arity("0"), description);
  }

  /** An option with a value. */
  public Syntax value(String names, String label, String description) {
    return add(
        OptionSpec.builder(names.split(", ")).type(String.class).arity("1").paramLabel(label),
        description);
  }

  /** An option with one of the given values. */
  public Syntax choice(String names, String label, List<String> choices, String description) {
    return add(
        OptionSpec.builder(names.split(", "))
            .type(String.class)
            .arity("1")
            .paramLabel(label)
            .completionCandidates(choices),
        description);
  }

  /** An option with a value that may be given several times. */
  public Syntax values(String names, String label, String description) {
    return add(
        OptionSpec.builder(names.split(", "))
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .paramLabel(label),
        description);
  }

  private Syntax add(OptionSpec.Builder option, String description) {
    spec.addOption(option.description(description).build());
    return this;
  }

  /** Options nobody declared become words, in the place where they stood. */
  public Syntax unknownOptionsAreWords() {
    spec.parser().unmatchedOptionsArePositionalParams(true);
    return this;
  }

  public String name() {
    return name;
  }

  public Command command() {
    return command;
  }

  public String summary() {
    return summary;
  }

  public String words() {
    return words;
  }

  public List<String> details() {
    return details;
  }

  public List<Example> examples() {
    return examples;
  }

  public CommandSpec spec() {
    return spec;
  }
}
