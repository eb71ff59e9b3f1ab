package dev.pylon.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the process was started with. Immutable; loads nothing else, so that short commands may use
 * it.
 *
 * @param variables the environment
 * @param properties what the launcher found out for us, see {@code bin/pylon}, and the user's home
 * @param directory where the user stands, absolute
 */
public record Environment(
    Map<String, String> variables, Map<String, String> properties, Path directory) {

  public Environment {
    variables = Map.copyOf(variables);
    properties = Map.copyOf(properties);
    directory = directory.toAbsolutePath().normalize();
  }

  /** The environment of this process. */
  public static Environment ofProcess() {
    return new Environment(
        System.getenv(),
        Map.of(
            "pylon.terminal", System.getProperty("pylon.terminal", ""),
            "pylon.columns", System.getProperty("pylon.columns", ""),
            "pylon.locale", System.getProperty("pylon.locale", ""),
            "pylon.home", System.getProperty("pylon.home", ""),
            "user.home", System.getProperty("user.home", "")),
        Path.of(System.getProperty("user.dir", "")));
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
    return new Environment(variables, properties, directory.resolve(other));
  }

  /** The user's home, where there is one. */
  public Optional<Path> home() {
    return variable("HOME").or(() -> property("user.home")).map(Path::of);
  }

  /** Where pylon is installed or checked out, as far as the launcher says. */
  public Optional<Path> installation() {
    return property("pylon.home").map(Path::of);
  }

  /**
   * Our folder for what can be made anew: {@code $XDG_CACHE_HOME/pylon}, else {@code
   * ~/.cache/pylon}.
   */
  public Path cacheDirectory() {
    return variable("XDG_CACHE_HOME")
        .map(Path::of)
        .filter(Path::isAbsolute)
        .or(() -> home().map(home -> home.resolve(".cache")))
        .orElse(directory.resolve(".pylon/cache"))
        .resolve("pylon");
  }
}
