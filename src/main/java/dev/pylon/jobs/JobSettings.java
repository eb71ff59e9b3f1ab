package dev.pylon.jobs;

import java.time.Duration;

/**
 * @param workers jobs that run at once
 * @param lease how long a job is ours without a word; a crash delays it by as much
 * @param retention how long what has ended is kept to be looked at
 * @param inMemory whether jobs end with the database session and leave its file alone; for a
 *     database that has one writing session
 */
public record JobSettings(int workers, Duration lease, Duration retention, boolean inMemory) {
  /**
   * Long beside every hiccup of a living process, short beside the patience of who waits for a dead
   * one.
   */
  public static final Duration LEASE = Duration.ofSeconds(60);
}
