package dev.pylon.cli.schema;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.text.Style;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.schema.SchemaPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A schema plan as a command answers it: for people line by line, else as JSON. */
final class PlanText {
  private PlanText() {}

  static void print(Output output, SchemaPlan plan) {
    plan.operations().forEach(operation -> output.line(Style.clean(operation.shown())));
  }

  /** What its reader should look at twice (data contract, 2.7). */
  static Map<String, Object> analysis(SchemaPlan plan) {
    var analysis = new LinkedHashMap<String, Object>();
    analysis.put("destructive", !plan.destructive().isEmpty());
    analysis.put("has_unsupported", false);
    analysis.put("warnings", plan.destructive().stream().map(PlanText::warning).toList());
    return analysis;
  }

  private static Map<String, Object> warning(SchemaOperation operation) {
    boolean entity = operation instanceof SchemaOperation.RemoveEntity;
    var warning = new LinkedHashMap<String, Object>();
    warning.put("code", entity ? "DESTRUCTIVE_REMOVE_ENTITY" : "DESTRUCTIVE_REMOVE_FIELD");
    warning.put("message", operation.shown() + ": what it holds is lost");
    return warning;
  }

  /** The errors of a plan that is blocked, in one line, and what to do about the first. */
  static Failure blocked(SchemaPlan plan) {
    List<Diagnostic> errors = plan.findings().stream().filter(Diagnostic::isError).toList();
    return new Failure(
        ExitStatus.FAILED,
        "PUSH_BLOCKED",
        String.join("; ", errors.stream().map(Diagnostic::message).toList()),
        errors.getFirst().hint());
  }

  static List<Map<String, Object>> json(List<Diagnostic> findings) {
    return findings.stream().map(Diagnostic::json).toList();
  }
}
