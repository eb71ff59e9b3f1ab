package dev.pylon.functions;

import dev.pylon.json.RawJson;
import dev.pylon.model.PylonException;
import dev.pylon.store.Transaction;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes down what is to run later, as a queue would: with the transaction it belongs to. */
public final class RecordingScheduler implements Scheduler {
  private final List<Job> jobs = new CopyOnWriteArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private volatile @Nullable PylonException refusal;

  /** Something to run later. */
  public record Job(String id, String function, String args, long dueMillis) {}

  @Override
  public String schedule(@Nullable Transaction tx, String function, RawJson args, long dueMillis) {
    PylonException because = refusal;
    if (because != null) {
      throw because;
    }
    var job = new Job("job_" + numbers.incrementAndGet(), function, args.toString(), dueMillis);
    if (tx == null) {
      jobs.add(job);
    } else {
      tx.afterCommit(() -> jobs.add(job));
    }
    return job.id();
  }

  @Override
  public boolean cancel(@Nullable Transaction tx, String jobId) {
    return jobs.removeIf(job -> job.id().equals(jobId));
  }

  /** Takes no more, as a queue whose database is away. */
  void refuses(@Nullable PylonException because) {
    refusal = because;
  }

  public List<Job> jobs() {
    return List.copyOf(jobs);
  }
}
