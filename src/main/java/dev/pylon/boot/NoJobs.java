package dev.pylon.boot;

import dev.pylon.functions.Scheduler;
import dev.pylon.json.RawJson;
import dev.pylon.model.PylonException;
import dev.pylon.store.StoreError;
import dev.pylon.store.Transaction;
import org.jspecify.annotations.Nullable;

/** Refuses to keep anything for later: this server has no job queue. */
final class NoJobs implements Scheduler {
  @Override
  public String schedule(@Nullable Transaction tx, String function, RawJson args, long dueMillis) {
    throw refusal();
  }

  @Override
  public boolean cancel(@Nullable Transaction tx, String jobId) {
    throw refusal();
  }

  private static PylonException refusal() {
    return new PylonException(StoreError.NOT_SUPPORTED, "This server cannot run functions later");
  }
}
