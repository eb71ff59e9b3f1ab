package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.config.Project;
import dev.pylon.functions.Reloaded;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.model.PylonException;
import dev.pylon.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server that keeps up with the files of its project.
 *
 * <p>It listens at once and answers {@code DEV_BUILD_FAILED} until there is something to serve. One
 * thread, the loop, does every load: it waits until changed files have come to rest, has {@link
 * DevLoad} load what they touch, and tells what came of it. Changes during a load are loaded after
 * it, together.
 *
 * <p>Thread-safe.
 */
public final class DevServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DevServer.class.getName());

  /**
   * {@link #close} waits no longer for a load, which is then broken off: an entry may take half a
   * minute.
   */
  private static final Duration LOOP_PATIENCE = Duration.ofSeconds(1);

  private final Options options;
  private final Toolchain tools;
  private final Project project;
  private final DevEvents events;
  private final Claim claim;
  private final Changes changes;
  private final WatchedFiles files;
  private final Pylon pylon;
  private final Generated generated;
  private final DevLoad load;
  private final String localToken;
  private final String startedAt;
  private final long began;
  private final Thread loop = Thread.ofPlatform().name("dev-loop").unstarted(this::run);

  // Confined to the loop.
  private int rebuild;

  /** Read by who ends the loop as well. */
  private volatile boolean toldReady;

  /**
   * How to go about it.
   *
   * @param watch whether changes are loaded
   * @param strictPort whether another port will not do
   * @param reset whether the database begins empty
   * @param client writes the typed client; null where no files are to be generated
   * @param callsShown which calls are told as events
   * @param version of pylon
   */
  public record Options(
      boolean watch,
      boolean strictPort,
      boolean reset,
      @Nullable ClientSource client,
      Predicate<Trace> callsShown,
      String version) {}

  private DevServer(
      Options options,
      Supplier<Config> settings,
      Config config,
      Toolchain tools,
      InstantSource clock,
      Claim claim,
      DevEvents events) {
    this.began = System.nanoTime();
    this.startedAt = clock.instant().toString();
    this.options = options;
    this.tools = tools;
    this.project = config.project();
    this.claim = claim;
    this.events = events;
    this.changes = new Changes();
    this.files = new WatchedFiles(changes::changed, this::tellTrouble);
    this.localToken = Pylon.randomHex(32);
    // Watching comes before the first import: what changes in between is loaded once more.
    watch(config, Set.of());
    this.pylon =
        Pylon.start(
            config,
            tools,
            new Pylon.Start(options.strictPort(), localToken, options.version()),
            new Listener(),
            clock);
    if (config.http().port() != 0 && config.http().port() != pylon.port()) {
      events.put(
          new DevEvent.Notice(
              "Port %d is in use; this server is at %s"
                  .formatted(config.http().port(), pylon.url())));
    }
    FunctionRuntime runtime = FunctionRuntime.of(config, tools.typeScript());
    if (runtime.warning() != null) {
      events.put(new DevEvent.Notice(runtime.warning()));
    }
    pylon
        .traces()
        .onTrace(trace -> {
          if (options.callsShown().test(trace)) {
            events.offer(new DevEvent.Called(trace));
          }
        });
    this.generated = new Generated(project, options.client());
    var entry =
        new EntryBuild(
            project,
            tools.typeScript(),
            tools.bun(),
            EntryBuild.TIMEOUT,
            project.pylonDirectory().resolve("entry-files"));
    this.load = new DevLoad(config, pylon, entry, generated, settings, changes, events::put);
  }

  /**
   * Starts; the first load goes on in the background and is told by events.
   *
   * @param settings reads the configuration, anew each time it is asked
   * @param listener hears what happens, on one thread
   * @throws PylonException where the project is taken, a port is busy, or something cannot be used
   */
  public static DevServer start(
      Options options,
      Supplier<Config> settings,
      Toolchain tools,
      Consumer<DevEvent> listener,
      InstantSource clock) {
    Config config = settings.get();
    Path folder = config.project().pylonDirectory();
    Claim claim = Claim.take(folder).orElseThrow(() -> Claim.taken(folder));
    var events = new DevEvents(listener);
    try {
      if (options.reset()) {
        reset(folder);
      }
      var server = new DevServer(options, settings, config, tools, clock, claim, events);
      server.loop.start();
      return server;
    } catch (RuntimeException | Error e) {
      try (var closing = new Closing()) {
        closing.own(claim);
        closing.own(events);
      }
      throw e;
    }
  }

  /** Removes the database and what lies beside it. */
  private static void reset(Path folder) {
    try (var found = Files.newDirectoryStream(folder, "dev.db*")) {
      for (Path file : found) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads everything anew, soon. */
  public void reload() {
    changes.loadAll();
  }

  /** Whether files have changed that are not loaded yet. */
  boolean isDisturbed() {
    return changes.isPending();
  }

  /** Where it is reached. */
  public String url() {
    return pylon.url();
  }

  // ---- the loop ----

  private void run() {
    try {
      claim.publish(facts().file());
      loadAndTell(DevEvent.Reason.START, Set.of());
      generated.types(tools.typeScript());
      for (var due = changes.await(); due.isPresent(); due = changes.await()) {
        Set<Path> changed = files.changed(due.get().files());
        if (due.get().manual()) {
          loadAndTell(DevEvent.Reason.MANUAL, changed);
        } else if (!changed.isEmpty()) {
          Optional<DevEvent.Reason> reason = load.reason(changed);
          if (reason.isPresent()) {
            loadAndTell(reason.get(), changed);
          }
        }
      }
    } catch (InterruptedException e) {
      // Told to end while waiting or building: nothing is left to be done here.
    } catch (RuntimeException e) {
      if (changes.isClosed()) {
        return; // the same, in the middle of a file
      }
      LOG.log(Level.ERROR, "the reload loop failed", e);
      events.put(new DevEvent.Notice("Changes are no longer loaded: " + e));
    }
  }

  private void loadAndTell(DevEvent.Reason reason, Set<Path> changed) throws InterruptedException {
    long start = reason == DevEvent.Reason.START ? began : System.nanoTime();
    DevLoad.Outcome outcome = load.load(reason, changed);
    if (changes.isClosed()) {
      return; // nobody waits for it any more
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    rebuild++;
    if (pylon.isServing() && !toldReady) {
      toldReady = true;
      claim.publish(facts().file());
      events.put(new DevEvent.Ready(facts(), took));
    }
    events.put(
        new DevEvent.Loaded(
            reason,
            rebuild,
            changed.stream().map(this::shown).toList(),
            outcome.functions(),
            outcome.manifest(),
            outcome.operations(),
            broken(outcome.functions()),
            outcome.errors(),
            took));
    watch(load.config(), load.imported());
  }

  private List<DevEvent.BrokenFile> broken(@Nullable Reloaded functions) {
    return functions == null ? List.of() : functions.failed().stream().map(this::broken).toList();
  }

  private DevEvent.BrokenFile broken(LoadFailure failure) {
    return new DevEvent.BrokenFile(
        failure.name(),
        shown(project.root().resolve(failure.file())),
        failure.line(),
        failure.column(),
        failure.message(),
        failure.isMissingPackage() ? "Install it: npm install, or bun install" : null);
  }

  private void watch(Config config, Set<Path> imported) {
    if (options.watch()) {
      files.watch(
          WatchScope.of(project, config.functions().directory(), config.envFiles(), imported));
    }
  }

  private String shown(Path file) {
    return file.startsWith(project.root())
        ? project.root().relativize(file).toString()
        : file.toString();
  }

  private DevFacts facts() {
    return DevFacts.of(load.config(), pylon, load.manifest(), localToken, startedAt);
  }

  private void tellTrouble(String reason) {
    events.offer(
        new DevEvent.Notice(
            "The system does not tell about changed files (%s); they are looked for instead"
                .formatted(reason)));
  }

  /** Hears of the runtimes, on their threads. */
  private final class Listener implements RuntimeListener {
    private volatile boolean missing;

    @Override
    public void log(String level, String text) {
      events.offer(new DevEvent.Said(level, text));
    }

    @Override
    public void crashed(int status, List<String> lastLines) {
      events.offer(new DevEvent.Crashed(status, lastLines));
    }

    /** Up again by itself: clients and shells should hear of its functions too. */
    @Override
    public void loaded(int functions, List<LoadFailure> failed) {
      if (missing) {
        missing = false;
        changes.loadAll();
      }
    }

    @Override
    public void startFailed(String reason, long retryMillis) {
      missing = true;
      events.offer(new DevEvent.NotStarted(reason, Duration.ofMillis(retryMillis)));
    }
  }

  /**
   * Stops: loads no more, lets calls finish within the drain time, ends the children, gives the
   * project back. Waits for it; a second call does nothing.
   */
  @Override
  public void close() {
    try (var closing = new Closing()) {
      closing.own(events);
      closing.own(claim);
      closing.own(pylon);
      closing.own(this::endLoop);
    }
  }

  private void endLoop() throws InterruptedException {
    changes.close();
    if (!toldReady) {
      loop.interrupt(); // a first load has nothing to lose
    }
    if (!loop.join(LOOP_PATIENCE)) {
      loop.interrupt();
      if (!loop.join(LOOP_PATIENCE)) {
        LOG.log(Level.WARNING, "a load does not end");
      }
    }
    files.close();
  }
}
