package dev.pylon.cli.project;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Syntax;
import dev.pylon.config.ConfigError;
import dev.pylon.config.RunnerSettings;
import dev.pylon.config.Setting;
import dev.pylon.config.Settings;
import dev.pylon.model.PylonException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options that {@code dev} and {@code serve} share: settings that beat their variables. */
public final class ServerOptions {
  static final List<Setting<?>> VALUES =
      List.of(
          Settings.PORT,
          Settings.HOST,
          Settings.DB_PATH,
          RunnerSettings.FUNCTIONS_DIR,
          RunnerSettings.FN_WORKERS,
          RunnerSettings.BUN);

  static final List<Setting<?>> FLAGS = List.of(Settings.IN_MEMORY, Settings.ALLOW_INSECURE_DEV);

  private ServerOptions() {}

  public static void describe(Syntax syntax) {
    syntax
        .value("--port", "N", "Listen on this port; 0 takes any free one (4321, PYLON_PORT).")
        .value("--host", "ADDRESS", "Listen on these addresses, with commas between (PYLON_HOST).")
        .value("--db", "PATH", "The SQLite file, or a postgres:// URL (PYLON_DB_PATH).")
        .flag("--in-memory", "Use a database that ends with the server (PYLON_IN_MEMORY).")
        .value("--functions", "DIR", "Where the functions are (PYLON_FUNCTIONS_DIR).")
        .value("--workers", "N", "Bun processes that run functions (1, PYLON_FN_WORKERS).")
        .value("--bun", "PATH", "The Bun executable (PYLON_BUN).")
        .flag(
            "--allow-insecure-dev",
            "Give other machines what dev mode gives to this one (PYLON_ALLOW_INSECURE_DEV).");
  }

  /** What was typed of them, by option. */
  public static Map<String, String> typed(Line line) {
    var typed = new HashMap<String, String>();
    VALUES.forEach(
        setting -> line.value(flag(setting)).ifPresent(value -> typed.put(flag(setting), value)));
    FLAGS.stream()
        .filter(setting -> line.has(flag(setting)))
        .forEach(setting -> typed.put(flag(setting), "1"));
    return typed;
  }

  private static String flag(Setting<?> setting) {
    return String.valueOf(setting.flag());
  }

  /** The entry or manifest that was named, if one was. */
  public static @Nullable Path entry(Line line) {
    List<String> words = line.words();
    if (words.size() > 1) {
      throw Failure.usage("only one entry can be served, not " + String.join(" and ", words), null);
    }
    return words.isEmpty() ? null : Path.of(words.getFirst());
  }

  /** Work that reads settings, whose refusals end a command with the status of the table. */
  public interface Resolving<T> {
    T run() throws InterruptedException;
  }

  public static <T> T resolved(Resolving<T> work) throws InterruptedException {
    try {
      return work.run();
    } catch (PylonException e) {
      throw e.code() instanceof ConfigError error ? failure(error, e) : e;
    }
  }

  private static Failure failure(ConfigError error, PylonException e) {
    ExitStatus status =
        switch (error) {
          case INVALID_OPTION, DEV_NO_ENTRY, START_NO_ENTRY, AMBIGUOUS_ENTRY -> ExitStatus.USAGE;
          case INVALID_SETTING,
              DEV_ENTRY_NOT_FOUND,
              START_ENTRY_NOT_FOUND,
              CORS_ORIGIN_REQUIRED,
              UNSAFE_SETTING ->
              ExitStatus.FAILED;
        };
    @Nullable Object hint = e.details().get("hint");
    return new Failure(status, error.name(), e.message(), hint == null ? null : hint.toString());
  }
}
