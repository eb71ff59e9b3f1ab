package dev.pylon.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an operator asks of the queue, and does to it. Thread-safe. */
public final class JobDesk {
  private final JobQueue queue;

  public JobDesk(JobQueue queue) {
    this.queue = queue;
  }

  /**
   * Adds a job that is due in {@code delayMillis}; returns its id.
   *
   * @throws dev.pylon.model.PylonException {@code ENQUEUE_FAILED}
   */
  public String enqueue(JobRequest request, long delayMillis) {
    return queue.schedule(null, request, delayMillis);
  }

  public Optional<Job> find(String jobId) {
    return queue.find(jobId);
  }

  /**
   * Jobs that wait in the order of their turn, then those that run, then those that have ended,
   * oldest end first.
   *
   * @param status null for all
   * @param label the queue's name, null for all
   * @param max jobs in the answer
   */
  public List<Job> list(Job.@Nullable Status status, @Nullable String label, int max) {
    return queue.read(session -> {
      var jobs = new ArrayList<Job>();
      for (JobTable.Shelf shelf : JobTable.Shelf.values()) {
        Set<Job.Status> wanted =
            status == null
                ? shelf.statuses()
                : shelf.statuses().contains(status) ? Set.of(status) : Set.of();
        if (!wanted.isEmpty() && jobs.size() < max) {
          jobs.addAll(JobTable.list(session, shelf, wanted, label, max - jobs.size()));
        }
      }
      return List.copyOf(jobs);
    });
  }

  public JobStats stats() {
    return queue.read(session ->
        new JobStats(
            JobTable.count(session, JobTable.Shelf.WAITING.statuses()),
            JobTable.count(session, Set.of(Job.Status.RUNNING)),
            queue.completed(),
            queue.failed(),
            JobTable.count(session, Set.of(Job.Status.DEAD))));
  }

  /** Gives a dead job all its attempts again, from now; false where there is no such dead job. */
  public boolean revive(String jobId) {
    return queue.revive(jobId);
  }

  /** Returns whether there was such a job and it had not begun. */
  public boolean cancel(String jobId) {
    return queue.cancel(null, jobId);
  }
}
