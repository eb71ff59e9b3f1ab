package dev.pylon.jobs;

import dev.pylon.db.Columns;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements of the queue. Every method runs in the session it is given. */
final class JobTable {
  /** What was thrown may be long; what is kept of it is not. */
  private static final int ERROR_CHARS_MAX = 4_000;

  /** Ended jobs removed in one go. */
  private static final int SWEEP_MAX = 1_000;

  private static final String COLUMNS =
      "seq, name, payload, priority, queue, status, max_retries, retry_count, delay_ms, created_ms,"
          + " due_ms, started_ms, completed_ms, error";

  private JobTable() {}

  /**
   * Makes the tables, unless they are there; passing ones hide those of the file.
   *
   * <p>A lease is a row of the worker and not of the job: to renew it must not get in the way of a
   * long mutation, which ends its job in its own transaction.
   */
  static int create(Session session, boolean passing) {
    String kind = passing ? "TEMPORARY" : "";
    session.execute(
        Sql.of(
            """
            CREATE %s TABLE IF NOT EXISTS _pylon_jobs (
              seq %s,
              name TEXT NOT NULL,
              payload TEXT NOT NULL,
              priority INTEGER NOT NULL,
              queue TEXT NOT NULL,
              status TEXT NOT NULL,
              max_retries INTEGER NOT NULL,
              retry_count INTEGER NOT NULL,
              delay_ms BIGINT NOT NULL,
              created_ms BIGINT NOT NULL,
              due_ms BIGINT NOT NULL,
              started_ms BIGINT,
              completed_ms BIGINT,
              error TEXT,
              parked INTEGER NOT NULL,
              claimed_by TEXT)\
            """
                .formatted(kind, session.dialect().sequence())));
    session.execute(
        Sql.of(
            """
            CREATE %s TABLE IF NOT EXISTS _pylon_job_workers (
              worker TEXT PRIMARY KEY NOT NULL,
              lease_ms BIGINT NOT NULL)\
            """
                .formatted(kind)));
    return session.execute(
        Sql.of(
            "CREATE INDEX IF NOT EXISTS %s_pylon_jobs_due ON _pylon_jobs (status, due_ms)"
                .formatted(passing ? "temp." : "")));
  }

  /** Writes a new job and returns its number. */
  static long insert(Session session, JobRequest request, long now, long due) {
    return Objects.requireNonNull(
        session.first(
            Sql.of(
                """
                INSERT INTO _pylon_jobs (name, payload, priority, queue, status, max_retries,
                    retry_count, delay_ms, created_ms, due_ms, parked)
                  VALUES (?, ?, ?, ?, 'pending', ?, 0, ?, ?, ?, 0)
                  RETURNING seq\
                """,
                request.function(),
                request.args().toString(),
                request.priority().ordinal(),
                request.queue(),
                request.maxRetries(),
                Math.max(0, due - now),
                now,
                due),
            row -> row.integer(0)));
  }

  /** Returns whether the job was there and had not begun. */
  static boolean cancel(Session session, long seq, long now) {
    return session.execute(
            Sql.of(
                "UPDATE _pylon_jobs SET status = 'cancelled', completed_ms = ?, parked = 0"
                    + " WHERE seq = ? AND status IN ('pending', 'retrying')",
                now,
                seq))
        > 0;
  }

  /**
   * Takes up to {@code count} jobs that are due, the most urgent first, until {@code leaseUntil}.
   * Goes by {@code _pylon_jobs_due}.
   */
  static List<Job> claim(Session session, String worker, int count, long now, long leaseUntil) {
    List<Job> jobs =
        session.list(
            Sql.of(
                """
                UPDATE _pylon_jobs
                  SET status = 'running', started_ms = ?, claimed_by = ?, parked = 0
                  WHERE seq IN (
                    SELECT seq FROM _pylon_jobs
                      WHERE status IN ('pending', 'retrying') AND due_ms <= ?
                      ORDER BY priority DESC, due_ms, seq LIMIT ? %s)
                  RETURNING %s\
                """
                    .formatted(session.dialect().skipLocked(), COLUMNS),
                now,
                worker,
                now,
                count),
            JobTable::job);
    if (!jobs.isEmpty()) {
      renew(session, worker, leaseUntil);
    }
    return jobs.stream()
        .sorted(
            Comparator.comparing(Job::priority)
                .reversed()
                .thenComparingLong(Job::dueMillis)
                .thenComparingLong(Job::seq))
        .toList();
  }

