package dev.pylon.jobs;

import java.time.Duration;

/**
 * @param workers jobs that run at once
 * @param lease how long a job is ours without a word; a crash delays it by as much
 * @param retention how long what has ended is kept to be looked at
 */
public record JobSettings(int workers, Duration lease, Duration retention) {
  public static final JobSettings DEFAULT =
      new JobSettings(
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          Duration.ofSeconds(60),
          Duration.ofHours(168));
}
