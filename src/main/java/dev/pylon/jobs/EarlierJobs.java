package dev.pylon.jobs;

import dev.pylon.db.Columns;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The unfinished jobs of a job file as servers had it that kept jobs apart from rows (services
 * contract, 1.5). What was running begins again.
 *
 * @param origin which file this is, and with which content: the file is renamed only after the jobs
 *     are committed here, so a crash in between brings it again
 */
record EarlierJobs(String origin, List<Earlier> jobs) {

  private record Earlier(JobRequest request, long createdMillis, long delayMillis) {}

  static EarlierJobs read(Session session, String file) {
    List<Earlier> jobs =
        session.list(
            Sql.of(
                """
                SELECT name, payload, priority, queue, max_retries, created_at, delay_secs
                  FROM jobs WHERE status IN ('pending', 'running', 'retrying')
                  ORDER BY priority DESC, created_at\
                """),
            EarlierJobs::job);
    String content =
        Objects.requireNonNull(
            session.first(
                Sql.of("SELECT count(*) || ' ' || coalesce(max(created_at), '') FROM jobs"),
                row -> text(row, 0)));
    return new EarlierJobs(file + " " + content, jobs);
  }

  private static Earlier job(Columns row) {
    int rank = Math.clamp(row.integer(2), 0, Priority.values().length - 1);
    var request =
        new JobRequest(
            text(row, 0),
            Json.check(text(row, 1).getBytes(StandardCharsets.UTF_8)),
            Priority.values()[rank],
            text(row, 3),
            Math.clamp(row.integer(4), 0, Integer.MAX_VALUE));
    long seconds = Long.parseLong(text(row, 5).replace("Z", ""));
    return new Earlier(
        request,
        TimeUnit.SECONDS.toMillis(seconds),
        TimeUnit.SECONDS.toMillis(Math.max(0, row.integer(6))));
  }

  /** Writes the jobs unless they were written before; returns how many were. */
  int insertOnce(Session session) {
    session.execute(
        Sql.of("CREATE TABLE IF NOT EXISTS _pylon_jobs_taken_over (origin TEXT PRIMARY KEY)"));
    int first =
        session.execute(
            Sql.of(
                "INSERT INTO _pylon_jobs_taken_over (origin) VALUES (?) ON CONFLICT DO NOTHING",
                origin));
    if (first == 0) {
      return 0;
    }
    for (Earlier job : jobs) {
      JobTable.insert(
          session, job.request(), job.createdMillis(), job.createdMillis() + job.delayMillis());
    }
    return jobs.size();
  }

  private static String text(Columns row, int column) {
    return Objects.requireNonNull(row.text(column));
  }
}
