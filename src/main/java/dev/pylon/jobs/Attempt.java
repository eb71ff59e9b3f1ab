package dev.pylon.jobs;

import dev.pylon.db.DatabaseException;
import dev.pylon.model.PylonException;
import dev.pylon.store.Transaction;

/**
 * One run of a job, from the claim to the line that says how it ended. Confined to its thread, but
 * for the transaction that may end it.
 */
final class Attempt implements JobRunner.Completion {
  private static final System.Logger LOG = System.getLogger(Attempt.class.getName());

  private final JobQueue queue;
  private final Job job;
  private volatile boolean committed;

  Attempt(JobQueue queue, Job job) {
    this.queue = queue;
    this.job = job;
  }

  /** Runs the job and sees that its end is written down. */
  void run(JobRunner runner) {
    JobRunner.Outcome outcome = outcome(runner);
    if (committed) {
      queue.countCompleted();
    } else {
      queue.end(job, outcome);
    }
  }

  private JobRunner.Outcome outcome(JobRunner runner) {
    try {
      return runner.run(job, this);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a job could not be run job=" + job.id(), e);
      return new JobRunner.Outcome.Failed("INTERNAL: " + e.getClass().getSimpleName());
    }
  }

  /** Ends the job within the transaction of its effect. */
  @Override
  public void in(Transaction tx) {
    try {
      if (!queue.endIn(tx, job)) {
        throw new PylonException(JobError.JOB_LOST, job.id() + " was given to another worker");
      }
      tx.afterCommit(() -> committed = true);
    } catch (DatabaseException e) {
      throw new PylonException(JobError.JOB_LOST, job.id() + " could not be marked as done", e);
    }
  }
}
