package dev.pylon.boot;

import dev.pylon.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The script that runs functions: ours, unless another one was asked for (functions contract, 4.2).
 *
 * @param warning what to tell the user, where the one asked for is not there
 */
record FunctionRuntime(Path script, boolean builtIn, @Nullable String warning) {
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
