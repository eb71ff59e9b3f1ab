package dev.pylon.functions;

import dev.pylon.NeedsBun;
import dev.pylon.db.Database;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.functions.runtime.RuntimePool;
import dev.pylon.functions.runtime.RuntimeSpec;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.model.Identity;
import dev.pylon.schema.Manifest;
import dev.pylon.store.SqlStore;
import dev.pylon.store.Store;
import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import dev.pylon.trace.TraceQuery;
import dev.pylon.trace.Traces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A function engine with a real Bun and a real database, over a folder of functions that a test
 * writes.
 */
public final class TestEngine implements AutoCloseable {
  private static final Path RUNTIME = Path.of("src/main/ts/runtime/main.ts").toAbsolutePath();

  /**
   * {@code Note}: {@code text}, {@code author}, both optional; {@code Slot}: a unique {@code name}.
   */
  private static final Manifest MANIFEST =
      Manifest.parse(
          Json.bytes(
              Json.parse(
                  """
                  {"manifest_version": 1, "name": "test", "version": "1.0.0", "routes": [],
                   "entities": [
                     {"name": "Note", "indexes": [], "fields": [
                       {"name": "text", "type": "string", "optional": true, "unique": false},
                       {"name": "stars", "type": "int", "optional": true, "unique": false}]},
                     {"name": "Slot", "indexes": [], "fields": [
                       {"name": "name", "type": "string", "optional": false, "unique": true}]}]}
                  """)));

  private final Path folder;
  private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final RecordingScheduler scheduler = new RecordingScheduler();
  private final Traces traces = new Traces();
  private final Store store;
  private final RuntimePool pool;
  private final Functions functions;

  /** How an engine differs from the ordinary one. */
  public record Limits(
      Duration callTimeout,
      Duration queueTimeout,
      int rateMax,
      int workers,
      int callsMax,
      int waitingMax) {
    public static final Limits ORDINARY =
        new Limits(Duration.ofSeconds(20), Duration.ofSeconds(10), 0, 1, 1_024, 1_000);

    public Limits callTimeout(Duration timeout) {
      return new Limits(timeout, queueTimeout, rateMax, workers, callsMax, waitingMax);
    }

    public Limits queueTimeout(Duration timeout) {
      return new Limits(callTimeout, timeout, rateMax, workers, callsMax, waitingMax);
    }

    public Limits rateMax(int max) {
      return new Limits(callTimeout, queueTimeout, max, workers, callsMax, waitingMax);
    }

    public Limits calls(int max, int waiting) {
      return new Limits(callTimeout, queueTimeout, rateMax, workers, max, waiting);
    }
  }

  private TestEngine(Path folder, Database database, Limits limits) {
    this.folder = folder;
    this.store =
        SqlStore.open(
            database,
            MANIFEST,
            "test",
            100_000,
            new IdSource(InstantSource.system()),
            InstantSource.system());
    var spec =
        new RuntimeSpec(
            NeedsBun.Bun.path(),
            RUNTIME,
            true,
            folder,
            folder.resolve("functions"),
            Map.of(),
            true,
            limits.workers(),
            limits.callsMax(),
            limits.waitingMax(),
            limits.queueTimeout(),
            Duration.ofSeconds(10),
            Long.MAX_VALUE);
    this.pool = new RuntimePool(spec, new Listener(), ticker);
    this.functions =
        new Functions(
            new FunctionSettings(
                limits.callTimeout(),
                limits.queueTimeout(),
                limits.rateMax(),
                Duration.ofMinutes(1)),
            pool,
            store,
            traces,
            scheduler,
            InstantSource.system());
  }

  /**
   * Writes the functions, one file each, and brings the engine up.
   *
   * @param sources TypeScript by function name
   */
  public static TestEngine start(Path folder, Limits limits, Map<String, String> sources)
      throws IOException {
    return start(folder, SqliteDatabase.open(folder.resolve("app.db")), limits, sources);
  }

  /** The same over {@code database}, which is closed with the engine. */
  public static TestEngine start(
      Path folder, Database database, Limits limits, Map<String, String> sources)
      throws IOException {
    Files.createDirectories(folder.resolve("functions"));
    var engine = new TestEngine(folder, database, limits);
    for (Map.Entry<String, String> source : sources.entrySet()) {
      engine.write(source.getKey(), source.getValue());
    }
    engine.pool.start();
    if (!engine.functions.awaitUp(Deadline.after(Duration.ofSeconds(20)))) {
      String reason = engine.pool.failure();
      engine.close();
      throw new AssertionError("the functions did not come up: " + reason + "; " + engine.log);
    }
    return engine;
  }