  /** Says that {@code worker} is still at its jobs. */
  static int renew(Session session, String worker, long leaseUntil) {
    return session.execute(
        Sql.of(
            "INSERT INTO _pylon_job_workers (worker, lease_ms) VALUES (?, ?)"
                + " ON CONFLICT (worker) DO UPDATE SET lease_ms = excluded.lease_ms",
            worker,
            leaseUntil));
  }

  /** Takes over jobs of others whose lease has run out: whoever had them is gone. */
  static List<Job> takeOver(Session session, String worker, long now) {
    return session.list(
        Sql.of(
            """
            UPDATE _pylon_jobs SET claimed_by = ?
              WHERE status = 'running' AND claimed_by <> ? AND NOT EXISTS (
                SELECT 1 FROM _pylon_job_workers AS w
                  WHERE w.worker = _pylon_jobs.claimed_by AND w.lease_ms >= ?)
              RETURNING %s\
            """
                .formatted(COLUMNS),
            worker,
            worker,
            now),
        JobTable::job);
  }

  /**
   * Writes how an attempt ended.
   *
   * @param worker who made it; nothing is written where the job is somebody else's by now
   * @return whether it was written
   */
  static boolean end(Session session, Ending ending, String worker) {
    return session.execute(
            Sql.of(
                """
                UPDATE _pylon_jobs
                  SET status = ?, retry_count = ?, due_ms = ?, completed_ms = ?, error = ?, parked = ?,
                      started_ms = CASE WHEN ? = 1 THEN started_ms ELSE NULL END,
                      claimed_by = NULL
                  WHERE seq = ? AND status = 'running' AND claimed_by = ?\
                """,
                ending.status().text(),
                ending.retryCount(),
                ending.dueMillis(),
                ending.completedMillis(),
                cut(ending.error()),
                ending.parked() ? 1 : 0,
                ending.completedMillis() == null ? 0 : 1,
                ending.seq(),
                worker))
        > 0;
  }

  /** Gives back what {@code worker} has not finished; no attempt is lost. */
  static int giveBack(Session session, String worker) {
    return session.execute(
        Sql.of(
            "UPDATE _pylon_jobs SET status = 'pending', started_ms = NULL, claimed_by = NULL"
                + " WHERE status = 'running' AND claimed_by = ?",
            worker));
  }

  private static @Nullable String cut(@Nullable String error) {
    return error == null || error.length() <= ERROR_CHARS_MAX
        ? error
        : error.substring(0, ERROR_CHARS_MAX);
  }

  /** What a job becomes after an attempt. */
  record Ending(
      long seq,
      Job.Status status,
      int retryCount,
      long dueMillis,
      @Nullable Long completedMillis,
      @Nullable String error,
      boolean parked) {}

  /** Makes parked jobs due. */
  static int unpark(Session session, long now) {
    return session.execute(
        Sql.of(
            "UPDATE _pylon_jobs SET parked = 0, due_ms = ? WHERE status = 'pending' AND parked = 1",
            now));
  }

  /** When the next job is due, or the next lease of somebody else runs out. */
  static OptionalLong nextMoment(Session session, String worker) {
    return Objects.requireNonNull(
        session.first(
            Sql.of(
                """
                SELECT min(moment) FROM (
                  SELECT min(due_ms) AS moment FROM _pylon_jobs
                    WHERE status IN ('pending', 'retrying')
                  UNION ALL
                  SELECT min(coalesce(w.lease_ms, 0)) + 1
                    FROM _pylon_jobs AS j LEFT JOIN _pylon_job_workers AS w ON w.worker = j.claimed_by
                    WHERE j.status = 'running' AND j.claimed_by <> ?) AS moments\
                """,
                worker),
            row -> moment(row.integerOrNull(0))));
  }

  private static OptionalLong moment(@Nullable Long millis) {
    return millis == null ? OptionalLong.empty() : OptionalLong.of(millis);
  }

