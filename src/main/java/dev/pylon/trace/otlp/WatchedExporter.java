package dev.pylon.trace.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.ConnectException;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
        onFailure.accept(
            "Traces do not reach the collector"
                + reason(result.getFailureThrowable())
                + "; check OTEL_EXPORTER_OTLP_ENDPOINT");
      }
    });
    return result;
  }

  /** The innermost cause in a word or two: the sender wraps it several times. */
  private static String reason(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause != null && cause.getCause() != null && cause.getCause() != cause) {
      if (cause instanceof ConnectException) {
        break;
      }
      cause = cause.getCause();
    }
    return switch (cause) {
      case null -> "";
      case ConnectException _ -> ": nobody listens there";
      default -> ": " + Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    };
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
