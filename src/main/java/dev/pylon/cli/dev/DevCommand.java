package dev.pylon.cli.dev;

import dev.pylon.boot.ClientSource;
import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevServer;
import dev.pylon.boot.Logging;
import dev.pylon.boot.OnceBuild;
import dev.pylon.boot.Toolchain;
import dev.pylon.cli.codegen.ProjectClient;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.console.ShownCalls;
import dev.pylon.cli.console.Signals;
import dev.pylon.cli.project.ServerOptions;
import dev.pylon.cli.schema.ManifestFile;
import dev.pylon.cli.text.Style;
import dev.pylon.config.Config;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Operation;
import dev.pylon.schema.Policy;
import dev.pylon.schema.Route;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon dev [entry]}: builds, serves, and keeps up with the files of a project. */
public final class DevCommand implements Command {
  private static final List<String> LOGS = List.of("all", "errors", "none");

  private final Interpreter interpreter;

  /**
   * @param interpreter runs what is typed at the prompt
   */
  public DevCommand(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Build a project, serve it, and load every change while you edit.")
        .words("[entry]")
        .example("pylon dev", "Serve the project in this folder.")
        .example("pylon dev apps/api/app.ts --port 5000", "Another entry, another port.")
        .example("pylon dev --run listTodos", "Call a function after every change.")
        .example("pylon dev --once", "Only write pylon.manifest.json and pylon.client.ts.")
        .flag("--once", "Build the files and end.")
        .flag("--until-success", "End after the first good build and start.")
        .flag("--no-watch", "Do not look for changes.")
        .flag("--no-codegen", "Write neither pylon.manifest.json nor pylon.client.ts.")
        .flag("--strict-port", "Fail where the port is busy, also the default one.")
        .flag("--reset", "Begin with an empty database.")
        .flag("-y, --yes", "Do not ask before --reset.")
        .value("--run", "FN[:JSON]", "Call this function after every good load.")
        .value("--seed", "FILE", "Insert these rows after the first good load.")
        .flag("--open", "Open the description of the API in a browser.")
        .choice("--logs", "WHICH", LOGS, "Calls to show: all, errors or none (all).");
    ServerOptions.describe(syntax);
    syntax.details(
        "The entry is the script that prints the manifest: the one named, else app.ts, schema.ts,"
            + " src/app.ts, the only apps/*/app.ts, or a ready pylon.manifest.json. Settings come"
            + " from options, then the environment, then .env.local, then .env.");
  }

  @Override
  public ExitStatus run(Invocation invocation) throws Exception {
    Line line = invocation.line();
    Output output = invocation.output();
    @Nullable Path entry = ServerOptions.entry(line);
    Map<String, String> typed = ServerOptions.typed(line);
    Config config =
        ServerOptions.resolved(() -> Config.forDev(invocation.environment(), entry, typed));
    Logging.begin(output.options().verbose() ? "info" : "warn", output.isJson());
    config.warnings().forEach(output::warning);
    config.envFiles().forEach(file -> output.note("env " + shown(config, file)));
    Toolchain tools = Toolchain.of(config);
    if (config.project().entry() != null || Files.isDirectory(config.functions().directory())) {
      var _ = tools.requireBun();
    }
    @Nullable ClientSource client = line.has("--no-codegen") ? null : ProjectClient::text;
    if (line.has("--once")) {
      return once(output, config, tools, client);
    }
    var calls = new ShownCalls(calls(line));
    boolean reset = line.has("--reset") && mayReset(invocation, config);
    try (var signals = listening(config)) {
      DevView view =
          DevConsole.open(invocation, calls, interpreter)
              .orElseGet(() -> new DevScreen(output, calls, invocation.clock()));
      var options =
          new DevServer.Options(
              !line.has("--no-watch"),
              line.has("--strict-port"),
              reset,
              client,
              view::wants,
              Release.version());
      Runnable giveBack = view::close;
      signals.starting(() -> {
        output.note("stopping");
        giveBack.run();
      });
      try (AutoCloseable _ = () -> signals.sayLast(giveBack);
          var errands = new Errands(invocation, interpreter, view);
          var server =
              DevServer.start(
                  options,
                  () -> Config.forDev(invocation.environment(), entry, typed),
                  tools,
                  event -> show(event, view, errands, signals, line.has("--until-success")),
                  invocation.clock())) {
        signals.started();
        output.detail("listening on " + server.url());
        Signals.Ending ending = view.await(server, signals);
        var _ = signals.say(() -> output.note("stopping"));
        return status(ending);
      }
    }
  }

