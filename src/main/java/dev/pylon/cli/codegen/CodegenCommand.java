package dev.pylon.cli.codegen;

import dev.pylon.boot.Logging;
import dev.pylon.boot.OnceBuild;
import dev.pylon.boot.Toolchain;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.project.ServerOptions;
import dev.pylon.cli.schema.ManifestFile;
import dev.pylon.cli.text.Style;
import dev.pylon.config.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon codegen [client]}: prints the manifest of a project, or a typed client for it. */
public final class CodegenCommand implements Command {
  private static final List<String> TARGETS = List.of("ts", "typescript", "swift");

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Print the manifest of a project, or a typed client for it.")
        .words("[client] [<entry>|<manifest>]")
        .example("pylon codegen app.ts", "The manifest that the entry declares.")
        .example("pylon codegen client --out web/pylon.client.ts", "The client, into a file.")
        .value("--out", "FILE", "Write there; printed where absent.")
        .choice("--target", "LANGUAGE", TARGETS, "The client's language (ts).")
        .value("--functions", "DIR", "Where the functions are.")
        .value("--bun", "PATH", "The Bun executable.");
    syntax.details(
        "The client is typed from the manifest and from the arguments of the functions. The same"
            + " project gives the same bytes.");
  }

  @Override
  public ExitStatus run(Invocation invocation) throws Exception {
    List<String> words = invocation.line().words();
    boolean client = !words.isEmpty() && words.getFirst().equals("client");
    List<String> names = client ? words.subList(1, words.size()) : words;
    if (names.size() > 1) {
      throw Failure.usage("\"pylon codegen\" takes one entry", "See: pylon codegen --help");
    }
    if (invocation.line().choice("--target", TARGETS).orElse("ts").equals("swift")) {
      throw new Failure(
          ExitStatus.UNAVAILABLE,
          "NOT_IN_THIS_VERSION",
          "clients in Swift come with a later version",
          "--target ts");
    }
    Path entry = names.isEmpty() ? null : Path.of(names.getFirst());
    OnceBuild.Result.Built built = built(invocation, entry);
    built.warnings().forEach(found -> invocation.output().warning(Style.clean(found.message())));
    String text =
        client ? ProjectClient.text(built.manifest(), built.functions()) : built.text() + "\n";
    write(invocation, text, built, client);
    return ExitStatus.OK;
  }

  private static OnceBuild.Result.Built built(Invocation invocation, @Nullable Path entry)
      throws InterruptedException {
    invocation.output().doing("building the project");
    Logging.begin("warn", invocation.output().isJson());
    Config config =
        ServerOptions.resolved(() ->
            Config.forDev(invocation.environment(), entry, ServerOptions.typed(invocation.line())));
    return switch (OnceBuild.read(config, Toolchain.of(config))) {
      case OnceBuild.Result.Built built -> built;
      case OnceBuild.Result.Broken(var diagnostics) -> throw ManifestFile.broken(diagnostics);
    };
  }

  private static void write(
      Invocation invocation, String text, OnceBuild.Result.Built built, boolean client)
      throws IOException {
    Output output = invocation.output();
    String out = invocation.line().value("--out").orElse(null);
    if (out == null) {
      output.bytes(text.getBytes(StandardCharsets.UTF_8));
      return;
    }
    replace(invocation.environment().directory().resolve(out), text);
    if (output.isJson()) {
      output.json(json(out, built, client));
    } else {
      output.note("wrote " + out);
    }
  }

  /** Whoever reads the file meanwhile sees the old one or the new one. */
  private static void replace(Path file, String text) throws IOException {
    Path aside =
        file.resolveSibling(
            "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.writeString(aside, text);
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static Map<String, Object> json(
      String out, OnceBuild.Result.Built built, boolean client) {
    var json = new LinkedHashMap<String, Object>();
    json.put("code", client ? "CODEGEN_CLIENT_OK" : "CODEGEN_OK");
    json.put("path", out);
    if (client) {
      json.put("entities", built.manifest().entities().size());
      json.put("queries", built.manifest().queries().size());
      json.put("actions", built.manifest().actions().size());
      json.put("functions", built.functions().size());
    }
    return json;
  }
}
