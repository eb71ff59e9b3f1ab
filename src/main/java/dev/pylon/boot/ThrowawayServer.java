package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;

/**
 * A server whose rows end with it: what tests run against. It tells nobody of itself and leaves the
 * project's own server alone. Thread-safe.
 */
public final class MemoryServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(MemoryServer.class.getName());

  private final Pylon pylon;

  private MemoryServer(Pylon pylon) {
    this.pylon = pylon;
  }

  /**
   * Starts, and serves when this returns.
   *
   * @param config of {@code dev}, with the database in memory
   * @param version of pylon
   * @throws PylonException where something cannot be used; nothing is left open then
   */
  public static MemoryServer start(
      Config config, Toolchain tools, Manifest manifest, String version, InstantSource clock) {
    Pylon pylon =
        Pylon.start(config, tools, new Pylon.Start(false, null, version), new Log(), clock);
    try {
      pylon.provide(manifest, "test");
      var _ = pylon.awaitFunctions();
      return new MemoryServer(pylon);
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
    pylon.close();
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