  /** Before the terminal is taken over: whoever ends us then gets it back. */
  private static Signals listening(Config config) {
    var signals = new Signals(config.http().drain());
    signals.listen(null);
    return signals;
  }

  private static void show(
      DevEvent event, DevView view, Errands errands, Signals signals, boolean untilSuccess) {
    try {
      view.show(event);
      errands.after(event);
    } catch (Output.Closed e) {
      signals.end(Signals.Ending.DONE);
    }
    if (untilSuccess && event instanceof DevEvent.Loaded loaded && loaded.isGood()) {
      errands.soon(() -> signals.end(Signals.Ending.DONE));
    }
  }

  /** The status of an ending. */
  static ExitStatus status(Signals.Ending ending) {
    return switch (ending) {
      case DONE -> ExitStatus.OK;
      case INTERRUPT -> ExitStatus.INTERRUPTED;
      case TERMINATE -> ExitStatus.TERMINATED;
    };
  }

  private static ShownCalls.Which calls(Line line) {
    return line.choice("--logs", LOGS)
        .map(name -> ShownCalls.Which.valueOf(name.toUpperCase(Locale.ROOT)))
        .orElse(ShownCalls.Which.ALL);
  }

  private static String shown(Config config, Path file) {
    Path root = config.project().root();
    return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
  }

  /** Asks a person who could answer, and only them. */
  private static boolean mayReset(Invocation invocation, Config config) throws IOException {
    Line line = invocation.line();
    if (line.value("--db").isPresent() || config.db().postgresUrl() != null) {
      throw Failure.usage("--reset empties .pylon/dev.db and nothing else", "Leave --db away");
    }
    boolean asks = invocation.environment().property("pylon.terminal").orElse("").contains("i");
    if (line.has("--yes")
        || !asks
        || config.db().file() == null
        || !Files.exists(config.db().file())) {
      return true;
    }
    invocation.output().tell("Delete " + shown(config, config.db().file()) + "? [y/N]");
    var reader =
        new BufferedReader(new InputStreamReader(invocation.input(), StandardCharsets.UTF_8));
    @Nullable String answer = reader.readLine();
    if (answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
      return true;
    }
    throw new Failure(ExitStatus.FAILED, "CANCELLED", "nothing was deleted", null);
  }

  // ---- --once ----

  private static ExitStatus once(
      Output output, Config config, Toolchain tools, @Nullable ClientSource client)
      throws InterruptedException {
    return switch (OnceBuild.run(config, tools, client)) {
      case OnceBuild.Result.Built(var manifest, _, _, var warnings) -> {
        if (output.isJson()) {
          output.json(summary(config, manifest, warnings));
        } else {
          warnings.forEach(warning -> output.warning(warning.code() + " " + warning.message()));
          output.line(
              "%s %s: %d entities, %d queries, %d actions, %d policies, %d routes"
                  .formatted(
                      Style.clean(manifest.name()),
                      Style.clean(manifest.version()),
                      manifest.entities().size(),
                      manifest.queries().size(),
                      manifest.actions().size(),
                      manifest.policies().size(),
                      manifest.routes().size()));
        }
        yield ExitStatus.OK;
      }
      case OnceBuild.Result.Broken(var diagnostics) -> throw ManifestFile.broken(diagnostics);
    };
  }

  private static Map<String, @Nullable Object> summary(
      Config config, Manifest manifest, List<Diagnostic> warnings) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("code", "DEV_OK");
    json.put("name", manifest.name());
    json.put("version", manifest.version());
    json.put("entry", config.project().shownEntry());
    json.put("entities", manifest.entities().stream().map(Entity::name).toList());
    json.put("queries", manifest.queries().stream().map(Operation::name).toList());
    json.put("actions", manifest.actions().stream().map(Operation::name).toList());
    json.put("policies", manifest.policies().stream().map(Policy::name).toList());
    json.put("routes", manifest.routes().stream().map(Route::path).toList());
    json.put(
        "warnings",
        warnings.stream()
            .map(warning -> Map.of("code", warning.code(), "message", warning.message()))
            .toList());
    return json;
  }
}
