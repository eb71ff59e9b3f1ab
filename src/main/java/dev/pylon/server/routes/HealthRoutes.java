package dev.pylon.server.routes;

import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** {@code /health}: whether this process serves (services contract, 10.5). No limits, no auth. */
public final class HealthRoutes {
  private final String version;
  private final String instance;
  private final InstantSource clock;
  private final Instant started;
  private final Availability availability;
  private final IntSupplier revision;

  /** Whether there is something to serve. */
  @FunctionalInterface
  public interface Availability {
    boolean isUp();
  }

  /**
   * @param revision another number after each load of functions or of the entry
   */
  public HealthRoutes(
      String version,
      String instance,
      InstantSource clock,
      Availability availability,
      IntSupplier revision) {
    this.version = version;
    this.instance = instance;
    this.clock = clock;
    this.started = clock.instant();
    this.availability = availability;
    this.revision = revision;
  }

  public void addTo(Router router) {
    router.onProbe("/health", this::health);
  }

  private Response.Full health(Request request) {
    boolean up = availability.isUp();
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("status", up ? "ok" : "starting");
    body.put("version", version);
    body.put("uptime_secs", Duration.between(started, clock.instant()).toSeconds());
    return Response.json(up ? 200 : 503, body)
        .with("X-Pylon-Instance", instance)
        .with("X-Pylon-Revision", String.valueOf(revision.getAsInt()));
  }
}
