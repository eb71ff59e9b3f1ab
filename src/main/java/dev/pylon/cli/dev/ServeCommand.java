package dev.pylon.cli.dev;

import dev.pylon.boot.DevFacts;
import dev.pylon.boot.Logging;
import dev.pylon.boot.ServeServer;
import dev.pylon.boot.Toolchain;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.console.Signals;
import dev.pylon.cli.project.ServerOptions;
import dev.pylon.cli.text.Style;
import dev.pylon.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** {@code pylon serve [entry|manifest]}: builds once and serves that, in production. */
public final class ServeCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Serve a project in production.")
        .words("[entry|manifest]")
        .example("pylon serve", "Serve app.ts, or the manifest beside it.")
        .example(
            "pylon serve pylon.manifest.json --port 8080", "A ready manifest: nothing is built.");
    ServerOptions.describe(syntax);
    syntax.details(
        "PYLON_CORS_ORIGIN names the origins whose pages may call; without it nothing is served."
            + " No env files are read. SIGHUP loads the functions anew, calls go on meanwhile;"
            + " SIGTERM lets running calls finish within PYLON_DRAIN_SECS. Behind a balancer that asks"
            + " /readyz, set PYLON_DRAIN_DELAY_SECS to a little more than how often it asks: for so"
            + " long requests are still served while it hears that we are leaving.");
  }

  @Override
  public ExitStatus run(Invocation invocation) throws Exception {
    Line line = invocation.line();
    Output output = invocation.output();
    @Nullable Path entry = ServerOptions.entry(line);
    Config config =
        ServerOptions.resolved(
            () -> Config.forServe(invocation.environment(), entry, ServerOptions.typed(line)));
    Logging.begin(config.log().level(), config.log().json());
    config.warnings().forEach(output::warning);
    Toolchain tools = Toolchain.of(config);
    if (config.project().entry() != null || Files.isDirectory(config.functions().directory())) {
      var _ = tools.requireBun();
    }
    try (var signals = new Signals(config.http().leaving());
        var server = ServeServer.start(config, tools, Release.version(), invocation.clock())) {
      signals.listen(server::reload);
      tell(output, server.facts());
      return DevCommand.status(signals.await());
    }
  }

  private static void tell(Output output, DevFacts facts) {
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("code", "START_OK");
      json.put("name", facts.app());
      json.put("version", facts.appVersion());
      json.put("entry", facts.entry());
      json.put("port", facts.port());
      json.put("db_path", facts.db());
      json.put("backend", facts.db().startsWith("sqlite") ? "sqlite" : "postgres");
      json.put("url", facts.url());
      json.put("wsUrl", null);
      json.put("functions", facts.queries() + facts.mutations() + facts.actions());
      output.json(json);
    } else {
      output.line(
          "serving %s %s at %s, database %s"
              .formatted(
                  Style.clean(facts.app()),
                  Style.clean(facts.appVersion()),
                  facts.url(),
                  facts.db()));
    }
    output.flush();
  }
}
