package dev.pylon.cli.project;

import dev.pylon.boot.Logging;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.text.Style;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code pylon doctor}: looks for what is wrong with a set-up, and says what to do about it. */
public final class DoctorCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Look for what is wrong with this project and this machine.")
        .words("[entry]")
        .example("pylon doctor", "Each check with its finding, and what to do.")
        .example("pylon doctor --json", "The same for CI; exit 1 where something is broken.");
  }

  @Override
  public ExitStatus run(Invocation invocation) throws InterruptedException {
    invocation.output().doing("looking at the project and this machine");
    Logging.begin("error", false);
    List<Finding> findings =
        new Doctor(
                invocation.environment(),
                ServerOptions.entry(invocation.line()),
                invocation.clock())
            .findings();
    long errors = count(findings, Finding.Status.ERROR);
    print(invocation.output(), findings, errors);
    return errors == 0 ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private static long count(List<Finding> findings, Finding.Status status) {
    return findings.stream().filter(finding -> finding.status() == status).count();
  }

  private static void print(Output output, List<Finding> findings, long errors) {
    long warnings = count(findings, Finding.Status.WARNING);
    long passed = count(findings, Finding.Status.PASS);
    if (output.isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("checks", findings.stream().map(Finding::json).toList());
      json.put("passed", passed);
      json.put("warnings", warnings);
      json.put("errors", errors);
      output.json(json);
      return;
    }
    Style style = output.style();
    for (Finding finding : findings) {
      String sign =
          switch (finding.status()) {
            case PASS -> style.green(style.tick());
            case WARNING -> style.yellow(style.sign("!", "!"));
            case ERROR -> style.red(style.cross());
          };
      output.line("%s %-11s %s".formatted(sign, finding.name(), Style.clean(finding.detail())));
      finding.hint().ifPresent(hint -> output.line("    " + style.dim(Style.clean(hint))));
    }
    output.note("%d passed, %d warnings, %d errors".formatted(passed, warnings, errors));
  }
}
