package dev.pylon.cli.project;

import dev.pylon.boot.EntryBuild;
import dev.pylon.boot.Logging;
import dev.pylon.boot.MemoryServer;
import dev.pylon.boot.Toolchain;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.schema.ManifestFile;
import dev.pylon.cli.text.Durations;
import dev.pylon.cli.text.Style;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import dev.pylon.process.ChildException;
import dev.pylon.process.Program;
import dev.pylon.schema.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code pylon test [filter]}: runs each test file with {@code bun test} against a server of its
 * own, whose rows are in memory.
 */
public final class TestCommand implements Command {
  private static final Set<String> FOLDERS_LEFT_OUT = Set.of("node_modules", ".git", ".pylon");
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** One file and how it went. */
  private record Ran(String file, boolean passed, int exit, double millis, String output) {
    Map<String, @Nullable Object> json() {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("file", file);
      json.put("status", passed ? "passed" : "failed");
      json.put("exit_code", exit);
      json.put("ms", Math.round(millis));
      if (!passed) {
        json.put("output", output);
      }
      return json;
    }
  }

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Run the tests of a project, each file against an empty server of its own.")
        .words("[filter]")
        .example("pylon test", "All *.test.ts of tests/, or else of functions/.")
        .example("pylon test todos --json", "Those with \"todos\" in their path, for CI.")
        .value("--timeout", "DUR", "End a file that takes longer (5m).")
        .value("--bun", "PATH", "The Bun executable.");
    syntax.details(
        "The folder is PYLON_TEST_DIR, else tests, else functions. Tests find their server in"
            + " PYLON_URL; it is at port 4321 where that is free, so that resetDb() works as it is.");
  }

  @Override
  public ExitStatus run(Invocation invocation) throws Exception {
    List<String> words = invocation.line().words();
    if (words.size() > 1) {
      throw Failure.usage("\"pylon test\" takes one filter", null);
    }
    Logging.begin("error", false);
    Config config = config(invocation);
    Toolchain tools = Toolchain.of(config);
    Path bun = tools.requireBun();
    Path folder = folder(invocation.environment());
    List<Path> files = files(folder, words.isEmpty() ? "" : words.getFirst());
    Manifest manifest = manifest(config, tools);
    var ran = new ArrayList<Ran>();
    for (Path file : files) {
      Ran one = run(invocation, config, tools, bun, manifest, file);
      ran.add(one);
      tell(invocation.output(), one);
    }
    return report(invocation.output(), folder, ran);
  }

  private static Config config(Invocation invocation) throws InterruptedException {
    var variables = new HashMap<>(invocation.environment().variables());
    variables.put("PYLON_IN_MEMORY", "1");
    variables.put("PYLON_JOBS_IN_MEMORY", "1");
    variables.remove("DATABASE_URL");
    var environment =
        new Environment(
            variables, invocation.environment().properties(), invocation.environment().directory());
    var typed = new HashMap<String, String>();
    typed.put("--in-memory", "1");
    invocation.line().value("--bun").ifPresent(bun -> typed.put("--bun", bun));
    return ServerOptions.resolved(() -> Config.forDev(environment, null, typed));
  }

  private static Manifest manifest(Config config, Toolchain tools) throws InterruptedException {
    var entry = new EntryBuild(config.project(), tools.typeScript(), tools.bun());
    return switch (entry.build(config.childEnvironment())) {
      case EntryBuild.Result.Built(var manifest, _) -> manifest;
      case EntryBuild.Result.Broken(var diagnostics) -> throw ManifestFile.broken(diagnostics);
    };
  }

  private static Path folder(Environment environment) {
    Path root = environment.directory();
    return environment
        .variable("PYLON_TEST_DIR")
        .map(root::resolve)
        .orElseGet(() ->
            Files.isDirectory(root.resolve("tests"))
                ? root.resolve("tests")
                : root.resolve("functions"));
  }

  private static List<Path> files(Path folder, String filter) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> isTest(folder.relativize(file)))
          .filter(file -> folder.relativize(file).toString().contains(filter))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isTest(Path file) {
    String name = String.valueOf(file.getFileName());
    for (Path part : file) {
      if (FOLDERS_LEFT_OUT.contains(part.toString())) {
        return false;
      }
    }
    return name.endsWith(".test.ts") || name.endsWith(".test.js");
  }

  private static Ran run(
      Invocation invocation, Config config, Toolchain tools, Path bun, Manifest manifest, Path file)
      throws InterruptedException {
    Path root = invocation.environment().directory();
    Duration timeout = invocation.line().duration("--timeout").orElse(TIMEOUT);
    long start = System.nanoTime();
    try (var server =
        MemoryServer.start(config, tools, manifest, Release.version(), invocation.clock())) {
      var variables =
          Map.of("PYLON_URL", server.url(), "PYLON_IN_MEMORY", "1", "PYLON_DEV_MODE", "1");
      Program.Result result =
          Program.run(
              List.of(bun.toString(), "test", "--", file.toString()), root, variables, timeout);
      String output =
          result.cutOff() ? result.output() + "\ntook longer than " + timeout : result.output();
      return new Ran(
          root.relativize(file).toString(),
          result.status() == 0,
          result.status(),
          (System.nanoTime() - start) / 1e6,
          output);
    } catch (ChildException e) {
      throw new Failure(ExitStatus.FAILED, "BUN_MISSING", String.valueOf(e.getMessage()), null);
    }
  }

  private static void tell(Output output, Ran ran) {
    if (output.isJson()) {
      return;
    }
    Style style = output.style();
    String sign = ran.passed ? style.green(style.tick()) : style.red(style.cross());
    output.line(
        sign + " " + Style.clean(ran.file) + "  " + Durations.text(ran.millis, style.ascii()));
    if (!ran.passed) {
      ran.output.lines().forEach(line -> output.line("    " + Style.clean(line)));
    }
    output.flush();
  }

  private static ExitStatus report(Output output, Path folder, List<Ran> ran) {
    long passed = ran.stream().filter(Ran::passed).count();
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("total", ran.size());
      json.put("passed", passed);
      json.put("failed", ran.size() - passed);
      json.put("files", ran.stream().map(Ran::json).toList());
      output.json(json);
    } else if (ran.isEmpty()) {
      output.note("no tests in " + folder);
    } else {
      output.note("%d of %d files passed".formatted(passed, ran.size()));
    }
    return passed == ran.size() ? ExitStatus.OK : ExitStatus.FAILED;
  }
}
