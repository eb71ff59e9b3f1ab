package dev.pylon.server.routes;

import dev.pylon.functions.Admission;
import dev.pylon.functions.Answer;
import dev.pylon.functions.CallOutcome;
import dev.pylon.functions.FunctionInfo;
import dev.pylon.functions.FunctionRequest;
import dev.pylon.functions.Functions;
import dev.pylon.functions.Rehearsal;
import dev.pylon.functions.Requester;
import dev.pylon.functions.StreamSink;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.json.RawJson;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.ErrorResponse;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.server.sse.EventText;
import dev.pylon.trace.Source;
import dev.pylon.trace.Traces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /api/fn}: list and call functions (functions contract, 9 and 10). */
public final class FunctionRoutes {
  private static final String EVENTS = "text/event-stream";

  private static final Map<String, String> STREAM_HEADERS = Map.of("Cache-Control", "no-cache");

  /**
   * A request with this header gets, before the event that ends its stream, one more: the call's
   * id, timing and status. Nobody else does, since shipped clients take unknown events for output.
   */
  private static final String FACTS_HEADER = "X-Pylon-Call-Facts";

  private static final String FACTS_EVENT = "x-pylon-call";

  private final Supplier<Optional<Functions>> functions;
  private final Traces traces;
  private final Callers callers;
  private final ClientAddress clients;
  private final boolean devMode;

  /**
   * @param functions empty while the project has no functions directory
   * @param devMode whether answers may show the developer what callers must not see
   */
  public FunctionRoutes(
      Supplier<Optional<Functions>> functions,
      Traces traces,
      Callers callers,
      ClientAddress clients,
      boolean devMode) {
    this.functions = functions;
    this.traces = traces;
    this.callers = callers;
    this.clients = clients;
    this.devMode = devMode;
  }

  public void addTo(Router router) {
    router.on("GET", "/api/fn", this::list);
    router.on("POST", "/api/fn/traces", FunctionRoutes::refuse);
    router.on("POST", "/api/fn/", this::nameless);
    router.on("POST", "/api/fn/{name...}", this::call);
    router.on(Router.ANY_METHOD, "/api/webhooks/{name...}", this::webhook);
  }

  /** The traces have their place among the functions: none of that name can be called. */
  private static Response refuse(Request request, List<String> none) {
    throw Router.notFound(request);
  }

  /**
   * Whoever wants a stream has asked for a function, as clients know it; all others for no path.
   */
  private Response nameless(Request request, List<String> none) {
    if (functions.get().isPresent() && request.accepts(EVENTS)) {
      return call(request, List.of(""));
    }
    throw Router.notFound(request);
  }

  private Functions available() {
    return functions.get().orElseThrow(Functions::notConfigured);
  }

  /** {@code GET /api/fn}: what can be called, and what could not be loaded; admins only. */
  private Response list(Request request, List<String> none) {
    callers.requireAdmin(request);
    var list = new ArrayList<Map<String, @Nullable Object>>();
    functions
        .get()
        .ifPresent(engine -> {
          Map<String, Traces.Stats> stats = traces.stats();
          for (FunctionInfo function : engine.list()) {
            list.add(
                switch (function) {
                  case FunctionInfo.Callable callable ->
                      described(callable, stats.get(callable.name()));
                  case FunctionInfo.Broken broken -> described(broken);
                });
          }
        });
    return Response.json(200, list);
  }

