package dev.pylon.trace.otlp;

import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends traces to a collector by OTLP, as the standard {@code OTEL_*} variables say.
 *
 * <p>{@link #export} only queues; one thread makes spans, the SDK sends them in batches. Where
 * either is behind, traces are left out: calls never wait. Thread-safe.
 */
public final class OtlpExport implements AutoCloseable {
  /** Any of these means that somebody wants traces sent. */
  private static final Set<String> SWITCHES =
      Set.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_TRACES_EXPORTER");

  private static final int QUEUED_MAX = 4_096;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;
  private final CallIds ids;
  private final ThreadPoolExecutor spans =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUED_MAX),
          Thread.ofVirtual().name("otlp").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  private OtlpExport(OpenTelemetrySdk sdk, CallIds ids) {
    this.sdk = sdk;
    this.tracer = sdk.getTracer("dev.pylon");
    this.ids = ids;
  }

  /** Whether the environment names a collector. Loads nothing of the SDK. */
  public static boolean isWanted(Map<String, String> environment) {
    return !"true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"))
        && !"none".equals(environment.get("OTEL_TRACES_EXPORTER"))
        && SWITCHES.stream()
            .anyMatch(name -> environment.get(name) instanceof String value && !value.isBlank());
  }

  /**
   * Starts sending.
   *
   * @param environment the {@code OTEL_*} variables; properties of the same names in dotted lower
   *     case win over it, as the SDK has it
   * @param instance names this start of the server
   * @param onFailure hears, for the operator, that a batch did not arrive
   */
  public static OtlpExport start(
      Map<String, String> environment, String instance, Consumer<String> onFailure) {
    var ids = new CallIds(instance);
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesSupplier(() -> defaults(environment))
            .addTracerProviderCustomizer((provider, _) -> provider.setIdGenerator(ids))
            .addSpanExporterCustomizer((exporter, _) -> new WatchedExporter(exporter, onFailure))
            .build()
            .getOpenTelemetrySdk();
    return new OtlpExport(sdk, ids);
  }

  private static Map<String, String> defaults(Map<String, String> environment) {
    var properties =
        new HashMap<>(
            Map.of(
                "otel.service.name", "pylon",
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none",
                "otel.propagators", "none"));
    environment.forEach((name, value) -> {
      if (name.startsWith("OTEL_")) {
        properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
      }
    });
    return properties;
  }

  /** Queues a trace; returns at once. */
  public void export(Trace trace) {
    spans.execute(() -> send(trace));
  }

  private void send(Trace trace) {
    String traceId = ids.traceIdOf(rootOf(trace));
    SpanBuilder builder =
        tracer
            .spanBuilder(trace.fnName())
            .setSpanKind(kind(trace.source()))
            .setStartTimestamp(nanos(trace, 0), TimeUnit.NANOSECONDS)
            .setAllAttributes(attributes(trace));
    String parent = trace.parentCallId();
    builder.setParent(
        parent == null ? Context.root() : Context.root().with(Span.wrap(remote(traceId, parent))));
    ids.next(traceId, ids.spanIdOf(trace.callId()));
    Span span = builder.startSpan();
    trace
        .logs()
        .forEach(line ->
            span.addEvent(
                "console." + line.level(),
                Attributes.builder().put("message", line.text()).build(),
                nanos(trace, line.millis()),
                TimeUnit.NANOSECONDS));
    trace.ops().forEach(op -> send(trace, op, span));
    if (trace.outcome() instanceof Trace.Error error) {
      span.setStatus(StatusCode.ERROR, error.code() + ": " + error.message());
      span.setAttribute("error.type", error.code());
    }
    span.end(nanos(trace, trace.durationMillis() + trace.commitMillis()), TimeUnit.NANOSECONDS);
  }

  /** What all calls of one request share; a job has no request and is its own. */
  private static String rootOf(Trace trace) {
    return Objects.requireNonNullElseGet(
        trace.requestId(), () -> Objects.requireNonNullElse(trace.parentCallId(), trace.callId()));
  }

  private SpanContext remote(String traceId, String callId) {
    return SpanContext.createFromRemoteParent(
        traceId, ids.spanIdOf(callId), TraceFlags.getSampled(), TraceState.getDefault());
  }

  private void send(Trace trace, Trace.Op op, Span call) {
    var attributes = Attributes.builder().put("db.operation.name", op.op());
    if (op.entity() != null) {
      attributes.put("db.collection.name", op.entity());
    }
    if (op.rowCount() != null) {
      attributes.put("db.response.returned_rows", op.rowCount());
    }
    Span span =
        tracer
            .spanBuilder(op.entity() == null ? op.op() : op.op() + " " + op.entity())
            .setParent(Context.root().with(call))
            .setSpanKind(SpanKind.CLIENT)
            .setStartTimestamp(nanos(trace, op.startMillis()), TimeUnit.NANOSECONDS)
            .setAllAttributes(attributes.build())
            .startSpan();
    if (!op.ok()) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(nanos(trace, op.startMillis() + op.durationMillis()), TimeUnit.NANOSECONDS);
  }

  private static SpanKind kind(Source source) {
    return switch (source) {
      case HTTP, SSE, WEBHOOK, CLI -> SpanKind.SERVER;
      case JOB, CRON, WORKFLOW -> SpanKind.CONSUMER;
      case NESTED -> SpanKind.INTERNAL;
    };
  }

  private static Attributes attributes(Trace trace) {
    var attributes =
        Attributes.builder()
            .put("pylon.call.id", trace.callId())
            .put("pylon.call.source", trace.source().wireName())
            .put("pylon.call.attempt", trace.attempt())
            .put("pylon.call.queue_ms", trace.queueMillis())
            .put("pylon.call.commit_ms", trace.commitMillis())
            .put("pylon.call.rolled_back", trace.rolledBack());
    if (trace.fnType() != null) {
      attributes.put("pylon.function.kind", trace.fnType());
    }
    if (trace.userId() != null) {
      attributes.put("user.id", trace.userId());
    }
    if (trace.tenantId() != null) {
      attributes.put("pylon.tenant.id", trace.tenantId());
    }
    if (trace.requestId() != null) {
      attributes.put("pylon.request.id", trace.requestId());
    }
    return attributes.build();
  }

  /** A moment of the call, in nanoseconds since 1970. */
  private static long nanos(Trace trace, double offsetMillis) {
    return TimeUnit.MILLISECONDS.toNanos(trace.startedAtMillis())
        + Math.round((trace.queueMillis() + offsetMillis) * 1_000_000);
  }

  /** Sends what is queued, for at most some seconds. */
  @Override
  public void close() {
    spans.shutdown();
    try {
      if (!spans.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        spans.shutdownNow();
      }
    } catch (InterruptedException e) {
      spans.shutdownNow();
      Thread.currentThread().interrupt();
    }
    var unused = sdk.shutdown().join(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
