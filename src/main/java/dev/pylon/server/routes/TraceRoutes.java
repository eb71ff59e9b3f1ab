package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.trace.Trace;
import dev.pylon.trace.TraceJson;
import dev.pylon.trace.TraceQuery;
import dev.pylon.trace.Traces;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/fn/traces}: what calls did (functions contract, 13; command line contract, 11.3). */
public final class TraceRoutes {
  private static final int LIMIT_DEFAULT = 50;

  /** Functions contract, 13.2; filters look through the whole ring whatever the limit. */
  private static final int LIMIT_MAX = 500;

  /** Records sent at once to a follower that is catching up. */
  private static final int BATCH_MAX = 100;

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final Traces traces;
  private final Callers callers;
  private final String instance;

  /**
   * @param instance names this start of the server: a cursor of another one has lost its place
   */
  public TraceRoutes(Traces traces, Callers callers, String instance) {
    this.traces = traces;
    this.callers = callers;
    this.instance = instance;
  }

  public void addTo(Router router) {
    router.on("GET", "/api/fn/traces", this::list);
    router.on("GET", "/api/fn/traces/{id}", this::one);
  }

  private Response list(Request request, List<String> none) {
    callers.requireAdmin(request);
    if (request.parameter("follow").isPresent()) {
      return follow(request);
    }
    Traces.Cursor end = traces.end();
    if (request.query().isEmpty()) {
      // The bare list is the contract's; whoever asks more precisely also sees what was refused.
      List<Trace> ran = traces.recent(TraceQuery.ALL, LIMIT_DEFAULT);
      return Response.json(200, TraceJson.of(ran)).with("X-Pylon-Cursor", text(end));
    }
    Traces.Cursor place =
        request.parameter("before").flatMap(this::cursor).orElse(Traces.Cursor.END);
    int limit = limit(request);
    Traces.Page page = traces.before(place, query(request), limit);
    List<Trace> found = new ArrayList<>(page.traces());
    found.sort(Comparator.comparingLong(Trace::startedAtMillis).reversed());
    if (request.parameter("order").filter("asc"::equals).isPresent()) {
      found = found.reversed();
    }
    Response.Full response =
        Response.json(200, TraceJson.of(found)).with("X-Pylon-Cursor", text(end));
    return found.isEmpty() || found.size() < limit
        ? response
        : response.with("X-Pylon-Before", text(page.before()));
  }

  private Response one(Request request, List<String> path) {
    callers.requireAdmin(request);
    String id = path.getFirst();
    Trace trace =
        traces
            .find(id)
            .orElseThrow(() ->
                new PylonException(
                    HttpError.NOT_FOUND, "No trace of a call with id \"%s\"".formatted(id)));
    return Response.json(200, withChildren(trace));
  }

  private Map<String, @Nullable Object> withChildren(Trace trace) {
    Map<String, @Nullable Object> json = TraceJson.of(trace);
    json.put("children", traces.children(trace.callId()).stream().map(this::withChildren).toList());
    return json;
  }

  // ---- following ----

  private Response follow(Request request) {
    TraceQuery query = query(request);
    boolean events = request.accepts("text/event-stream");
    Optional<Traces.Cursor> given = request.parameter("cursor").flatMap(this::cursor);
    boolean placeLost = request.parameter("cursor").isPresent() && given.isEmpty();
    Traces.Cursor from = given.orElse(placeLost ? traces.start() : traces.end());
    return new Response.Streaming(
        200,
        events ? "text/event-stream" : "application/x-ndjson",
        Map.of("Cache-Control", "no-cache", "X-Pylon-Cursor", text(from)),
        Response.Begin.AT_ONCE,
        output -> tail(from, placeLost, query, events, output));
  }

  private void tail(
      Traces.Cursor from,
      boolean placeLost,
      TraceQuery query,
      boolean events,
      Response.Output output)
      throws InterruptedException {
    Traces.Cursor cursor = from;
    boolean open = output.write(line(Map.of("type", placeLost ? "restart" : "open"), events));
    while (open) {
      Traces.Batch batch = traces.awaitAfter(cursor, BATCH_MAX, Deadline.after(HEARTBEAT));
      if (batch.lost() > 0) {
        output.write(line(Json.object("type", "gap", "lost", batch.lost()), events));
      }
      for (Traces.Placed placed : batch.placed()) {
        if (query.test(placed.trace())) {
          Map<String, @Nullable Object> json = TraceJson.of(placed.trace());
          json.put("cursor", text(placed.behind()));
          output.write(line(json, events));
        }
      }
      cursor = batch.next();
      open =
          batch.placed().isEmpty()
              ? output.write(line(heartbeat(cursor), events))
              : !output.isClosed();
    }
  }

  private Map<String, @Nullable Object> heartbeat(Traces.Cursor cursor) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("type", "heartbeat");
    json.put("cursor", text(cursor));
    return json;
  }

  private static byte[] line(Map<String, ? extends @Nullable Object> json, boolean events) {
    String text = Json.text(json);
    return (events ? "data: " + text + "\n\n" : text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private String text(Traces.Cursor cursor) {
    return "%s-%d-%d".formatted(instance, cursor.ran(), cursor.refused());
  }

  private Optional<Traces.Cursor> cursor(String text) {
    String prefix = instance + "-";
    if (!text.startsWith(prefix)) {
      return Optional.empty();
    }
    String[] numbers = text.substring(prefix.length()).split("-", -1);
    return numbers.length == 2
        ? number(numbers[0])
            .flatMap(ran -> number(numbers[1]).map(refused -> new Traces.Cursor(ran, refused)))
        : Optional.empty();
  }

  // ---- parameters ----

  private static int limit(Request request) {
    return request
        .parameter("limit")
        .flatMap(TraceRoutes::number)
        .filter(limit -> limit >= 0)
        .map(limit -> (int) Math.min(limit, LIMIT_MAX))
        .orElse(LIMIT_DEFAULT);
  }

  private static TraceQuery query(Request request) {
    return new TraceQuery(
        request.parameter("fn").orElse(null),
        request.parameter("errors").filter(value -> !value.equals("0")).isPresent(),
        request.parameter("slow_ms").flatMap(TraceRoutes::decimal).orElse(null),
        request.parameter("since").flatMap(TraceRoutes::number).orElse(null),
        request.parameter("until").flatMap(TraceRoutes::number).orElse(null),
        request.parameter("user").orElse(null),
        request.parameter("tenant").orElse(null),
        request.parameter("id").orElse(null));
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Double> decimal(String text) {
    try {
      return Optional.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
