package dev.pylon.server.routes;

import dev.pylon.jobs.Job;
import dev.pylon.jobs.JobDesk;
import dev.pylon.jobs.JobError;
import dev.pylon.jobs.JobRequest;
import dev.pylon.jobs.JobStats;
import dev.pylon.jobs.Priority;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/jobs}: the queue as operators see it (services contract, 1.6 and 1.7). Admins only.
 */
public final class JobRoutes {
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;

  /** The longest delay, in milliseconds: a hundred years, so that no sum of times overflows. */
  private static final long DELAY_MAX = TimeUnit.DAYS.toMillis(36_500);

  /** At the longest pause between attempts, more than a month of them. */
  private static final long RETRIES_MAX = 10_000;

  private final Supplier<Optional<JobDesk>> jobs;
  private final Supplier<List<String>> handlers;
  private final Callers callers;

  /**
   * @param jobs empty while there is nothing to serve
   * @param handlers names of the functions that jobs can run now
   */
  public JobRoutes(
      Supplier<Optional<JobDesk>> jobs, Supplier<List<String>> handlers, Callers callers) {
    this.jobs = jobs;
    this.handlers = handlers;
    this.callers = callers;
  }

  public void addTo(Router router) {
    router.on("POST", "/api/jobs", this::enqueue);
    router.on("GET", "/api/jobs", this::list);
    router.on("GET", "/api/jobs/stats", this::stats);
    router.on("GET", "/api/jobs/dead", this::dead);
    router.on("POST", "/api/jobs/dead/{id}/retry", this::retry);
    router.on("GET", "/api/jobs/{id}", this::one);
    router.on("DELETE", "/api/jobs/{id}", this::cancel);
  }

  /** The queue, for an admin. */
  private JobDesk desk(Request request) {
    callers.requireAdmin(request);
    return jobs.get()
        .orElseThrow(
            () -> new PylonException(JobError.JOBS_NOT_AVAILABLE, "There is no job queue yet"));
  }

  private Response enqueue(Request request, List<String> none) {
    JobDesk desk = desk(request);
    Map<?, ?> body = body(request);
    if (!(body.get("name") instanceof String name) || name.isBlank()) {
      throw new PylonException(
          JobError.MISSING_NAME, "\"name\" must be the name of the function to run");
    }
    var wish =
        new JobRequest(
            name,
            body.containsKey("payload") ? Json.raw(body.get("payload")) : RawJson.EMPTY_OBJECT,
            body.get("priority") instanceof String text ? Priority.parse(text) : Priority.NORMAL,
            body.get("queue") instanceof String queue ? queue : "default",
            (int) Math.min(RETRIES_MAX, whole(body, "max_retries", JobRequest.MAX_RETRIES)));
    String id = desk.enqueue(wish, delayMillis(body));
    return Response.json(201, Json.object("id", id, "status", Job.Status.PENDING.text()));
  }

  /** Anything that is JSON; what is no object has no members. */
  private static Map<?, ?> body(Request request) {
    return JsonBody.of(request) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static long delayMillis(Map<?, ?> body) {
    long millis = whole(body, "delay_ms", -1);
    return millis >= 0
        ? Math.min(DELAY_MAX, millis)
        : TimeUnit.SECONDS.toMillis(
            Math.min(TimeUnit.MILLISECONDS.toSeconds(DELAY_MAX), whole(body, "delay_secs", 0)));
  }

  /** A whole number that is not negative; everything else counts as absent. */
  private static long whole(Map<?, ?> body, String name, long otherwise) {
    return body.get(name) instanceof Long number && number >= 0 ? number : otherwise;
  }

  private Response list(Request request, List<String> none) {
    JobDesk desk = desk(request);
    Optional<String> status = request.parameter("status");
    Optional<Job.Status> known = status.flatMap(JobRoutes::status);
    if (status.isPresent() && known.isEmpty()) {
      return Response.json(200, List.of());
    }
    return Response.json(
        200,
        json(
            desk.list(
                known.orElse(null), request.parameter("queue").orElse(null), limit(request))));
  }

  private static Optional<Job.Status> status(String text) {
    for (Job.Status status : Job.Status.values()) {
      if (status.text().equals(text)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /** At least one, as the contract has it. */
  private static int limit(Request request) {
    try {
      int limit = request.parameter("limit").map(Integer::parseInt).orElse(LIMIT_DEFAULT);
      return limit < 0 ? LIMIT_DEFAULT : Math.clamp(limit, 1, LIMIT_MAX);
    } catch (NumberFormatException _) {
      return LIMIT_DEFAULT;
    }
  }

  private Response stats(Request request, List<String> none) {
    JobStats stats = desk(request).stats();
    return Response.json(
        200,
        Json.object(
            "pending", stats.pending(),
            "running", stats.running(),
            "completed", stats.completed(),
            "failed", stats.failed(),
            "dead", stats.dead(),
            "handlers", handlers.get()));
  }

  private Response dead(Request request, List<String> none) {
    return Response.json(200, json(desk(request).list(Job.Status.DEAD, null, LIMIT_MAX)));
  }

  private Response retry(Request request, List<String> path) {
    String id = path.getFirst();
    if (!desk(request).revive(id)) {
      throw notFound("dead job", id);
    }
    return Response.json(200, Json.object("retried", true, "id", id));
  }

  private Response one(Request request, List<String> path) {
    String id = path.getFirst();
    return Response.json(200, json(desk(request).find(id).orElseThrow(() -> notFound("job", id))));
  }

  private Response cancel(Request request, List<String> path) {
    String id = path.getFirst();
    JobDesk desk = desk(request);
    if (!desk.cancel(id)) {
      Job job = desk.find(id).orElseThrow(() -> notFound("job", id));
      throw new PylonException(
          JobError.JOB_NOT_WAITING,
          "%s is %s; only a job that waits can be cancelled".formatted(id, job.status().text()));
    }
    return Response.json(200, Json.object("cancelled", true, "id", id));
  }

  private static PylonException notFound(String what, String id) {
    return new PylonException(HttpError.NOT_FOUND, "No %s with id \"%s\"".formatted(what, id));
  }

  // ---- as JSON ----

  private static List<Map<String, @Nullable Object>> json(List<Job> jobs) {
    return jobs.stream().map(JobRoutes::json).toList();
  }

  private static Map<String, @Nullable Object> json(Job job) {
    return Json.object(
        "id", job.id(),
        "name", job.function(),
        "payload", job.args(),
        "priority", job.priority().text(),
        "status", job.status().text(),
        "max_retries", job.maxRetries(),
        "retry_count", job.retryCount(),
        "created_at", seconds(job.createdMillis()),
        "started_at", seconds(job.startedMillis()),
        "completed_at", seconds(job.completedMillis()),
        "error", job.error(),
        "delay_secs", Math.ceilDiv(job.delayMillis(), 1_000L),
        "queue", job.queue(),
        "next_run_at", job.status().isWaiting() ? job.dueMillis() : null);
  }

  /** Seconds since 1970 with a {@code Z}, which is not ISO 8601 (services contract, 1.7). */
  private static @Nullable String seconds(@Nullable Long millis) {
    return millis == null ? null : Math.floorDiv(millis, 1_000L) + "Z";
  }
}
