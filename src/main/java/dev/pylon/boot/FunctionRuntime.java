package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.functions.runtime.RuntimeSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The script that runs functions: ours, unless another one was asked for (functions contract, 4.2).
 *
 * @param warning what to tell the user, where the one asked for is not there
 */
record FunctionRuntime(Path script, boolean builtIn, @Nullable String warning) {
  /** Calls in flight on one runtime, and calls that may wait for a place. */
  private static final int CALLS_MAX = 1_024;

  private static final int WAITING_MAX = 1_000;

  /** How long a replaced runtime may finish its calls (command line contract, 14.2). */
  private static final Duration HAND_OVER = Duration.ofSeconds(30);

  private static final List<String> INSTALLED =
      List.of(
          "node_modules/@pylonsync/functions/src/runtime.ts",
          "node_modules/@pylonsync/functions/dist/runtime.js",
          "node_modules/@pylon/functions/src/runtime.ts",
          "node_modules/@pylon/functions/dist/runtime.js",
          "packages/functions/src/runtime.ts");

  static FunctionRuntime of(Config config, TypeScript typeScript) {
    @Nullable String wish = config.functions().runtime();
    if (wish == null) {
      return new FunctionRuntime(typeScript.runtime(), true, null);
    }
    Optional<Path> found =
        wish.equals("project")
            ? installed(config)
            : Optional.of(config.project().root().resolve(wish)).filter(Files::isRegularFile);
    return found
        .map(script -> new FunctionRuntime(script, false, null))
        .orElseGet(() ->
            new FunctionRuntime(
                typeScript.runtime(),
                true,
                "PYLON_FUNCTIONS_RUNTIME=%s is not there; the built-in runtime is used"
                    .formatted(wish)));
  }

  /** How runtimes are started; empty where there is nothing to run, or nothing to run it with. */
  static Optional<RuntimeSpec> spec(Config config, Toolchain tools) {
    Optional<Path> bun = tools.bun().find();
    if (!Files.isDirectory(config.functions().directory()) || bun.isEmpty()) {
      return Optional.empty();
    }
    FunctionRuntime runtime = of(config, tools.typeScript());
    return Optional.of(
        new RuntimeSpec(
            bun.get(),
            runtime.script(),
            runtime.builtIn(),
            config.project().root(),
            config.functions().directory(),
            FunctionEnvironment.first(config),
            FunctionEnvironment.isWhole(config),
            config.functions().workers(),
            CALLS_MAX,
            WAITING_MAX,
            config.functions().queueTimeout(),
            HAND_OVER,
            config.functions().memoryBytesMax()));
  }

  private static Optional<Path> installed(Config config) {
    for (@Nullable Path folder = config.project().root();
        folder != null;
        folder = folder.getParent()) {
      for (String place : INSTALLED) {
        Path script = folder.resolve(place);
        if (Files.isRegularFile(script)) {
          return Optional.of(script);
        }
      }
    }
    return config
        .environment()
        .home()
        .map(home -> home.resolve(".pylon/runtime.ts"))
        .filter(Files::isRegularFile);
  }
}
