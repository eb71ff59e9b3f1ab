package dev.pylon.cli.project;

import dev.pylon.boot.EntryBuild;
import dev.pylon.boot.Logging;
import dev.pylon.boot.ThrowawayServer;
import dev.pylon.boot.Toolchain;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.schema.ManifestFile;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code pylon test [filter]}: runs each test file with {@code bun test} against a server of its
 * own, once on each backend, and compares what the tests came to.
 */
public final class TestCommand implements Command {
  private static final Set<String> FOLDERS_LEFT_OUT = Set.of("node_modules", ".git", ".pylon");
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Run the tests of a project, each file against an empty server of its own.")
        .words("[filter]")
        .example("pylon test", "All *.test.ts of tests/, or else of functions/.")
        .example("pylon test todos --json", "Those with \"todos\" in their path, for CI.")
        .example("pylon test --backend sqlite,postgres", "Each on both; fails where they differ.")
        .value("--backend", "NAMES", "sqlite, postgres, or both with a comma between (sqlite).")
        .value("--postgres", "URL", "The Postgres server (DATABASE_URL).")
        .value("--timeout", "DUR", "End a file that takes longer (5m).")
        .value("--bun", "PATH", "The Bun executable.");
    syntax.details(
        "The folder is PYLON_TEST_DIR, else tests, else functions. Tests find their server in"
            + " PYLON_URL; it is at port 4321 where that is free, so that resetDb() works as it"
            + " is. The name of the backend is in PYLON_TEST_BACKEND.",
        "On Postgres each file gets a database of its own, which is dropped afterwards; the one"
            + " that the URL names is not touched. Its user needs the right to create databases.");
  }

  @Override
  public ExitStatus run(Invocation invocation) throws Exception {
    List<String> words = invocation.line().words();
    if (words.size() > 1) {
      throw Failure.usage("\"pylon test\" takes one filter", null);
    }
    invocation.output().doing("building the project and starting its tests");
    Logging.begin("error", false);
    Map<TestBackend, Optional<String>> backends = TestBackend.wanted(invocation);
    Config config = TestBackend.SQLITE.config(invocation, null);
    Toolchain tools = Toolchain.of(config);
    Path bun = tools.requireBun();
    Path folder = folder(invocation.environment());
    List<Path> files = files(folder, words.isEmpty() ? "" : words.getFirst());
    Manifest manifest = manifest(config, tools);
    var report = new TestReport(invocation.output(), backends.size() > 1);
    for (Path file : files) {
      for (var backend : backends.entrySet()) {
        String url = backend.getValue().orElse(null);
        report.add(run(invocation, backend.getKey(), url, tools, bun, manifest, file));
      }
    }
    return report.end(folder);
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

  private static TestReport.Ran run(
      Invocation invocation,
      TestBackend backend,
      @Nullable String postgres,
      Toolchain tools,
      Path bun,
      Manifest manifest,
      Path file)
      throws InterruptedException, IOException {
    Path root = invocation.environment().directory();
    Duration timeout = invocation.line().duration("--timeout").orElse(TIMEOUT);
    Path outcomes = Files.createTempFile("pylon-", ".xml");
    long start = System.nanoTime();
    try (var server =
        ThrowawayServer.start(
            url -> backend.config(invocation, url),
            postgres,
            tools,
            manifest,
            Release.version(),
            invocation.clock())) {
      var variables =
          Map.of(
              "PYLON_URL",
              server.url(),
              "PYLON_TEST_BACKEND",
              backend.word(),
              "PYLON_IN_MEMORY",
              "1",
              "PYLON_DEV_MODE",
              "1");
      var command =
          List.of(
              bun.toString(),
              "test",
              "--preload",
              tools.typeScript().preload().toString(),
              "--reporter=junit",
              "--reporter-outfile=" + outcomes,
              "--",
              file.toString());
      Program.Result result = Program.run(command, root, variables, timeout);
      String output =
          result.cutOff() ? result.output() + "\ntook longer than " + timeout : result.output();
      return new TestReport.Ran(
          root.relativize(file).toString(),
          backend.word(),
          result.status(),
          (System.nanoTime() - start) / 1e6,
          output,
          TestOutcomes.read(outcomes));
    } catch (ChildException e) {
      throw new Failure(ExitStatus.FAILED, "BUN_MISSING", String.valueOf(e.getMessage()), null);
    } finally {
      Files.deleteIfExists(outcomes);
    }
  }
}
