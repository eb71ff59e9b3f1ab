package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a setting is: option, else process environment, else {@code .env.local}, else {@code
 * .env}, else the default. A variable set to nothing counts as unset. Immutable.
 */
public final class Resolver {
  private final Map<String, String> options;
  private final Environment environment;
  private final List<EnvFile> files;
  private final boolean dev;

  /**
   * @param options by name, such as {@code --port}
   * @param files strongest first
   * @param dev whether {@code pylon dev} asks
   */
  Resolver(Map<String, String> options, Environment environment, List<EnvFile> files, boolean dev) {
    this.options = Map.copyOf(options);
    this.environment = environment;
    this.files = List.copyOf(files);
    this.dev = dev;
  }

  /** A setting's text and where it was found; null text where there is only a default. */
  private record Found(@Nullable String text, Origin origin) {}

  /**
   * @throws PylonException where its text cannot be read as what it should be
   */
  public <T> Optional<T> find(Setting<T> setting) {
    Found found = found(setting);
    if (found.text() == null) {
      return unset(setting);
    }
    try {
      return Optional.of(setting.kind().reader().apply(found.text()));
    } catch (IllegalArgumentException e) {
      throw refusal(setting, found.text(), found.origin(), e);
    }
  }

  /** As {@link #find}, for settings that have a default. */
  public <T> T value(Setting<T> setting) {
    return find(setting).orElseThrow(() -> new IllegalStateException(setting + " has no default"));
  }

  /** What holds where nobody says anything. */
  <T> Optional<T> unset(Setting<T> setting) {
    boolean forDev = setting.byCommand() ? dev : value(Settings.DEV_MODE);
    return Optional.ofNullable(forDev ? setting.dev() : setting.standard());
  }

  public Origin origin(Setting<?> setting) {
    return found(setting).origin();
  }

  private Found found(Setting<?> setting) {
    @Nullable String option = setting.flag() == null ? null : options.get(setting.flag());
    if (option != null) {
      return new Found(option, Origin.FLAG);
    }
    Optional<String> variable = environment.variable(setting.name());
    if (variable.isPresent()) {
      return new Found(variable.get(), Origin.ENVIRONMENT);
    }
    for (EnvFile file : files) {
      @Nullable String text = file.variables().get(setting.name());
      if (text != null && !text.isEmpty()) {
        return new Found(text, Origin.file(file.path()));
      }
    }
    return new Found(null, Origin.DEFAULT);
  }

  private static PylonException refusal(
      Setting<?> setting, String text, Origin origin, IllegalArgumentException cause) {
    boolean option = origin.place() == Origin.Place.FLAG;
    String said = setting.secret() ? "" : " \"" + text + "\"";
    String where = origin.place() == Origin.Place.ENV_FILE ? " (in " + origin.file() + ")" : "";
    return new PylonException(
        option ? ConfigError.INVALID_OPTION : ConfigError.INVALID_SETTING,
        "%s%s%s: %s expected"
            .formatted(
                option ? setting.flag() : setting.name(), said, where, setting.kind().expected()),
        cause);
  }

  /**
   * Variables of the env files that the process does not have already: what children get beside its
   * own.
   */
  Map<String, String> fromFiles() {
    var added = new TreeMap<String, String>();
    for (EnvFile file : files) {
      file.variables().forEach(added::putIfAbsent);
    }
    added.keySet().removeAll(environment.variables().keySet());
    return Map.copyOf(added);
  }

  /** The names of all variables that were given, whoever gave them. */
  Set<String> names() {
    var names = new TreeSet<>(environment.variables().keySet());
    files.forEach(file -> names.addAll(file.variables().keySet()));
    return names;
  }

  /** Where env files were found. */
  List<Path> filePaths() {
    return files.stream().map(EnvFile::path).toList();
  }
}