  public static TestEngine start(Path folder, Map<String, String> sources) throws IOException {
    return start(folder, Limits.ORDINARY, sources);
  }

  // ---- functions ----

  /** The source of a query whose handler, with {@code ctx} and {@code args}, is {@code body}. */
  public static String query(String body) {
    return source("query", "", body);
  }

  public static String mutation(String body) {
    return source("mutation", "", body);
  }

  public static String action(String body) {
    return source("action", "", body);
  }

  /** The same with further members of the definition, such as {@code "internal: true"}. */
  public static String source(String kind, String members, String body) {
    return """
    import { %1$s, v } from "@pylonsync/functions";
    export default %1$s({
      %2$s
      async handler(ctx: any, args: any) {
        %3$s
      },
    });
    void v;
    """
        .formatted(kind, members.isEmpty() ? "" : members + ",", body);
  }

  public void write(String function, String source) throws IOException {
    Files.writeString(file(function), source);
  }

  public void delete(String function) throws IOException {
    Files.delete(file(function));
  }

  private Path file(String function) {
    return folder.resolve("functions").resolve(function + ".ts");
  }

  // ---- calls ----

  public Answer call(String function) {
    return call(function, Map.of());
  }

  public Answer call(String function, Map<String, ? extends @Nullable Object> args) {
    return outcome(function, args).answer();
  }

  public CallOutcome outcome(String function, Map<String, ? extends @Nullable Object> args) {
    return functions.call(request(function, args));
  }

  public static FunctionRequest request(
      String function, Map<String, ? extends @Nullable Object> args) {
    return FunctionRequest.of(function, Json.raw(args), Identity.ANONYMOUS, Source.HTTP);
  }

  /** What a call returned, parsed; fails with what it failed with. */
  public @Nullable Object value(String function, Map<String, ? extends @Nullable Object> args) {
    return value(call(function, args));
  }

  public static @Nullable Object value(Answer answer) {
    return switch (answer) {
      case Answer.Returned(RawJson value) -> Json.parse(value.bytes());
      case Answer.Failed failed -> throw new AssertionError("the call failed: " + failed);
    };
  }

  /** {@code "CODE status message"} of a call that failed. */
  public static String failure(Answer answer) {
    return switch (answer) {
      case Answer.Failed failed -> failed.code() + " " + failed.status() + " " + failed.message();
      case Answer.Returned(RawJson value) -> throw new AssertionError("the call returned " + value);
    };
  }

  // ---- what became of it ----

  /** The newest trace of {@code function}. */
  public Trace trace(String function) {
    return traces.recent(query(function, false), 1).stream()
        .findFirst()
        .orElseThrow(() -> new AssertionError("no trace of " + function));
  }

  private static TraceQuery query(String function, boolean errors) {
    return new TraceQuery(function, errors, null, null, null, null, null, null);
  }

  public Functions functions() {
    return functions;
  }

  public RuntimePool pool() {
    return pool;
  }

  public Store store() {
    return store;
  }

  public Traces traces() {
    return traces;
  }

  public RecordingScheduler scheduler() {
    return scheduler;
  }

  /** What the runtimes said beside their calls, newest last. */
  public List<String> log() {
    return log;
  }

  /** The one process that answers calls now. */
  public ProcessHandle runtime() {
    return ProcessHandle.of(pool.pids().getFirst()).orElseThrow();
  }

  @Override
  public void close() {
    functions.close();
    store.close();
    ticker.shutdownNow();
  }

  private final class Listener implements RuntimeListener {
    @Override
    public void log(String level, String text) {
      log.add(level + " " + text);
    }

    @Override
    public void crashed(int status, List<String> lastLines) {
      log.add("crashed " + status + " " + lastLines);
    }

    @Override
    public void loaded(int functions, List<LoadFailure> failed) {
      log.add("loaded " + functions);
    }

    @Override
    public void startFailed(String reason, long retryMillis) {
      log.add("start failed " + reason);
    }
  }
}
