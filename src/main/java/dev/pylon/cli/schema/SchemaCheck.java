package dev.pylon.cli.schema;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Verbs;
import dev.pylon.cli.text.Style;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon schema check [manifest]}: says everything that is wrong with a manifest. */
final class SchemaCheck {
  private SchemaCheck() {}

  static ExitStatus run(Invocation invocation, List<String> words) {
    Verbs.requireWords(words, 0, 1, "schema check [manifest]");
    String name = words.isEmpty() ? ManifestFile.usual(invocation) : words.getFirst();
    Output output = invocation.output();
    return switch (ManifestFile.read(invocation, name)) {
      case Manifest.Reading.Accepted(var manifest) -> accepted(output, manifest);
      case Manifest.Reading.Refused(var diagnostics) -> refused(output, diagnostics);
    };
  }

  private static ExitStatus accepted(Output output, Manifest manifest) {
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("code", "SCHEMA_OK");
      json.put("name", manifest.name());
      json.put("version", manifest.version());
      json.put("entities", manifest.entities().size());
      json.put("diagnostics", manifest.warnings().stream().map(Diagnostic::json).toList());
      output.json(json);
    } else {
      ManifestFile.tell(output, manifest.warnings());
      output.line(
          "%s %s %s: %d entities, %d warnings"
              .formatted(
                  output.style().green(output.style().tick()),
                  Style.clean(manifest.name()),
                  Style.clean(manifest.version()),
                  manifest.entities().size(),
                  manifest.warnings().size()));
    }
    return ExitStatus.OK;
  }

  private static ExitStatus refused(Output output, List<Diagnostic> diagnostics) {
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    String message = errors == 1 ? "1 error" : errors + " errors";
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("error", Map.of("code", SchemaError.MANIFEST_INVALID.name(), "message", message));
      json.put("diagnostics", diagnostics.stream().map(Diagnostic::json).toList());
      json.put("exit", ExitStatus.FAILED.code());
      output.json(json);
    } else {
      ManifestFile.tell(output, diagnostics);
      output.tell(output.errStyle().red(output.errStyle().cross()) + " " + message);
    }
    return ExitStatus.FAILED;
  }
}
