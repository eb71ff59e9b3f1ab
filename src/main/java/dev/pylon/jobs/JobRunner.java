package dev.pylon.jobs;

import dev.pylon.store.Transaction;

/** Does what jobs are for. */
@FunctionalInterface
public interface JobRunner {

  /**
   * Makes one attempt and says how it ended. Blocks; called on a virtual thread.
   *
   * @param completion to be called by who does the whole job in one transaction
   */
  Outcome run(Job job, Completion completion);

  /** The end of a job, written with its effect, so that no crash can part the two. */
  @FunctionalInterface
  interface Completion {
    /**
     * Marks the job as done in {@code tx}.
     *
     * @throws dev.pylon.model.PylonException {@code JOB_LOST} where somebody else has the job by
     *     now, or the mark could not be written: the transaction must not commit
     */
    void in(Transaction tx);
  }

  /** How an attempt ended. */
  sealed interface Outcome {
    record Done() implements Outcome {}

    /** The job's own failure: it costs an attempt. */
    record Failed(String error) implements Outcome {}

    /** Something it needs is away: it is tried again, and no attempt is lost. */
    record Unavailable(String error) implements Outcome {}

    /** There is nobody to run it: it is parked until functions change. */
    record NoHandler(String error) implements Outcome {}
  }
}
