package dev.pylon.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The counts as Prometheus reads them, through Micrometer. Nothing is measured here: every meter
 * reads a number that is counted anyway, so that a server nobody asks pays nothing. Thread-safe.
 */
public final class PrometheusText {
  private static final System.Logger LOG = System.getLogger(PrometheusText.class.getName());

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  /**
   * Its name is older than the rule that a counter ends in {@code _total}, which the library
   * enforces; dashboards know it as it is.
   */
  private static final String BY_METHOD = "pylon_http_requests_by_method";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** What to answer. */
  public record Page(String contentType, String text) {}

  public PrometheusText(RequestCounts requests, Collection<Gauge> gauges) {
    counter("pylon.http.requests", "Requests answered", requests, r -> r.ok() + r.errors());
    counter(
        "pylon.http.requests.ok", "Requests answered with 2xx or 3xx", requests, RequestCounts::ok);
    counter(
        "pylon.http.requests.errors",
        "Requests answered with anything else",
        requests,
        RequestCounts::errors);
    for (String method : RequestCounts.METHODS) {
      io.micrometer.core.instrument.Gauge.builder(
              "pylon.http.requests.by.method", requests, r -> r.ofMethod(method))
          .description("Requests answered, by method")
          .tag("method", method)
          .register(registry);
    }
    gauges.forEach(this::register);
    registry.getPrometheusRegistry().register(() -> durations(requests));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  private <T> void counter(String name, String description, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, of, value).description(description).register(registry);
  }

  private void register(Gauge gauge) {
    switch (gauge) {
      case Gauge.Single single when single.counter() ->
          FunctionCounter.builder(single.name(), single, one -> one.value().getAsDouble())
              .description(single.description())
              .register(registry);
      case Gauge.Single single ->
          // The registry holds what it reads weakly, but for this.
          io.micrometer.core.instrument.Gauge.builder(
                  single.name(), single, one -> one.value().getAsDouble())
              .description(single.description())
              .strongReference(true)
              .register(registry);
      case Gauge.Family family -> registry.getPrometheusRegistry().register(() -> together(family));
    }
  }

  private static GaugeSnapshot together(Gauge.Family family) {
    var snapshot =
        GaugeSnapshot.builder().name(family.name().replace('.', '_')).help(family.description());
    try {
      family
          .values()
          .get()
          .forEach((word, value) ->
              snapshot.dataPoint(
                  GaugeDataPointSnapshot.builder()
                      .labels(Labels.of(family.label(), word))
                      .value(value)
                      .build()));
    } catch (RuntimeException e) {
      // A database that is away takes its own numbers with it, and leaves the others.
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot be counted now name={0} reason={1}",
          family.name(),
          e.toString());
    }
    return snapshot.build();
  }

  private static HistogramSnapshot durations(RequestCounts requests) {
    var histogram =
        HistogramSnapshot.builder()
            .name("pylon_http_request_duration_seconds")
            .help("From the last byte of a request to the last of its answer");
    for (RequestCounts.Series series : requests.series()) {
      histogram.dataPoint(
          HistogramDataPointSnapshot.builder()
              .labels(Labels.of("area", series.area(), "status", series.status()))
              .classicHistogramBuckets(
                  ClassicHistogramBuckets.of(
                      box(Durations.endsSeconds()), box(series.durations().counts())))
              .sum(series.durations().sumSeconds())
              .build());
    }
    return histogram.build();
  }

  private static List<Double> box(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static List<Number> box(long[] numbers) {
    return Arrays.stream(numbers).<Number>mapToObj(Long::valueOf).toList();
  }

  /**
   * All of it, now.
   *
   * @param open whether in the newer of the two forms
   */
  public Page page(boolean open) {
    String text = registry.scrape(open ? OPEN_METRICS : TEXT);
    return open
        ? new Page(OPEN_METRICS, text)
        : new Page(
            TEXT,
            text.replace("# TYPE " + BY_METHOD + " gauge", "# TYPE " + BY_METHOD + " counter"));
  }
}
