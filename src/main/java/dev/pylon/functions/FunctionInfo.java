package dev.pylon.functions;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.json.RawJson;
import org.jspecify.annotations.Nullable;

/** A function file as those see it who may look at the list: callable, or broken. */
public sealed interface FunctionInfo {
  String name();

  /**
   * Can be called.
   *
   * @param kind {@code query}, {@code mutation} or {@code action}
   * @param argsSchema the validator map, null where the function declares none
   * @param internal by other functions and jobs only
   */
  record Callable(
      String name,
      String kind,
      @Nullable RawJson argsSchema,
      boolean internal,
      @Nullable String description)
      implements FunctionInfo {
    static Callable of(Definition function) {
      return new Callable(
          function.name(),
          function.kind().wireName(),
          function.argsSchema(),
          function.internal(),
          function.description());
    }
  }

  /** Could not be loaded; {@code reason} begins with the place in the file. */
  record Broken(String name, String reason) implements FunctionInfo {
    static Broken of(LoadFailure failure) {
      return new Broken(failure.name(), failure.text());
    }
  }
}
