package dev.pylon.cli.project;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.command.Table;
import dev.pylon.cli.text.Style;
import dev.pylon.config.Config;
import dev.pylon.config.ConfigReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon env}: the variables there are and what they do. */
public final class EnvCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("List the environment variables pylon reads, and what they do.")
        .example("pylon env", "Names, what they are set to, and what for.")
        .details(
            "A value in brackets is the default. \"pylon config show --origin\" tells where each"
                + " value comes from.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<ConfigReport.Line> settings =
        ConfigReport.of(invocation.environment(), Config.Mode.DEV).settings();
    Output output = invocation.output();
    if (output.isJson()) {
      output.json(settings.stream().map(EnvCommand::json).toList());
    } else {
      Table.print(output, settings.stream().map(EnvCommand::row).toList());
    }
    return ExitStatus.OK;
  }

  private static List<String> row(ConfigReport.Line one) {
    String value =
        one.isSet() ? one.value() : one.standard() == null ? null : "(" + one.standard() + ")";
    String unit = one.unit().isEmpty() ? "" : " In " + one.unit() + ".";
    return List.of(
        one.name(), value == null ? "-" : Style.clean(value), Style.clean(one.sentence()) + unit);
  }

  private static Map<String, @Nullable Object> json(ConfigReport.Line one) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("name", one.name());
    json.put("description", one.sentence());
    json.put("set", one.isSet());
    if (one.isSet()) {
      json.put("value", one.value());
    }
    if (one.standard() != null) {
      json.put("default", one.standard());
    }
    return json;
  }
}
