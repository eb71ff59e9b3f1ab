package dev.pylon.trace.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Tells when spans stop arriving, once until they arrive again. Thread-safe. */
final class WatchedExporter implements SpanExporter {
  private final SpanExporter exporter;
  private final Consumer<String> onFailure;
  private final AtomicBoolean failing = new AtomicBoolean();

  WatchedExporter(SpanExporter exporter, Consumer<String> onFailure) {
    this.exporter = exporter;
    this.onFailure = onFailure;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    result.whenComplete(() -> {
      if (result.isSuccess()) {
        failing.set(false);
      } else if (failing.compareAndSet(false, true)) {
        Throwable cause = result.getFailureThrowable();
        onFailure.accept(
            "Traces do not reach the collector"
                + (cause == null ? "" : ": " + cause.getMessage())
                + "; check OTEL_EXPORTER_OTLP_ENDPOINT");
      }
    });
    return result;
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
