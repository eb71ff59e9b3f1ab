package dev.pylon.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the process was started with. Immutable.
 *
 * @param variables the environment
 * @param properties what the launcher found out for us, see {@code bin/pylon}
 * @param directory where the user stands
 */
public record Environment(
    Map<String, String> variables, Map<String, String> properties, Path directory) {

  public Environment {
    variables = Map.copyOf(variables);
    properties = Map.copyOf(properties);
  }

  /** The environment of this process. */
  public static Environment ofProcess() {
    return new Environment(
        System.getenv(),
        Map.of(
            "pylon.terminal", System.getProperty("pylon.terminal", ""),
            "pylon.columns", System.getProperty("pylon.columns", ""),
            "pylon.home", System.getProperty("pylon.home", "")),
        Path.of(System.getProperty("user.dir", "")).toAbsolutePath());
  }

  /** The variable {@code name}; an empty one counts as not set. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /** The launcher's answer {@code name}; an empty one counts as not given. */
  public Optional<String> property(String name) {
    return Optional.ofNullable(properties.get(name)).filter(value -> !value.isEmpty());
  }

  /** The same, seen from {@code other}. */
  public Environment in(Path other) {
    return new Environment(variables, properties, directory.resolve(other).normalize());
  }
}
