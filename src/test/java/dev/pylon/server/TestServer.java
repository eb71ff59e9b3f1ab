package dev.pylon.server;

import dev.pylon.auth.Auth;
import dev.pylon.functions.TestEngine;
import dev.pylon.jobs.FunctionJobRunner;
import dev.pylon.jobs.JobDesk;
import dev.pylon.jobs.JobQueue;
import dev.pylon.jobs.JobSettings;
import dev.pylon.model.SlidingLog;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.Gate;
import dev.pylon.server.http.SessionCookie;
import dev.pylon.server.routes.AiRoutes;
import dev.pylon.server.routes.Callers;
import dev.pylon.server.routes.FunctionRoutes;
import dev.pylon.server.routes.HealthRoutes;
import dev.pylon.server.routes.JobRoutes;
import dev.pylon.server.routes.TraceRoutes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The whole HTTP surface over a real engine, on a free port. */
final class TestServer implements AutoCloseable {
  static final String ADMIN = "Authorization: Bearer admin-token\n";
  static final String LOCAL = "Authorization: Bearer local-token\n";

  /** Lets everybody through. */
  static final Gate OPEN_GATE =
      new Gate(new SlidingLog(0, Duration.ofSeconds(60)), new ClientAddress(0), List.of("*"));

  /** As browsers bring it. */
  static final SessionCookie COOKIE = new SessionCookie(() -> "app_session", null, false, "Lax");

  private final TestEngine engine;
  private final Router router = new Router();
  private final JobQueue jobs;
  private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
  private final LoopbackServer http;

  private TestServer(TestEngine engine, boolean devMode) throws IOException {
    this.engine = engine;
    var callers = new Callers(new Auth("admin-token", "local-token"), COOKIE);
    new HealthRoutes("0.0.1", "test", InstantSource.system(), router::isOpen, () -> 1)
        .addTo(router);
    new FunctionRoutes(
            () -> Optional.of(engine.functions()),
            engine.traces(),
            callers,
            new ClientAddress(0),
            devMode)
        .addTo(router);
    new TraceRoutes(engine.traces(), callers, "test").addTo(router);
    new AiRoutes(callers, Optional.empty()).addTo(router);
    this.jobs =
        JobQueue.open(
            engine.store(),
            new JobSettings(2, JobSettings.LEASE, Duration.ofHours(1), false),
            "test",
            InstantSource.system(),
            new Random(),
            ticker);
    jobs.start(new FunctionJobRunner(engine.functions()));
    new JobRoutes(
            () -> Optional.of(new JobDesk(jobs)),
            () -> List.copyOf(engine.functions().registry().functions().keySet()),
            callers)
        .addTo(router);
    this.http = LoopbackServer.start(router);
  }

  static TestServer start(
      Path folder, TestEngine.Limits limits, boolean devMode, Map<String, String> sources)
      throws IOException {
    return new TestServer(TestEngine.start(folder, limits, sources), devMode);
  }

  static TestServer start(Path folder, Map<String, String> sources) throws IOException {
    return start(folder, TestEngine.Limits.ORDINARY, false, sources);
  }

  /** One request on a connection of its own. {@code headers} end in line breaks. */
  Reply request(String method, String path, String headers, String body) {
    return http.request(method, path, headers, body);
  }

  Reply post(String path, String body) {
    return request("POST", path, "", body);
  }

  RawClient connect() throws IOException {
    return http.connect();
  }

  TestEngine engine() {
    return engine;
  }

  Router router() {
    return router;
  }

  @Override
  public void close() {
    engine.functions().close();
    jobs.close(Duration.ZERO);
    ticker.shutdownNow();
    http.close();
    engine.close();
  }
}
