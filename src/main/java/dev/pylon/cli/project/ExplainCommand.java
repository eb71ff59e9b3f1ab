package dev.pylon.cli.project;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Input;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Suggestions;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.schema.ManifestFile;
import dev.pylon.cli.text.Style;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code pylon explain CODE|manifest}: what an error code means, or what an app declares. */
public final class ExplainCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Explain an error code, or show what a manifest declares.")
        .words("[<CODE>|<manifest>]")
        .example("pylon explain FN_TIMEOUT", "What the code means and what to do.")
        .example("pylon explain", "The entities, policies and routes of this project.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<String> words = invocation.line().words();
    if (words.size() > 1) {
      throw Failure.usage("\"pylon explain\" takes one word", "See: pylon explain --help");
    }
    if (!words.isEmpty() && isCode(words.getFirst())) {
      code(invocation.output(), words.getFirst());
    } else {
      String name = words.isEmpty() ? ManifestFile.usual(invocation) : words.getFirst();
      manifest(invocation, name);
    }
    return ExitStatus.OK;
  }

  private static boolean isCode(String word) {
    return word.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_');
  }

  private static void code(Output output, String code) {
    Map<String, String> all = Explanations.all();
    String text =
        Optional.ofNullable(all.get(code))
            .orElseThrow(() ->
                new Failure(
                    ExitStatus.USAGE,
                    "UNKNOWN_CODE",
                    "pylon has no code \"%s\"; functions throw codes of their own".formatted(code),
                    Suggestions.nearest(code, List.copyOf(all.keySet()))
                        .map(near -> "Did you mean: " + near + "?")
                        .orElse(null)));
    if (output.isJson()) {
      var json = new LinkedHashMap<String, Object>();
      json.put("code", code);
      json.put("explanation", text);
      output.json(json);
    } else {
      output.line(output.style().bold(code) + "  " + text);
    }
  }

  private static void manifest(Invocation invocation, String name) {
    Manifest manifest = ManifestFile.require(invocation, name);
    Output output = invocation.output();
    if (output.isJson()) {
      output.bytes(Input.bytes(invocation, name));
      return;
    }
    Style style = output.style();
    output.line(style.bold(Style.clean(manifest.name())) + " " + Style.clean(manifest.version()));
    for (Entity entity : manifest.entities()) {
      output.line("");
      output.line(style.bold(Style.clean(entity.name())));
      for (Field field : entity.fields()) {
        output.line("  %-20s %s".formatted(Style.clean(field.name()), description(field)));
      }
    }
    names(output, "policies", manifest.policies().stream().map(policy -> policy.name()).toList());
    names(output, "queries", manifest.queries().stream().map(query -> query.name()).toList());
    names(output, "actions", manifest.actions().stream().map(action -> action.name()).toList());
    names(output, "routes", manifest.routes().stream().map(route -> route.path()).toList());
  }

  private static String description(Field field) {
    return field.type().text()
        + (field.optional() ? ", optional" : "")
        + (field.unique() ? ", unique" : "");
  }

  private static void names(Output output, String title, List<String> names) {
    if (!names.isEmpty()) {
      output.line("");
      output.line(output.style().bold(title));
      names.forEach(name -> output.line("  " + Style.clean(name)));
    }
  }
}
