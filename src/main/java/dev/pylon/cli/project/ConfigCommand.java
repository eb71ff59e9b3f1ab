package dev.pylon.cli.project;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.command.Table;
import dev.pylon.cli.command.Verbs;
import dev.pylon.cli.text.Style;
import dev.pylon.config.Config;
import dev.pylon.config.ConfigReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon config show}: what every setting is here, and who says so. */
public final class ConfigCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Show every setting, its value and where that comes from.")
        .words("show")
        .example("pylon config show", "What pylon dev works with in this folder.")
        .example("pylon config show --origin", "The same, and who said so.")
        .example("pylon config show --serve", "What pylon serve would work with, or refuse.")
        .flag("--origin", "Show where each value comes from.")
        .flag("--serve", "As pylon serve sees it: no env files, and nothing unsafe.")
        .details(
            "Secrets are shown as ***. Where the server would refuse to start, the reasons are told"
                + " and the status is 1.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    Line line = invocation.line();
    List<String> words = line.words();
    if (!words.equals(List.of("show"))) {
      throw Verbs.unknown(
          "config", words.isEmpty() ? "" : String.join(" ", words), List.of("show"));
    }
    Config.Mode mode = line.has("--serve") ? Config.Mode.SERVE : Config.Mode.DEV;
    ConfigReport report = ConfigReport.of(invocation.environment(), mode);
    Output output = invocation.output();
    if (output.isJson()) {
      output.json(json(report));
    } else {
      Table.print(
          output, report.settings().stream().map(one -> row(one, line.has("--origin"))).toList());
      report.warnings().forEach(output::warning);
      report
          .refusals()
          .forEach(
              refusal -> output.tell(output.errStyle().red("error:") + " " + Style.clean(refusal)));
    }
    return report.refusals().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private static List<String> row(ConfigReport.Line one, boolean withOrigin) {
    var row = new ArrayList<String>();
    row.add(one.name());
    row.add(one.value() == null ? "-" : Style.clean(one.value()));
    if (withOrigin) {
      row.add(one.origin());
    }
    return row;
  }

  private static Map<String, @Nullable Object> json(ConfigReport report) {
    var settings = new ArrayList<LinkedHashMap<String, @Nullable Object>>();
    for (ConfigReport.Line one : report.settings()) {
      var setting = new LinkedHashMap<String, @Nullable Object>();
      setting.put("name", one.name());
      setting.put("value", one.value());
      setting.put("origin", one.origin());
      if (one.file() != null) {
        setting.put("file", one.file().toString());
      }
      settings.add(setting);
    }
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("settings", settings);
    json.put("warnings", report.warnings());
    json.put("refusals", report.refusals());
    return json;
  }
}
