package dev.pylon.server.routes;

import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.LocalCaller;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.server.metrics.Gauge;
import dev.pylon.server.metrics.PrometheusText;
import dev.pylon.server.metrics.RequestCounts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /metrics}: what was counted, as JSON or for Prometheus (services contract, 10.5). */
public final class MetricsRoutes {
  private final RequestCounts requests;
  private final Supplier<List<Gauge>> gauges;
  private final Callers callers;
  private final boolean openToLocalCallers;
  private final InstantSource clock;
  private final Instant started;

  /** Made by the first who asks, for its library is large. Guarded by this. */
  private @Nullable PrometheusText text;

  /**
   * @param gauges asked once, when somebody wants text for the first time
   * @param openToLocalCallers whether callers from this machine need no token
   */
  public MetricsRoutes(
      RequestCounts requests,
      Supplier<List<Gauge>> gauges,
      Callers callers,
      boolean openToLocalCallers,
      InstantSource clock) {
    this.requests = requests;
    this.gauges = gauges;
    this.callers = callers;
    this.openToLocalCallers = openToLocalCallers;
    this.clock = clock;
    this.started = clock.instant();
  }

  public void addTo(Router router) {
    router.on("GET", "/metrics", this::metrics);
  }

  private Response metrics(Request request, List<String> none) {
    if (!(openToLocalCallers && LocalCaller.is(request)) && !callers.isAdmin(request)) {
      throw new PylonException(
          HttpError.UNAUTHORIZED, "/metrics needs the admin token (PYLON_ADMIN_TOKEN)");
    }
    boolean open = request.accepts("application/openmetrics-text");
    if (!open && !request.accepts("text/plain")) {
      return Response.json(200, json());
    }
    PrometheusText.Page page = text().page(open);
    return new Response.Full(
        200, page.contentType(), Map.of(), page.text().getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, @Nullable Object> json() {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("uptime_secs", uptime().toSeconds());
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("total", requests.ok() + requests.errors());
    all.put("ok", requests.ok());
    all.put("error", requests.errors());
    json.put("requests", all);
    var methods = new LinkedHashMap<String, @Nullable Object>();
    for (String method : List.of("GET", "POST", "PATCH", "DELETE")) {
      methods.put(method, requests.ofMethod(method));
    }
    json.put("methods", methods);
    return json;
  }

  private Duration uptime() {
    return Duration.between(started, clock.instant());
  }

  private synchronized PrometheusText text() {
    if (text == null) {
      var all = new ArrayList<>(gauges.get());
      all.add(
          Gauge.of(
              "pylon.uptime.seconds",
              "Since this process began to serve",
              () -> uptime().toMillis() / 1e3));
      text = new PrometheusText(requests, all);
    }
    return text;
  }
}
