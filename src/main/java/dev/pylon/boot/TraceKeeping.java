package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.trace.TraceFile;
import dev.pylon.trace.Traces;
import dev.pylon.trace.otlp.OtlpExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go when they leave memory: into a file that outlives a dev server, and to the
 * collector of an operator. Used by one thread at a time.
 */
final class TraceKeeping implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TraceKeeping.class.getName());

  /** Traces that outlive a dev server, and what they may take of the disk. */
  private static final int TRACES_KEPT = 10_000;

  private static final long TRACE_FILE_BYTES_MAX = 32L * 1024 * 1024;

  private final Traces traces;
  private final Config config;
  private volatile @Nullable TraceFile file;
  private volatile @Nullable OtlpExport export;

  TraceKeeping(Traces traces, Config config) {
    this.traces = traces;
    this.config = config;
  }

  /** Goes on with the traces of the last start, and keeps those of this one. */
  void keep() {
    if (config.mode() != Config.Mode.DEV || config.db().inMemory()) {
      return;
    }
    Path path = config.project().pylonDirectory().resolve("traces.ndjson");
    try {
      traces.restore(TraceFile.read(path, Traces.RAN_MAX));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "earlier traces cannot be read path={0}", path);
    }
    file = TraceFile.keep(traces, path, TRACES_KEPT, TRACE_FILE_BYTES_MAX);
  }

  /**
   * Sends traces to the operator's collector, where {@code OTEL_*} names one.
   *
   * @param instance the start that they are of
   * @param listener hears what the collector complains of
   */
  void export(String instance, RuntimeListener listener) {
    var variables = new HashMap<>(config.childEnvironment());
    variables.putAll(config.environment().variables());
    if (OtlpExport.isWanted(variables)) {
      OtlpExport started =
          OtlpExport.start(variables, instance, complaint -> listener.log("warn", complaint));
      export = started;
      traces.onTrace(started::export);
    }
  }

  /** Writes and sends what is still to be written and sent. */
  @Override
  public void close() {
    TraceFile kept = file;
    if (kept != null) {
      kept.close();
    }
    OtlpExport exported = export;
    if (exported != null) {
      exported.close();
    }
  }
}
