package dev.pylon.cli.call;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.command.Table;
import dev.pylon.cli.remote.Remote;
import dev.pylon.cli.text.Style;
import java.util.ArrayList;
import java.util.List;

/** {@code pylon fns}: lists the functions of a running server. */
public final class FnsCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("List the functions of a running server.")
        .example("pylon fns", "Names, kinds and arguments.")
        .example("pylon fns --json", "Everything the server says about them.");
    Remote.describe(syntax);
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<FunctionInfo> functions;
    try (Remote remote = Remote.connect(invocation)) {
      functions = FunctionInfo.list(remote);
    }
    Output output = invocation.output();
    switch (output.format()) {
      case JSON -> output.json(functions.stream().map(FunctionInfo::json).toList());
      case NDJSON -> functions.forEach(function -> output.json(function.json()));
      default -> table(output, functions);
    }
    return ExitStatus.OK;
  }

  private static void table(Output output, List<FunctionInfo> functions) {
    if (functions.isEmpty()) {
      output.note("no functions");
      return;
    }
    var rows = new ArrayList<List<String>>();
    for (FunctionInfo function : functions) {
      rows.add(
          List.of(
              Style.clean(function.kind()),
              Style.clean(function.signature()),
              function.json().get("calls") instanceof Number calls ? calls + " calls" : "",
              function.json().get("errors") instanceof Number errors && errors.longValue() > 0
                  ? errors + " failed"
                  : "",
              function.json().get("description") instanceof String text ? Style.clean(text) : ""));
    }
    Table.print(output, rows);
  }
}
