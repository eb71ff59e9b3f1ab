package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.functions.runtime.Registry;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.functions.runtime.RuntimePool;
import dev.pylon.functions.runtime.RuntimeSpec;
import dev.pylon.model.Deadline;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Builds a project once, and serves nothing: for {@code dev --once}, {@code codegen}, {@code
 * doctor}.
 */
public final class OnceBuild {
  /** Longer than any handshake: functions that take longer do not load. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private OnceBuild() {}

  /** What came of it. */
  public sealed interface Result {
    /**
     * @param text the manifest as the entry printed it
     * @param warnings what is odd but allowed, and functions that cannot be loaded
     */
    record Built(
        Manifest manifest, String text, List<FunctionShape> functions, List<Diagnostic> warnings)
        implements Result {}

    record Broken(List<Diagnostic> diagnostics) implements Result {}
  }

  /**
   * Builds once, and writes what {@code dev} generates.
   *
   * @param client null where manifest and client are not to be written
   */
  public static Result run(Config config, Toolchain tools, @Nullable ClientSource client)
      throws InterruptedException {
    Result result = read(config, tools);
    if (result instanceof Result.Built built) {
      ProjectFiles.preparePylonFolder(config.project().pylonDirectory());
      var generated = new Generated(config.project(), client);
      generated.manifest(built.text());
      generated.client(built.manifest(), built.functions());
      generated.types(tools.typeScript());
    }
    return result;
  }

  /** Builds once, and writes nothing. */
  public static Result read(Config config, Toolchain tools) throws InterruptedException {
    var entry = new EntryBuild(config.project(), tools.typeScript(), tools.bun());
    return switch (entry.build(config.childEnvironment())) {
      case EntryBuild.Result.Broken(var diagnostics) -> new Result.Broken(diagnostics);
      case EntryBuild.Result.Built(var manifest, var text) -> {
        var warnings = new ArrayList<>(manifest.warnings());
        Registry functions = functions(config, tools, warnings);
        yield new Result.Built(manifest, text, FunctionShape.of(functions), List.copyOf(warnings));
      }
    };
  }

  /** The functions, loaded only to know their names and arguments. */
  private static Registry functions(Config config, Toolchain tools, List<Diagnostic> warnings) {
    Optional<RuntimeSpec> spec = FunctionRuntime.spec(config, tools);
    if (spec.isEmpty()) {
      return Registry.EMPTY;
    }
    try (var closing = new Closing()) {
      var ticker = Executors.newSingleThreadScheduledExecutor();
      closing.own(ticker::shutdownNow);
      var pool = closing.own(new RuntimePool(spec.get(), RuntimeListener.SILENT, ticker));
      pool.start();
      if (!pool.awaitUp(Deadline.after(PATIENCE))) {
        warnings.add(
            Diagnostic.warning(
                "FUNCTIONS_NOT_AVAILABLE", "Functions could not be started: " + pool.failure()));
      }
      pool.registry()
          .failed()
          .values()
          .forEach(failure -> warnings.add(Diagnostic.warning("FN_LOAD_FAILED", failure.text())));
      return pool.registry();
    }
  }
}
