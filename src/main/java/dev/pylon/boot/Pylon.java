package dev.pylon.boot;

import static java.util.Objects.requireNonNull;

import dev.pylon.auth.Accounts;
import dev.pylon.auth.Vault;
import dev.pylon.config.Config;
import dev.pylon.config.DbConfig;
import dev.pylon.config.FunctionsConfig;
import dev.pylon.config.JobsConfig;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.functions.FunctionSettings;
import dev.pylon.functions.Functions;
import dev.pylon.functions.Reloaded;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.runtime.Registry;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.functions.runtime.RuntimePool;
import dev.pylon.functions.runtime.RuntimeSpec;
import dev.pylon.functions.runtime.StartException;
import dev.pylon.jobs.FunctionJobRunner;
import dev.pylon.jobs.JobQueue;
import dev.pylon.jobs.JobSettings;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.model.PylonException;
import dev.pylon.policy.Tenants;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.server.HttpServer;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.store.SqlStore;
import dev.pylon.store.Store;
import dev.pylon.trace.Traces;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A server: every room, built from a {@link Config} and introduced to the others.
 *
 * <p>It listens from the start and refuses what it cannot serve yet; {@link #provide} gives it the
 * manifest to serve. Thread-safe for readers; {@link #provide}, {@link #reload} and {@link #close}
 * belong to one thread at a time.
 */
public final class Pylon implements AutoCloseable {
  /** What writing down the ends of the last jobs may take, when no function runs any more. */
  private static final Duration JOB_ENDINGS = Duration.ofSeconds(1);

  /** Longer than any handshake: a start that takes longer has failed. */
  private static final Duration START_PATIENCE = Duration.ofSeconds(15);

  private final Config config;
  private final Toolchain tools;
  private final RuntimeListener listener;
  private final InstantSource clock;
  private final String instance;
  private final Traces traces = new Traces();
  private final TraceKeeping traceKeeping;
  private final Router router = new Router();
  private final Vault vault;
  private final Mail mail;
  private final Accounts accounts;
  private final Monitoring monitoring;
  private final HttpServer http;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ticker").daemon(true).factory());
  private final AtomicInteger revision = new AtomicInteger();
  private volatile @Nullable Database database;
  private volatile @Nullable Store store;
  private volatile @Nullable Housekeeping housekeeping;
  private volatile @Nullable OtherNodes otherNodes;
  private volatile @Nullable RuntimePool pool;
  private volatile @Nullable Functions functions;
  private volatile @Nullable JobQueue jobs;

  /**
   * What only this start is told.
   *
   * @param strictPort whether another port than the configured one will not do
   * @param localToken makes local callers admins; null outside {@code dev}
   * @param version of pylon
   * @param throwaway whether the rows end with this start: a test may empty the database
   */
  public record Start(
      boolean strictPort, @Nullable String localToken, String version, boolean throwaway) {

    public Start(boolean strictPort, @Nullable String localToken, String version) {
      this(strictPort, localToken, version, false);
    }
  }

  private Pylon(
      Config config, Toolchain tools, Start start, RuntimeListener listener, InstantSource clock) {
    this.config = config;
    this.tools = tools;
    this.listener = listener;
    this.clock = clock;
    this.instance = randomHex(8);
    this.traceKeeping = new TraceKeeping(traces, config);
    this.vault = People.vault(config.identity(), () -> database);
    this.mail = Mail.of(config, listener, clock);
    this.accounts =
        new Accounts(
            vault,
            () -> Optional.ofNullable(store),
            People.settings(config, mail, clock),
            new IdSource(clock),
            clock);
    this.monitoring =
        new Monitoring(new Monitoring.Parts(() -> database, () -> pool, () -> jobs, traces));
    var parts =
        new Surface.Parts(
            accounts,
            traces,
            monitoring,
            () -> store,
            this::functions,
            () -> jobs,
            instance,
            revision::get,
            clock);
    new Surface(config, start, parts).addTo(router);
    refuse(starting(config.mode()));
    // First, for a runtime boots by itself while we make what listens.
    var _ = bringUpFunctions();
    this.http = listen(start);
    monitoring.watch(http, config.http(), clock);
  }

  private HttpServer listen(Start start) {
    try {
      return Listening.start(config.http(), start.strictPort(), instance, router);
    } catch (RuntimeException | Error e) {
      RuntimePool begun = pool;
      if (begun != null) {
        begun.close();
      }
      throw e;
    }
  }

  /**
   * Listens, and brings up what needs no manifest: the database, and the functions where there are
   * any.
   *
   * @throws PylonException where a port, the database or a setting cannot be used; nothing is left
   *     open then
   */
  public static Pylon start(
      Config config, Toolchain tools, Start start, RuntimeListener listener, InstantSource clock) {
    var pylon = new Pylon(config, tools, start, listener, clock);
    try {
      pylon.database = open(config.db());
      if (!start.throwaway()) {
        pylon.traceKeeping.keep();
      }
      pylon.traceKeeping.export(pylon.instance, listener);
      return pylon;
    } catch (RuntimeException | Error e) {
      pylon.close(Duration.ZERO);
      throw e;
    }
  }

  /** What is said until there is something to serve: in dev, that is a good build. */
  private static PylonException starting(Config.Mode mode) {
    return mode == Config.Mode.DEV
        ? new PylonException(HttpError.DEV_BUILD_FAILED, "The app is starting")
        : new PylonException(HttpError.NOT_AVAILABLE, "The server is starting");
  }

  /** Opens the database that {@code db} names. */
  static Database open(DbConfig db) {
    if (db.inMemory()) {
      return SqliteDatabase.temporary();
    }
    String url = db.postgresUrl();
    if (url != null) {
      return PostgresDatabase.open(url);
    }
    Path file = requireNonNull(db.file());
    PrivateFile.make(file);
    return SqliteDatabase.open(file);
  }

  /**
   * Starts the runtimes if there is something to run and it is not running yet.
   *
   * @return whether functions can be had, or are on their way
   */
  public boolean bringUpFunctions() {
    if (pool != null) {
      return true;
    }
    Optional<RuntimeSpec> spec = FunctionRuntime.spec(config, tools);
    if (spec.isEmpty()) {
      return false;
    }
    var started = new RuntimePool(spec.get(), listener, ticker);
    pool = started;
    started.start();
    serveFunctions();
    return true;
  }

  private void serveFunctions() {
    RuntimePool running = pool;
    Store rows = store;
    JobQueue queue = jobs;
    if (running != null && rows != null && queue != null && functions == null) {
      var served = new Functions(settings(config.functions()), running, rows, traces, queue, clock);
      functions = served;
      queue.start(new FunctionJobRunner(served));
    }
  }

  private static JobSettings settings(JobsConfig config) {
    return new JobSettings(
        config.workers(), JobSettings.LEASE, config.retention(), config.inMemory());
  }

  private static FunctionSettings settings(FunctionsConfig config) {
    return new FunctionSettings(
        config.callTimeout(),
        config.queueTimeout(),
        config.rateLimit().max(),
        config.rateLimit().window());
  }

  /**
   * Serves {@code manifest} from now on: the database is made to fit it, adding only.
   *
   * @param baseline who asks, for the schema history
   * @return what was done to the database
   * @throws PylonException {@code PUSH_BLOCKED} and others; what was served before goes on
   */
  public List<SchemaOperation> provide(Manifest manifest, String baseline) {
    Store rows = store;
    Housekeeping keeping = housekeeping;
    if (rows != null && keeping != null) {
      List<SchemaOperation> done = rows.apply(manifest, baseline).operations();
      keeping.call();
      revision.incrementAndGet();
      return done;
    }
    Database opened = database;
    if (opened == null) {
      throw new IllegalStateException("not started");
    }
    rows =
        SqlStore.open(
            opened, manifest, baseline, config.db().rowsMax(), new IdSource(clock), clock);
    store = rows;
    rows.onCommit(accounts.listener());
    otherNodes = OtherNodes.hear(opened, accounts);
    housekeeping = Housekeeping.start(rows);
    if (config.identity().tenantScope()) {
      rows.beforeWrite(Tenants.stamp(rows::manifest));
    }
    JobQueue queue =
        JobQueue.open(rows, settings(config.jobs()), instance, clock, new Random(), ticker);
    EarlierJobFile.takeOver(config.jobs().earlier(), queue);
    jobs = queue;
    serveFunctions();
    router.open();
    return List.of();
  }

  /**
   * Waits for the first load of the functions.
   *
   * @return what was loaded; empty where there are none
   * @throws PylonException {@code RUNNER_NOT_STARTED} where they did not come up
   */
  public Optional<Reloaded> awaitFunctions() {
    RuntimePool running = pool;
    if (running == null) {
      return Optional.empty();
    }
    if (!running.awaitUp(Deadline.after(START_PATIENCE))) {
      String reason = running.failure();
      throw new PylonException(
          FunctionError.RUNNER_NOT_STARTED,
          "Functions could not be started: " + (reason == null ? "it took too long" : reason));
    }
    Registry registry = running.registry();
    return Optional.of(
        new Reloaded(
            registry.functions().size(),
            List.copyOf(registry.functions().keySet()),
            List.of(),
            List.of(),
            List.copyOf(registry.failed().values())));
  }

  /**
   * Loads the functions anew beside the running ones and swaps; starts them where there were none
   * so far.
   *
   * @param environment changes to the environment of functions; a null value removes
   * @return what changed; empty where there are none, or nothing to serve them with yet
   * @throws PylonException {@code RUNNER_NOT_STARTED} where the new code did not come up; the old
   *     goes on
   */
  public Optional<Reloaded> reload(Map<String, @Nullable String> environment) {
    return reload(environment, (before, after) -> true);
  }

  /**
   * The same, where {@code accept} may say no to what was loaded, given what can be called now:
   * then the old code goes on, and the result is empty.
   */
  Optional<Reloaded> reload(
      Map<String, @Nullable String> environment, BiPredicate<Registry, Registry> accept) {
    RuntimePool running = pool;
    if (running == null) {
      bringUpFunctions();
      return awaitFunctions();
    }
    Functions served = functions;
    JobQueue queue = jobs;
    try {
      if (served != null && queue != null) {
        Optional<Reloaded> reloaded = served.reload(environment, accept);
        reloaded.ifPresent(_ -> revision.incrementAndGet());
        queue.functionsChanged();
        return reloaded;
      }
      var _ = running.reload(environment);
      return Optional.empty();
    } catch (StartException e) {
      throw new PylonException(
          FunctionError.RUNNER_NOT_STARTED, "Functions could not be loaded: " + e.getMessage(), e);
    }
  }

  /**
   * Refuses everything with {@code reason} until there is something to {@linkplain #provide serve}.
   */
  public void refuse(PylonException reason) {
    router.close(reason);
  }

  /** Whether there is something to serve. */
  public boolean isServing() {
    return router.isOpen();
  }

  /** The functions, where the project has any and there is a manifest to go with them. */
  public Optional<Functions> functions() {
    return Optional.ofNullable(functions);
  }

  public Traces traces() {
    return traces;
  }

  /** Names this start; also in the header {@code X-Pylon-Instance}. */
  public String instance() {
    return instance;
  }

  public int port() {
    return http.port();
  }

  /** All that can be asked of this server. */
  public List<Router.Endpoint> endpoints() {
    return router.endpoints();
  }

  /** Where people on this machine reach us. */
  public String url() {
    List<String> hosts = config.http().hosts();
    String host =
        hosts.contains("127.0.0.1") || hosts.contains("0.0.0.0") ? "127.0.0.1" : hosts.getFirst();
    String scheme = config.http().tls() == null ? "http://" : "https://";
    return scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** From now on readiness says that nothing should be sent here; what is sent is served. */
  public void leave() {
    monitoring.leave();
  }

  /**
   * Stops: gives running calls and letters {@code drain}, ends the children, then everything else.
   * Waits for it; a second call does nothing.
   */
  public void close(Duration drain) {
    var deadline = Deadline.after(drain);
    try (var closing = new Closing()) {
      closing.own(ticker::shutdownNow);
      closing.own(traceKeeping);
      closing.own(this::closeRows);
      closing.own(vault);
      closing.own(monitoring);
      closing.own(() -> accounts.close(deadline));
      closing.own(http);
      closing.own(() -> mail.close(deadline));
      closing.own(this::closeJobs);
      closing.own(() -> closeFunctions(drain));
      closing.own(this::stopJobs);
      closing.own(mail::hurry);
      closing.own(http::drain);
      closing.own(this::leave);
    }
  }

  /** No new job begins; those that are running are calls, which the functions give their time. */
  private void stopJobs() {
    JobQueue queue = jobs;
    if (queue != null) {
      queue.stop();
    }
  }

  private void closeJobs() {
    JobQueue queue = jobs;
    if (queue != null) {
      queue.close(JOB_ENDINGS);
    }
  }

  private void closeFunctions(Duration drain) {
    Functions running = functions;
    RuntimePool children = pool;
    if (running != null) {
      running.close(drain);
    } else if (children != null) {
      children.close(drain);
    }
  }

  private void closeRows() {
    OtherNodes heard = otherNodes;
    if (heard != null) {
      heard.close();
    }
    Housekeeping keeping = housekeeping;
    if (keeping != null) {
      keeping.close();
    }
    Store rows = store;
    Database opened = database;
    if (rows != null) {
      rows.close();
    } else if (opened != null) {
      opened.close();
    }
  }

  @Override
  public void close() {
    close(config.http().drain());
  }
}
