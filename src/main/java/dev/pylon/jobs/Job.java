package dev.pylon.jobs;

import dev.pylon.json.RawJson;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing to be done later, as it stands in the queue. Times are milliseconds since 1970.
 *
 * @param seq its place in the order of making; also its id, {@code job_<seq>}
 * @param function the function it runs
 * @param maxRetries attempts after the first
 * @param retryCount attempts that have failed and counted
 * @param delayMillis from its making to its first due time
 * @param dueMillis when it may next run; meaningful while it waits
 * @param error what the last attempt failed with, or why it is parked
 */
public record Job(
    long seq,
    String function,
    RawJson args,
    Priority priority,
    String queue,
    Status status,
    int maxRetries,
    int retryCount,
    long delayMillis,
    long createdMillis,
    long dueMillis,
    @Nullable Long startedMillis,
    @Nullable Long completedMillis,
    @Nullable String error) {

  /**
   * Where a job stands:
   *
   * <pre>
   *   PENDING, RETRYING ──► RUNNING ──► COMPLETED
   *        │                   ├──────► RETRYING      failed, attempts remain
   *        │                   ├──────► PENDING       nobody to run it: parked until functions change
   *        ▼                   └──────► DEAD          failed, attempts used up
   *    CANCELLED
   * </pre>
   */
  public enum Status {
    PENDING,
    RETRYING,
    RUNNING,
    COMPLETED,
    DEAD,
    CANCELLED;

    /** As it is stored and shown. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether jobs that stand so have yet to begin, or to begin again. */
    public boolean isWaiting() {
      return this == PENDING || this == RETRYING;
    }

    static Status parse(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  public String id() {
    return "job_" + seq;
  }

  /** Which run the next or present one is, from 1. */
  public int attempt() {
    return retryCount + 1;
  }

  /** Whether a failure that counts would be the last. */
  boolean isLastAttempt() {
    return retryCount >= maxRetries;
  }
}
