package dev.pylon.jobs;

import dev.pylon.json.RawJson;

/**
 * One wish to run a function later.
 *
 * @param queue a label to find jobs by; every worker takes from all
 * @param maxRetries attempts after the first
 */
public record JobRequest(
    String function, RawJson args, Priority priority, String queue, int maxRetries) {
  /** Attempts after the first, where nobody says how many. */
  public static final int MAX_RETRIES = 3;

  /** What a handler schedules. */
  static JobRequest ofFunction(String function, RawJson args) {
    return new JobRequest(function, args, Priority.NORMAL, "functions", MAX_RETRIES);
  }
}
