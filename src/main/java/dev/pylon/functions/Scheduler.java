package dev.pylon.functions;

import dev.pylon.json.RawJson;
import dev.pylon.store.Transaction;
import org.jspecify.annotations.Nullable;

/** Keeps "run this function later" for handlers, in the caller's transaction where there is one. */
public interface Scheduler {

  /**
   * Runs {@code function} at {@code dueMillis} or soon after, never before.
   *
   * @param tx the transaction it belongs to; null where it stands for itself
   * @param dueMillis since 1970; a past moment means now
   * @return the job's id, valid once the transaction has committed
   */
  String schedule(@Nullable Transaction tx, String function, RawJson args, long dueMillis);

  /** Returns whether there was such a job and it had not begun. */
  boolean cancel(@Nullable Transaction tx, String jobId);
}
