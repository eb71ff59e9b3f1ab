package dev.pylon.jobs;

import dev.pylon.jobs.JobTable.Ending;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What becomes of a job after an attempt: whether it runs again, and when. Thread-safe where the
 * source of chance is.
 */
final class Endings {
  /** The longest pause between two attempts. */
  private static final long PAUSE_MILLIS_MAX = 300_000;

  /**
   * How soon a job that nobody could run is tried again, should word of new functions be missed.
   */
  private static final Duration PARKED = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final RandomGenerator random;

  Endings(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** The ending of {@code job} that {@code outcome} is, now. */
  Ending of(Job job, JobRunner.Outcome outcome) {
    long now = clock.millis();
    int count = job.retryCount();
    return switch (outcome) {
      case JobRunner.Outcome.Done() ->
          new Ending(job.seq(), Job.Status.COMPLETED, count, job.dueMillis(), now, null, false);
      case JobRunner.Outcome.Failed(var error) when job.isLastAttempt() ->
          new Ending(job.seq(), Job.Status.DEAD, count, job.dueMillis(), now, error, false);
      case JobRunner.Outcome.Failed(var error) ->
          new Ending(
              job.seq(),
              Job.Status.RETRYING,
              count + 1,
              now + pause(count + 1),
              null,
              error,
              false);
      case JobRunner.Outcome.Unavailable(var error) ->
          new Ending(job.seq(), Job.Status.RETRYING, count, now + pause(count), null, error, false);
      case JobRunner.Outcome.NoHandler(var error) ->
          new Ending(
              job.seq(), Job.Status.PENDING, count, now + PARKED.toMillis(), null, error, true);
    };
  }

  /**
   * {@code 2^retries} seconds, half to one and a half times as long, so that failures do not march
   * in step.
   */
  private long pause(int retries) {
    double seconds = Math.pow(2, Math.min(retries, 20)) * random.nextDouble(0.5, 1.5);
    return Math.min(PAUSE_MILLIS_MAX, Math.round(seconds * 1_000));
  }
}
