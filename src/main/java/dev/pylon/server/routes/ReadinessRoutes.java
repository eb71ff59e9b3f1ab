package dev.pylon.server.routes;

import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /readyz} and {@code /ready}: whether we should be sent anything. No limits, no auth. */
public final class ReadinessRoutes {
  private final HealthRoutes.Availability availability;
  private final Readiness readiness;

  public ReadinessRoutes(HealthRoutes.Availability availability, Readiness readiness) {
    this.availability = availability;
    this.readiness = readiness;
  }

  public void addTo(Router router) {
    router.on("GET", "/readyz", this::ready);
    router.on("GET", "/ready", this::ready);
  }

  private Response ready(Request request, List<String> none) {
    var checks = new LinkedHashMap<String, Boolean>();
    checks.put("serving", availability.isUp());
    boolean leaving = readiness.isLeaving();
    if (!leaving) {
      checks.putAll(readiness.checks());
    }
    boolean ready = !leaving && !checks.containsValue(false);
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("status", leaving ? "draining" : ready ? "ready" : "unready");
    body.put("checks", checks);
    Response.Full answer = Response.json(ready ? 200 : 503, body);
    return ready ? answer : answer.with("Retry-After", "1");
  }
}
