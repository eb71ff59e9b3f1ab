package dev.pylon.boot;

import dev.pylon.config.Config;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What functions see of the environment: all of it, or, where {@code PYLON_FN_ENV_ALLOW} names
 * some, those variables alone.
 */
final class FunctionEnvironment {
  /** Without these no runtime starts, or it would speak of another place and time. */
  private static final Set<String> NEEDED =
      Set.of("PATH", "HOME", "TMPDIR", "TZ", "LANG", "NODE_ENV", "XDG_CACHE_HOME");

  private FunctionEnvironment() {}

  /** Whether nothing is kept from them, the env files that Bun reads by itself included. */
  static boolean isWhole(Config config) {
    return config.functions().visibleVariables().isEmpty();
  }

  /** What is to be changed in our own environment for a first start; null removes. */
  static Map<String, @Nullable String> first(Config config) {
    var changes = new HashMap<String, @Nullable String>();
    if (!isWhole(config)) {
      config.environment().variables().keySet().stream()
          .filter(name -> !isVisible(config, name))
          .forEach(name -> changes.put(name, null));
    }
    changes.putAll(visible(config, new HashMap<>(config.childEnvironment())));
    return changes;
  }

  /** Those of {@code changes} that functions may see. */
  static Map<String, @Nullable String> visible(
      Config config, Map<String, @Nullable String> changes) {
    changes.keySet().removeIf(name -> !isVisible(config, name));
    return changes;
  }

  private static boolean isVisible(Config config, String name) {
    List<String> named = config.functions().visibleVariables();
    return named.isEmpty() || named.contains(name) || NEEDED.contains(name);
  }
}
