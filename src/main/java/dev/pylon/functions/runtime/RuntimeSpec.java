package dev.pylon.functions.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How runtimes are started.
 *
 * @param bun the Bun executable
 * @param script the runtime script
 * @param builtIn whether the script is ours: then it can wait on standby and run calls side by side
 * @param directory the working directory of the children
 * @param functions the functions directory
 * @param environment changes to our own environment; a null value removes
 * @param envFiles whether Bun may add what the env files of the directory say
 * @param workers how many runtimes share the calls
 * @param callsMax calls in flight on one runtime
 * @param waitingMax calls that may wait for a place
 * @param patience how long each of them waits
 * @param drain how long a replaced runtime may finish its calls
 * @param memoryBytesMax what one may hold of memory, where the system tells what it does
 */
public record RuntimeSpec(
    Path bun,
    Path script,
    boolean builtIn,
    Path directory,
    Path functions,
    Map<String, @Nullable String> environment,
    boolean envFiles,
    int workers,
    int callsMax,
    int waitingMax,
    Duration patience,
    Duration drain,
    long memoryBytesMax) {

  /**
   * From the start of a runtime, or the order to load, to its {@code ready} (functions contract,
   * 2.2).
   */
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  List<String> command(boolean standby) {
    var command =
        new ArrayList<>(
            List.of(bun.toString(), "run", "--no-install", script.toString(), functionsArgument()));
    if (!envFiles) {
      command.add(2, "--env-file=/dev/null");
    }
    if (standby) {
      command.add("--standby");
    }
    return command;
  }

  /**
   * A foreign runtime loads nothing from an absolute path: it gets one relative to its directory.
   */
  private String functionsArgument() {
    Path from = directory.toAbsolutePath().normalize();
    Path to = functions.toAbsolutePath().normalize();
    if (builtIn || !from.getRoot().equals(to.getRoot())) {
      return to.toString();
    }
    String relative = from.relativize(to).toString();
    return relative.isEmpty() ? "." : relative;
  }
}
