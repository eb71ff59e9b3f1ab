package dev.pylon.functions;

import dev.pylon.json.RawJson;
import dev.pylon.store.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a mutation would leave behind. It runs as ever, to its end and in a transaction; then, where
 * it would commit, the transaction is rolled back, and what it held stands here.
 *
 * <p>Guarded by itself: jobs are noted where the store's statements run.
 */
public final class Rehearsal {
  /** Rows shown of one rehearsal; a seed function may write ten thousand. */
  static final int ROWS_MAX = 1_000;

  private static final int JOBS_MAX = 1_000;

  private final List<Job> jobs = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();
  private List<RowChange> rows = List.of();
  private int rowsDropped;

  /**
   * What became of one row, whatever happened to it on the way.
   *
   * @param before null for a row that is new
   * @param after null for a row that is gone
   */
  public record RowChange(
      String entity,
      String id,
      @Nullable Map<String, @Nullable Object> before,
      @Nullable Map<String, @Nullable Object> after) {

    private boolean isNone() {
      return before == null ? after == null : before.equals(after);
    }

    private RowChange then(Change change) {
      return new RowChange(entity, id, before, change.after());
    }
  }

  /**
   * A function that would run later.
   *
   * @param dueMillis since 1970
   */
  public record Job(String function, RawJson args, long dueMillis) {}

  /** The rows that would differ, in the order in which they were first touched. */
  public synchronized List<RowChange> rows() {
    return rows;
  }

  /** How many more than {@link #rows} would differ. */
  public synchronized int rowsDropped() {
    return rowsDropped;
  }

  public synchronized List<Job> jobs() {
    return List.copyOf(jobs);
  }

  /** The ids of jobs that would not run any more. */
  public synchronized List<String> cancelled() {
    return List.copyOf(cancelled);
  }

  synchronized void scheduled(String function, RawJson args, long dueMillis) {
    if (jobs.size() < JOBS_MAX) {
      jobs.add(new Job(function, args, dueMillis));
    }
  }

  synchronized void cancelled(String jobId) {
    if (cancelled.size() < JOBS_MAX) {
      cancelled.add(jobId);
    }
  }

  /** The handler begins anew, in another transaction. */
  synchronized void beginsAgain() {
    jobs.clear();
    cancelled.clear();
  }

  /** The handler has returned; {@code changes} are what its transaction holds, in order. */
  synchronized void ends(List<Change> changes) {
    record Key(String entity, String id) {}
    var net = new LinkedHashMap<Key, RowChange>();
    for (Change change : changes) {
      net.merge(
          new Key(change.entity(), change.rowId()),
          new RowChange(change.entity(), change.rowId(), change.before(), change.after()),
          (first, _) -> first.then(change));
    }
    List<RowChange> differing = net.values().stream().filter(row -> !row.isNone()).toList();
    rows = differing.subList(0, Math.min(ROWS_MAX, differing.size()));
    rowsDropped = differing.size() - rows.size();
  }
}
