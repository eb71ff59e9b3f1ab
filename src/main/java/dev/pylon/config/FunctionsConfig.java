package dev.pylon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How functions run.
 *
 * @param directory absolute; it need not exist
 * @param runtime a script of the user's own, or {@code project}; null for the built-in one
 * @param bun the executable somebody named; null to look for one
 * @param workers Bun processes beside the warm spare
 * @param callTimeout longest a call may run, counted from its place
 * @param queueTimeout longest a call waits for a place
 * @param memoryBytesMax most memory a Bun process may hold
 * @param visibleVariables what functions see of the environment; all of it where empty
 */
public record FunctionsConfig(
    Path directory,
    @Nullable String runtime,
    @Nullable Path bun,
    int workers,
    Duration callTimeout,
    Duration queueTimeout,
    long memoryBytesMax,
    List<String> visibleVariables,
    RateLimit rateLimit) {
  public FunctionsConfig {
    visibleVariables = List.copyOf(visibleVariables);
  }
}
