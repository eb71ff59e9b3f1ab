package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.protocol.RuntimeFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The functions of one load, by name, and the files that failed.
 *
 * @param takesRowsAhead whether its runtimes know what to do with a row that comes with a call
 * @param files what the functions import, absolute
 * @param bun the version of the engine that runs them, as far as it is known
 */
public record Registry(
    Map<String, Definition> functions,
    Map<String, LoadFailure> failed,
    boolean takesRowsAhead,
    List<String> files,
    @Nullable String bun) {

  public static final Registry EMPTY = new Registry(Map.of(), Map.of(), false, List.of(), null);

  static Registry of(RuntimeFrame.Ready ready) {
    var functions = new LinkedHashMap<String, Definition>();
    ready.functions().forEach(function -> functions.put(function.name(), function));
    var failed = new LinkedHashMap<String, LoadFailure>();
    ready.failed().forEach(failure -> failed.put(failure.name(), failure));
    return new Registry(functions, failed, ready.takesRowsAhead(), ready.files(), ready.bun());
  }

  public Optional<Definition> find(String name) {
    return Optional.ofNullable(functions.get(name));
  }
}
