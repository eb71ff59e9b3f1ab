package dev.pylon.boot;

import dev.pylon.config.HttpConfig;
import dev.pylon.db.Database;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.functions.runtime.RuntimePool;
import dev.pylon.jobs.JobDesk;
import dev.pylon.jobs.JobQueue;
import dev.pylon.jobs.JobStats;
import dev.pylon.server.AccessLog;
import dev.pylon.server.HttpServer;
import dev.pylon.server.Router;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.metrics.Gauge;
import dev.pylon.server.metrics.RequestCounts;
import dev.pylon.server.routes.Callers;
import dev.pylon.server.routes.HealthRoutes;
import dev.pylon.server.routes.MetricsRoutes;
import dev.pylon.server.routes.Readiness;
import dev.pylon.server.routes.ReadinessRoutes;
import dev.pylon.trace.Traces;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What operators ask of a server: whether it is ready, what it counts, who came. */
final class Monitoring implements AutoCloseable {
  private final Parts parts;
  private final Readiness readiness;
  private @Nullable RequestCounts requests;
  private volatile @Nullable HttpServer http;
  private @Nullable AccessLog accessLog;

  /** What is looked at; each may not be there yet. */
  record Parts(
      Supplier<@Nullable Database> database,
      Supplier<@Nullable RuntimePool> functions,
      Supplier<@Nullable JobQueue> jobs,
      Traces traces) {}

  Monitoring(Parts parts) {
    this.parts = parts;
    this.readiness =
        new Readiness(
            List.of(
                new Readiness.Check("database", this::databaseAnswers),
                new Readiness.Check("functions", this::functionsAnswer)));
  }

  /** Adds its endpoints, behind all others: what they are about is counted by area. */
  void addTo(
      Router router,
      HealthRoutes.Availability serving,
      Callers callers,
      HttpConfig config,
      InstantSource clock) {
    var counts = new RequestCounts(router.endpoints().stream().map(Router.Endpoint::path).toList());
    requests = counts;
    new ReadinessRoutes(serving, readiness).addTo(router);
    new MetricsRoutes(counts, this::gauges, callers, config.devMode(), clock).addTo(router);
  }

  /** Hears of every request of {@code server}, and writes it down where that is wanted. */
  void watch(HttpServer server, HttpConfig config, InstantSource clock) {
    http = server;
    RequestCounts counts = requests;
    if (counts != null) {
      server.onAnswer(counts);
    }
    if (config.accessLog()) {
      var log = new AccessLog(Logging.stream(), new ClientAddress(config.trustProxyHops()), clock);
      accessLog = log;
      server.onAnswer(log);
    }
  }

  /** From now on nothing should be sent to us. */
  void leave() {
    readiness.leave();
  }

  private boolean databaseAnswers() {
    Database opened = parts.database().get();
    return opened != null && opened.read(Monitoring::answers);
  }

  private static boolean answers(Session session) {
    return session.list(new Sql("SELECT 1", List.of()), _ -> true).size() == 1;
  }

  /** A project without functions needs none. */
  private boolean functionsAnswer() {
    RuntimePool running = parts.functions().get();
    return running == null || running.isUp();
  }

  /** What is counted elsewhere, and shown beside the requests. */
  private List<Gauge> gauges() {
    Traces traces = parts.traces();
    return List.of(
        Gauge.of("pylon.http.in.flight", "Requests being answered", http(HttpServer::inFlight)),
        Gauge.of("pylon.http.connections", "Connections held open", http(HttpServer::connections)),
        Gauge.counter(
            "pylon.access.log.left.out",
            "Lines of the access log that nobody took quickly enough",
            orZero(() -> accessLog, AccessLog::leftOut)),
        Gauge.counter("pylon.function.calls", "Calls that ran", () -> traces.end().ran()),
        Gauge.counter(
            "pylon.function.refused", "Calls that were refused", () -> traces.end().refused()),
        Gauge.of(
            "pylon.function.in.flight", "Calls that run now", functions(RuntimePool::inFlight)),
        Gauge.of(
            "pylon.function.waiting",
            "Calls that wait for a place",
            functions(RuntimePool::waiting)),
        Gauge.of(
            "pylon.function.runtimes",
            "Runtimes that are up",
            functions(pool -> pool.pids().size())),
        new Gauge.Family("pylon.jobs", "Jobs, by what they are at", "state", this::jobs));
  }

  private DoubleSupplier http(ToDoubleFunction<HttpServer> number) {
    return orZero(() -> http, number);
  }

  private DoubleSupplier functions(ToDoubleFunction<RuntimePool> number) {
    return orZero(parts.functions(), number);
  }

  private Map<String, Long> jobs() {
    JobQueue queue = parts.jobs().get();
    JobStats stats = queue == null ? JobStats.NONE : new JobDesk(queue).stats();
    return Map.of("pending", stats.pending(), "running", stats.running(), "dead", stats.dead());
  }

  /** Asked anew each time: who reads it early finds what was not there yet. */
  private static <T> DoubleSupplier orZero(Supplier<@Nullable T> part, ToDoubleFunction<T> number) {
    return () -> {
      T there = part.get();
      return there == null ? 0 : number.applyAsDouble(there);
    };
  }

  /** Writes what is still to be written. */
  @Override
  public void close() {
    readiness.close();
    AccessLog log = accessLog;
    if (log != null) {
      log.close();
    }
  }
}
