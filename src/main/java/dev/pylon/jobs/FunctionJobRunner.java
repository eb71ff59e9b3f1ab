package dev.pylon.jobs;

import dev.pylon.functions.Answer;
import dev.pylon.functions.CallOutcome;
import dev.pylon.functions.FunctionRequest;
import dev.pylon.functions.Functions;
import dev.pylon.model.Identity;
import dev.pylon.trace.Source;
import java.util.Set;

/**
 * Runs jobs as calls of their function, without a user, as the system. The effect of a mutation
 * commits together with the end of its job, so it happens once; queries and actions run at least
 * once.
 */
public final class FunctionJobRunner implements JobRunner {
  /** Refusals that another version of the code ends. */
  private static final Set<String> NO_HANDLER = Set.of("FN_NOT_FOUND", "FN_LOAD_FAILED");

  private final Functions functions;

  public FunctionJobRunner(Functions functions) {
    this.functions = functions;
  }

  @Override
  public Outcome run(Job job, Completion completion) {
    var request =
        FunctionRequest.of(job.function(), job.args(), Identity.SYSTEM, Source.JOB)
            .attempt(job.attempt())
            .beforeCommit(completion::in);
    CallOutcome call = functions.call(request);
    return switch (call.answer()) {
      case Answer.Returned _ -> new Outcome.Done();
      case Answer.Failed failed -> outcome(failed, call.tookRuntimeDown());
    };
  }

  /**
   * The status tells our own refusals from an author's, who may throw any code, always with 400. A
   * timeout, or the end of the runtime under the handler, is the function's own failure: one that
   * always takes too long, or its process down, must come to an end.
   */
  private static Outcome outcome(Answer.Failed failed, boolean tookRuntimeDown) {
    String error = failed.code() + ": " + failed.message();
    if (failed.status() == 503 && !tookRuntimeDown) {
      return new Outcome.Unavailable(error);
    }
    return failed.status() != 400 && NO_HANDLER.contains(failed.code())
        ? new Outcome.NoHandler(error)
        : new Outcome.Failed(error);
  }
}
