package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.db.postgres.ScratchDatabase;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server whose rows end with it: what tests run against. They are in memory, or in a Postgres
 * database made for it. It tells nobody of itself and leaves the project's own server alone.
 * Thread-safe.
 */
public final class ThrowawayServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ThrowawayServer.class.getName());

  private final Pylon pylon;
  private final @Nullable ScratchDatabase database;

  private ThrowawayServer(Pylon pylon, @Nullable ScratchDatabase database) {
    this.pylon = pylon;
    this.database = database;
  }

  /** Settings of {@code dev} for a database of this URL; for one in memory where it is null. */
  public interface Settings {
    Config with(@Nullable String databaseUrl) throws InterruptedException;
  }

  /**
   * Starts on a database of its own beside {@code postgresUrl}, or in memory where that is null;
   * serves when this returns.
   *
   * @param version of pylon
   * @throws PylonException where something cannot be used; nothing is left open then
   */
  public static ThrowawayServer start(
      Settings settings,
      @Nullable String postgresUrl,
      Toolchain tools,
      Manifest manifest,
      String version,
      InstantSource clock)
      throws InterruptedException {
    if (postgresUrl == null) {
      return start(settings.with(null), null, tools, manifest, version, clock);
    }
    var database = ScratchDatabase.create(postgresUrl);
    try {
      return start(settings.with(database.url()), database, tools, manifest, version, clock);
    } catch (RuntimeException | Error | InterruptedException e) {
      database.close();
      throw e;
    }
  }

  private static ThrowawayServer start(
      Config config,
      @Nullable ScratchDatabase database,
      Toolchain tools,
      Manifest manifest,
      String version,
      InstantSource clock) {
    var start = new Pylon.Start(false, null, version, true);
    Pylon pylon = Pylon.start(config, tools, start, new Log(), clock);
    try {
      pylon.provide(manifest, "test");
      var _ = pylon.awaitFunctions();
      return new ThrowawayServer(pylon, database);
    } catch (RuntimeException | Error e) {
      pylon.close();
      throw e;
    }
  }

  /** Where it is reached. */
  public String url() {
    return pylon.url();
  }

  @Override
  public void close() {
    try (var closing = new Closing()) {
      if (database != null) {
        closing.own(database); // the last
      }
      closing.own(pylon);
    }
  }

  /** What runtimes say goes to the log. */
  private static final class Log implements RuntimeListener {
    @Override
    public void log(String level, String text) {
      LOG.log(Level.DEBUG, text);
    }

    @Override
    public void crashed(int status, List<String> lastLines) {
      LOG.log(Level.WARNING, "function runtime crashed status={0} said={1}", status, lastLines);
    }

    @Override
    public void loaded(int functions, List<LoadFailure> failed) {
      failed.forEach(
          failure -> LOG.log(Level.WARNING, "function not loaded reason={0}", failure.text()));
    }

    @Override
    public void startFailed(String reason, long retryMillis) {
      LOG.log(Level.WARNING, "functions not started reason={0}", reason);
    }
  }
}