  private static Map<String, @Nullable Object> described(
      FunctionInfo.Callable function, Traces.@Nullable Stats stats) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("name", function.name());
    json.put("fn_type", function.kind());
    if (function.argsSchema() != null) {
      json.put("args_schema", function.argsSchema());
    }
    if (function.description() != null) {
      json.put("description", function.description());
    }
    if (function.internal()) {
      json.put("internal", true);
    }
    json.put("calls", stats == null ? 0 : stats.calls());
    json.put("errors", stats == null ? 0 : stats.errors());
    json.put("p50_ms", stats == null ? null : stats.p50Millis());
    json.put("p95_ms", stats == null ? null : stats.p95Millis());
    return json;
  }

  private static Map<String, @Nullable Object> described(FunctionInfo.Broken broken) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("name", broken.name());
    json.put("fn_type", "failed");
    json.put("load_error", broken.reason());
    return json;
  }

  /** {@code POST /api/fn/<name>}: the value as JSON, or a stream where the caller asks for one. */
  private Response call(Request request, List<String> path) {
    Functions engine = available();
    String name = path.getFirst();
    Callers.Caller caller = callers.of(request);
    boolean streamed = request.accepts(EVENTS);
    Source source =
        caller.impersonatedBy() != null ? Source.CLI : streamed ? Source.SSE : Source.HTTP;
    var by =
        new Requester(
            caller.identity(), source, request.id(), clients.of(request), caller.impersonatedBy());
    FunctionRequest wish = FunctionRequest.of(name, RawJson.EMPTY_OBJECT, by);
    if (DryRun.isAskedFor(request)) {
      callers.requireAdmin(request, "a dry run requires admin auth (PYLON_ADMIN_TOKEN)");
      return rehearse(engine, wish.with(args(request)));
    }
    // A stream begins with 200: whoever is to be turned away is so before.
    return switch (engine.admit(wish, () -> args(request))) {
      case Admission.Denied(CallOutcome outcome) -> answer(outcome);
      case Admission.Granted granted when streamed ->
          new Response.Streaming(
              200,
              EVENTS,
              STREAM_HEADERS,
              Response.Begin.AT_ONCE,
              output -> stream(engine, granted, output, request.header(FACTS_HEADER).isPresent()));
      case Admission.Granted granted -> answer(engine.run(granted));
    };
  }

  private Response rehearse(Functions engine, FunctionRequest wish) {
    var rehearsal = new Rehearsal();
    CallOutcome outcome = engine.call(wish.rehearsing(rehearsal));
    if (outcome.answer() instanceof Answer.Returned(RawJson value)) {
      Response.Full response = Response.json(200, DryRun.json(value, rehearsal));
      return new Response.Full(
          200, response.contentType(), headers(outcome, response), response.body());
    }
    return answer(outcome);
  }

  /**
   * {@code /api/webhooks/<name>}, any method: runs an action on what somebody else's server sent,
   * with the whole request in {@code ctx.request} and the body as it came in {@code args.rawBody}.
   * Where it matters to them, the action says the whole answer.
   */
  private Response webhook(Request request, List<String> path) {
    Functions engine = available();
    String body = new String(request.body(), StandardCharsets.UTF_8);
    Callers.Caller caller = callers.of(request);
    var by =
        new Requester(
            caller.identity(),
            Source.WEBHOOK,
            request.id(),
            clients.of(request),
            caller.impersonatedBy());
    FunctionRequest call =
        FunctionRequest.of(path.getFirst(), Json.raw(Map.of("rawBody", body)), by)
            .webhook(request.method(), request.target(), request.headers().get(), request.body());
    return answer(engine.call(call), WebhookAnswer::of);
  }

  private static RawJson args(Request request) {
    byte[] body = request.body();
    if (isBlank(body)) {
      return RawJson.EMPTY_OBJECT;
    }
    try {
      return Json.check(body);
    } catch (JsonException e) {
      throw new PylonException(HttpError.INVALID_JSON, "Invalid request body", e)
          .with("hint", String.valueOf(e.getMessage()));
    }
  }

  private static boolean isBlank(byte[] body) {
    for (byte b : body) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private Response answer(CallOutcome outcome) {
    return answer(outcome, value -> Response.json(200, value));
  }

  private Response answer(CallOutcome outcome, Function<RawJson, Response.Full> shown) {
    Response.Full response =
        switch (outcome.answer()) {
          case Answer.Returned(RawJson value) -> shown.apply(value);
          case Answer.Failed failed ->
              ErrorResponse.of(
                  failed.status(), failed.code(), failed.message(), shownMembers(failed, devMode));
        };
    return new Response.Full(
        response.status(), response.contentType(), headers(outcome, response), response.body());
  }

  private static Map<String, String> headers(CallOutcome outcome, Response.Full response) {
    var headers = new LinkedHashMap<>(response.headers());
    headers.put("X-Pylon-Call-Id", outcome.callId());
    headers.put("Server-Timing", timing(outcome));
    return headers;
  }

  private static String timing(CallOutcome outcome) {
    var text = new StringBuilder(80);
    append(text, "queue", outcome.queueMillis());
    append(text.append(", "), "run", outcome.runMillis());
    append(text.append(", "), "db", outcome.dbMillis());
    append(text.append(", "), "commit", outcome.commitMillis());
    return text.toString();
  }

  /** Three decimals, by hand: formatting would cost more than the rest of the answer. */
  private static void append(StringBuilder text, String metric, double millis) {
    long micros = Math.round(millis * 1_000);
    text.append(metric).append(";dur=").append(micros / 1_000).append('.');
    long fraction = micros % 1_000;
    text.append((char) ('0' + fraction / 100))
        .append((char) ('0' + fraction / 10 % 10))
        .append((char) ('0' + fraction % 10));
  }

  /** What a caller may see of a failure; in dev that is everything. */
  static Map<String, @Nullable Object> shownMembers(Answer.Failed failed, boolean devMode) {
    var members = new LinkedHashMap<String, @Nullable Object>(failed.members());
    if (devMode) {
      if (failed.detail() != null) {
        members.put("detail", failed.detail());
      }
    } else {
      members.remove("load_error");
      members.remove("reason");
    }
    return members;
  }

  private void stream(
      Functions engine, Admission.Granted call, Response.Output output, boolean withFacts) {
    CallOutcome outcome = engine.run(call.streamingTo(new EventSink(output)));
    if (withFacts) {
      output.write(EventText.last(FACTS_EVENT, Json.text(facts(outcome))));
    }
    var ignored =
        switch (outcome.answer()) {
          case Answer.Returned(RawJson value) ->
              output.write(EventText.last("result", value.toString()));
          case Answer.Failed failed ->
              output.write(EventText.last("error", Json.text(error(failed))));
        };
  }

  /** What the head of a plain answer says, which was sent before a stream could know it. */
  private static Map<String, @Nullable Object> facts(CallOutcome outcome) {
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put("call_id", outcome.callId());
    facts.put("server_timing", timing(outcome));
    facts.put("status", outcome.answer() instanceof Answer.Failed failed ? failed.status() : 200);
    return facts;
  }

  /** Sends what a handler streams as events. */
  private record EventSink(Response.Output output) implements StreamSink {
    @Override
    public void write(@Nullable String event, String data) {
      output.write(EventText.chunk(event, data));
    }

    @Override
    public void onGone(Runnable listener) {
      output.onGone(listener);
    }
  }

  private Map<String, @Nullable Object> error(Answer.Failed failed) {
    var error = new LinkedHashMap<String, @Nullable Object>();
    error.put("code", failed.code());
    error.put("message", failed.message());
    error.putAll(shownMembers(failed, devMode));
    return error;
  }
}
