package dev.pylon.cli.schema;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Verbs;
import dev.pylon.cli.text.Style;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.ManifestDiff;
import dev.pylon.schema.ManifestDiff.Difference;
import dev.pylon.schema.ManifestDiff.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code pylon schema diff OLD NEW}: in what two manifests differ. */
final class SchemaDifferences {
  private SchemaDifferences() {}

  static ExitStatus run(Invocation invocation, List<String> words) {
    Verbs.requireWords(words, 2, 2, "schema diff <old manifest> <new manifest>");
    Manifest old = ManifestFile.require(invocation, words.get(0));
    Manifest next = ManifestFile.require(invocation, words.get(1));
    List<Difference> differences = ManifestDiff.between(old, next);
    Output output = invocation.output();
    if (output.isJson()) {
      output.json(json(differences));
    } else if (differences.isEmpty()) {
      output.note("The two are the same.");
    } else {
      differences.forEach(difference -> output.line(Style.clean(text(difference))));
    }
    return ExitStatus.OK;
  }

  private static Map<String, Object> json(List<Difference> differences) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("total", differences.size());
    for (Kind kind : Kind.values()) {
      summary.put(
          kind.name().toLowerCase(java.util.Locale.ROOT),
          differences.stream().filter(one -> one.kind() == kind).count());
    }
    var json = new LinkedHashMap<String, Object>();
    json.put("changes", differences.stream().map(Difference::json).toList());
    json.put("summary", summary);
    return json;
  }

  private static String text(Difference difference) {
    String sign =
        switch (difference.kind()) {
          case ADDED -> "+";
          case REMOVED -> "-";
          case CHANGED -> "~";
        };
    String owner = difference.entity() == null ? "" : difference.entity() + ".";
    String detail = difference.detail() == null ? "" : ": " + difference.detail();
    return sign + " " + difference.part() + " " + owner + difference.name() + detail;
  }
}
