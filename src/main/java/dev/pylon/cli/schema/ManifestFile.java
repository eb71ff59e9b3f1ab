package dev.pylon.cli.schema;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Input;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.text.Style;
import dev.pylon.config.Config;
import dev.pylon.policy.PolicyCheck;
import dev.pylon.policy.RuleText;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import java.util.List;
import java.util.stream.Stream;

/** Manifests that a command line names. */
public final class ManifestFile {
  private ManifestFile() {}

  /** The name of the manifest that is meant where none is named. */
  public static String usual(Invocation invocation) {
    return Config.manifest(invocation.environment()).toString();
  }

  /** The manifest in the file {@code name}, or what is wrong with it. */
  static Manifest.Reading read(Invocation invocation, String name) {
    if (Stream.of(".ts", ".tsx", ".js", ".mjs").anyMatch(name::endsWith)) {
      throw Failure.usage(
          "\"%s\" is a program, and a manifest is what it prints".formatted(name),
          "\"pylon dev --once\" writes it as pylon.manifest.json");
    }
    byte[] json = Input.bytes(invocation, name);
    return switch (Manifest.read(json, name)) {
      case Manifest.Reading.Accepted(var manifest) ->
          new Manifest.Reading.Accepted(
              manifest.warned(PolicyCheck.findings(manifest, RuleText.ofManifest(json, name))));
      case Manifest.Reading.Refused refused -> refused;
    };
  }

  /**
   * The manifest in the file {@code name}.
   *
   * @throws Failure where it breaks rules; with the first of them
   */
  public static Manifest require(Invocation invocation, String name) {
    return switch (read(invocation, name)) {
      case Manifest.Reading.Accepted(var manifest) -> manifest;
      case Manifest.Reading.Refused(var diagnostics) -> throw broken(diagnostics);
    };
  }

  public static Failure broken(List<Diagnostic> diagnostics) {
    List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
    Diagnostic first = errors.getFirst();
    String others = errors.size() == 1 ? "" : " (and %d more errors)".formatted(errors.size() - 1);
    return new Failure(
        ExitStatus.FAILED,
        first.code(),
        place(first) + first.message() + others,
        first.hint() == null && errors.size() > 1
            ? "All of them: pylon schema check"
            : first.hint());
  }

  /** Where the finding is, with a colon and a space behind it; nothing where that is not known. */
  public static String place(Diagnostic diagnostic) {
    Diagnostic.Span span = diagnostic.span();
    if (span == null) {
      return "";
    }
    String line = span.line() == null ? "" : ":" + span.line();
    return span.file() + line + (span.column() == null ? "" : ":" + span.column()) + ": ";
  }

  /** Tells a person what was found, on standard error. */
  static void tell(Output output, List<Diagnostic> diagnostics) {
    for (Diagnostic diagnostic : diagnostics) {
      Style style = output.errStyle();
      String severity =
          switch (diagnostic.severity()) {
            case ERROR -> style.red("error");
            case WARNING -> style.yellow("warning");
            case INFO -> style.dim("info");
          };
      String text =
          "%s[%s] %s%s"
              .formatted(
                  severity,
                  diagnostic.code(),
                  Style.clean(place(diagnostic)),
                  Style.clean(diagnostic.message()));
      String hint = diagnostic.hint();
      String line = hint == null ? text : text + "\n  " + style.dim("hint: " + Style.clean(hint));
      if (diagnostic.isError()) {
        output.tell(line);
      } else {
        output.note(line);
      }
    }
  }
}
