package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.functions.Reloaded;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code pylon serve}: builds once and serves that. Nothing is watched and no file of the project
 * is written but {@code .pylon/dev.json}. Thread-safe.
 */
public final class ServeServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ServeServer.class.getName());

  private final Pylon pylon;
  private final Optional<Claim> claim;
  private final DevFacts facts;
  private final Duration delay;
  private final CountDownLatch left = new CountDownLatch(1);

  private ServeServer(Pylon pylon, Optional<Claim> claim, DevFacts facts, Duration delay) {
    this.pylon = pylon;
    this.claim = claim;
    this.facts = facts;
    this.delay = delay;
  }

  /**
   * Starts, and serves when this returns.
   *
   * @param version of pylon
   * @throws PylonException where the app cannot be built, the database does not fit, or something
   *     cannot be used; nothing is left open then
   */
  public static ServeServer start(
      Config config, Toolchain tools, String version, InstantSource clock)
      throws InterruptedException {
    String startedAt = clock.instant().toString();
    var start = new Pylon.Start(true, null, version);
    Pylon pylon = Pylon.start(config, tools, start, new Log(), clock);
    Optional<Claim> claim = Optional.empty();
    try {
      Manifest manifest = manifest(config, tools);
      manifest
          .warnings()
          .forEach(warning -> LOG.log(Level.WARNING, "manifest finding={0}", warning.text()));
      pylon.provide(manifest, "start");
      pylon.awaitFunctions();
      claim = Claim.take(config.project().pylonDirectory());
      DevFacts facts = DevFacts.of(config, pylon, manifest, null, startedAt);
      claim.ifPresent(taken -> taken.publish(facts.file()));
      return new ServeServer(pylon, claim, facts, config.http().drainDelay());
    } catch (RuntimeException | InterruptedException | Error e) {
      claim.ifPresent(Claim::close);
      pylon.close();
      throw e;
    }
  }

  private static Manifest manifest(Config config, Toolchain tools) throws InterruptedException {
    var entry = new EntryBuild(config.project(), tools.typeScript(), tools.bun());
    return switch (entry.build(Map.of())) {
      case EntryBuild.Result.Built(var manifest, _) -> manifest;
      case EntryBuild.Result.Broken(var diagnostics) -> throw refusal(diagnostics);
    };
  }

  private static PylonException refusal(List<Diagnostic> diagnostics) {
    String errors =
        String.join(
            "\n", diagnostics.stream().filter(Diagnostic::isError).map(Diagnostic::text).toList());
    var refusal = new PylonException(BootError.BUILD_FAILED, errors);
    return diagnostics.stream()
        .map(Diagnostic::hint)
        .filter(hint -> hint != null)
        .findFirst()
        .map(hint -> refusal.with("hint", hint))
        .orElse(refusal);
  }

  /** What there is to know of it. */
  public DevFacts facts() {
    return facts;
  }

  /** Loads the functions anew and swaps; where that fails the old ones go on. */
  public void reload() {
    try {
      Optional<Reloaded> reloaded = pylon.reload(Map.of());
      LOG.log(
          Level.INFO, "functions reloaded count={0}", reloaded.map(Reloaded::functions).orElse(0));
    } catch (PylonException e) {
      LOG.log(Level.ERROR, "functions not reloaded reason={0}", e.message());
    }
  }

  /**
   * Stops: goes on for the drain delay, no longer ready, then lets calls finish within the drain
   * time. Waits for it; a second call does nothing. Interrupting it ends the delay only.
   */
  @Override
  public void close() {
    try (var closing = new Closing()) {
      claim.ifPresent(closing::own);
      closing.own(pylon);
      closing.own(this::leave);
    }
  }

  private void leave() {
    pylon.leave();
    try {
      var unused = left.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Whoever is in a hurry still wants an end in good order.
      LOG.log(Level.DEBUG, "drain delay cut short");
    }
    left.countDown();
  }

  /** What runtimes say goes to the log. */
  private static final class Log implements RuntimeListener {
    @Override
    public void log(String level, String text) {
      LOG.log(
          switch (level) {
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARNING;
            case "debug" -> Level.DEBUG;
            default -> Level.INFO;
          },
          "function log text={0}",
          text);
    }

    @Override
    public void crashed(int status, List<String> lastLines) {
      LOG.log(
          Level.ERROR, "runtime ended status={0} last={1}", status, String.join(" | ", lastLines));
    }

    @Override
    public void loaded(int functions, List<LoadFailure> failed) {
      LOG.log(Level.INFO, "functions loaded count={0}", functions);
      failed.forEach(
          failure -> LOG.log(Level.ERROR, "function not loaded reason={0}", failure.text()));
    }

    @Override
    public void startFailed(String reason, long retryMillis) {
      LOG.log(Level.ERROR, "runtime not started reason={0} retryMs={1}", reason, retryMillis);
    }
  }
}
