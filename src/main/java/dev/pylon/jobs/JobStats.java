package dev.pylon.jobs;

/**
 * How the queue stands.
 *
 * @param pending that wait, retries included
 * @param completed by this process since its start
 * @param failed that died in this process since its start, whatever became of them
 * @param dead that are dead now
 */
public record JobStats(long pending, long running, long completed, long failed, long dead) {
  /** Where there is no queue. */
  public static final JobStats NONE = new JobStats(0, 0, 0, 0, 0);
}