  /** Removes some of what ended before {@code moment}, and the leases that did. */
  static int sweep(Session session, long moment) {
    session.execute(Sql.of("DELETE FROM _pylon_job_workers WHERE lease_ms < ?", moment));
    return session.execute(
        Sql.of(
            """
            DELETE FROM _pylon_jobs WHERE seq IN (
              SELECT seq FROM _pylon_jobs
                WHERE status IN ('completed', 'dead', 'cancelled') AND completed_ms < ? LIMIT ?)\
            """,
            moment,
            SWEEP_MAX));
  }

  /** Makes a dead job due at {@code now}, with all its attempts. */
  static boolean revive(Session session, long seq, long now) {
    return session.execute(
            Sql.of(
                """
                UPDATE _pylon_jobs
                  SET status = 'pending', retry_count = 0, due_ms = ?, error = NULL,
                      started_ms = NULL, completed_ms = NULL
                  WHERE seq = ? AND status = 'dead'\
                """,
                now,
                seq))
        > 0;
  }

  /** The workers that have jobs running, {@code except} one. */
  static List<String> others(Session session, String except) {
    return session.list(
        Sql.of(
            "SELECT DISTINCT claimed_by FROM _pylon_jobs WHERE status = 'running' AND claimed_by <>"
                + " ?",
            except),
        row -> text(row, 0));
  }

  /** Ends the lease of a worker that is known to be gone. */
  static int expire(Session session, String worker) {
    return session.execute(Sql.of("DELETE FROM _pylon_job_workers WHERE worker = ?", worker));
  }

  /** Where jobs stand in a list, and in which order. */
  enum Shelf {
    WAITING("priority DESC, due_ms, seq", Job.Status.PENDING, Job.Status.RETRYING),
    RUNNING("started_ms, seq", Job.Status.RUNNING),
    ENDED("completed_ms, seq", Job.Status.COMPLETED, Job.Status.DEAD, Job.Status.CANCELLED);

    private final String order;
    private final Set<Job.Status> statuses;

    Shelf(String order, Job.Status... statuses) {
      this.order = order;
      this.statuses = Set.of(statuses);
    }

    Set<Job.Status> statuses() {
      return statuses;
    }
  }

  /** Goes by {@code _pylon_jobs_due}, then sorts. */
  static List<Job> list(
      Session session, Shelf shelf, Set<Job.Status> statuses, @Nullable String queue, int max) {
    return session.list(
        Sql.of(
            """
            SELECT %s FROM _pylon_jobs
              WHERE status IN (%s) AND queue = coalesce(?, queue) ORDER BY %s LIMIT ?\
            """
                .formatted(COLUMNS, in(statuses), shelf.order),
            queue,
            max),
        JobTable::job);
  }

  /** Goes by {@code _pylon_jobs_due}. */
  static long count(Session session, Set<Job.Status> statuses) {
    return Objects.requireNonNull(
        session.first(
            Sql.of("SELECT count(*) FROM _pylon_jobs WHERE status IN (%s)".formatted(in(statuses))),
            row -> row.integer(0)));
  }

  private static String in(Set<Job.Status> statuses) {
    return statuses.stream()
        .map(status -> "'" + status.text() + "'")
        .collect(Collectors.joining(", "));
  }

  static Optional<Job> find(Session session, long seq) {
    return session.one(
        Sql.of("SELECT %s FROM _pylon_jobs WHERE seq = ?".formatted(COLUMNS), seq), JobTable::job);
  }

  private static Job job(Columns row) {
    return new Job(
        row.integer(0),
        text(row, 1),
        RawJson.trusted(text(row, 2).getBytes(StandardCharsets.UTF_8)),
        Priority.values()[(int) row.integer(3)],
        text(row, 4),
        Job.Status.parse(text(row, 5)),
        (int) row.integer(6),
        (int) row.integer(7),
        row.integer(8),
        row.integer(9),
        row.integer(10),
        row.integerOrNull(11),
        row.integerOrNull(12),
        row.text(13));
  }

  private static String text(Columns row, int column) {
    return Objects.requireNonNull(row.text(column));
  }
}
