package dev.pylon.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How jobs run.
 *
 * @param workers jobs that run at once
 * @param retention how long jobs that have ended are kept
 * @param inMemory whether jobs end with the server and leave the database file alone
 * @param earlier where a server with a job file of its own would have left jobs; null where it
 *     would not
 */
public record JobsConfig(
    int workers, Duration retention, boolean inMemory, @Nullable Path earlier) {}
