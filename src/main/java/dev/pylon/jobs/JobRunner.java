package dev.pylon.jobs;

/** Does what jobs are for. */
@FunctionalInterface
public interface JobRunner {

  /** Makes one attempt and says how it ended. Blocks; called on a virtual thread. */
  Outcome run(Job job);

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
