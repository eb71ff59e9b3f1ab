package dev.pylon.boot;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.runtime.Registry;
import dev.pylon.json.RawJson;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client has to know of a function.
 *
 * @param kind {@code query}, {@code mutation} or {@code action}
 * @param args its validators by argument name, null where it takes anything
 */
public record FunctionShape(String name, String kind, @Nullable RawJson args) {

  /** Those that clients may call, by name. */
  static List<FunctionShape> of(Registry registry) {
    return registry.functions().values().stream()
        .filter(function -> !function.internal())
        .map(FunctionShape::of)
        .sorted(Comparator.comparing(FunctionShape::name))
        .toList();
  }

  private static FunctionShape of(Definition function) {
    return new FunctionShape(function.name(), function.kind().wireName(), function.argsSchema());
  }
}
