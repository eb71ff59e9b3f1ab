package dev.pylon.cli.call;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Input;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Suggestions;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.remote.Caller;
import dev.pylon.cli.remote.EventReader;
import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import dev.pylon.cli.remote.ServerError;
import dev.pylon.cli.remote.ServerTiming;
import dev.pylon.cli.traces.Trace;
import dev.pylon.json.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code pylon call FN [key=value…]}: calls one function of a running server. */
public final class CallCommand implements Command {
  /** Longer than any function may run that does not say so itself; a stream is silent less long. */
  private static final Duration SILENCE_MAX = Duration.ofMinutes(10);

  private static final Set<String> NEEDS_A_USER =
      Set.of(
          "UNAUTHENTICATED", "UNAUTHORIZED", "NOT_AUTHENTICATED", "AUTH_REQUIRED", "NOT_SIGNED_IN");

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Call a function of a running server and print what it returns.")
        .words("<fn> [key=value|key:=json …]")
        .example("pylon call listTodos", "Call without arguments.")
        .example(
            "pylon call addTodo title=milk done:=false", "Text is typed by the function's schema.")
        .example("pylon call placeBid lot.id=l9 --as u_42 --trace", "As a user, with what it did.")
        .example(
            "pylon call placeBid lot.id=l9 --dry-run", "What it would change, changing nothing.")
        .example(
            "pylon call importAll --args @rows.json", "Arguments from a file; - is standard input.")
        .value(
            "--args", "JSON|@FILE|-", "Arguments as one object; key=value forms override its keys.")
        .flag("--strict", "Refuse arguments the schema does not declare, without calling.")
        .flag("--list", "List the functions instead.")
        .flag("--stream", "Expect streamed output. Found out by itself; here for scripts.")
        .flag("--no-stream", "Ask for the value alone, without streamed output.")
        .flag("--raw", "Print a string without its quotes.")
        .flag("--timing", "Print the timing line, also into a pipe.")
        .flag("--trace", "Print the operations of the call.")
        .flag("--dry-run", "Run a mutation, show what it would change, and keep nothing of it.")
        .value("--repeat", "N", "Call this often, and show how long it took.")
        .value("--parallel", "K", "With --repeat: so many at once (1).")
        .flag("--watch", "Call again after every reload of the server, and on Enter.")
        .value("--timeout", "DUR", "Give up after this long without an answer (10m).")
        .unknownOptionsAreWords();
    Caller.describe(syntax);
    Remote.describe(syntax);
    syntax.details(
        "Arguments: key=value is text, typed by the function's schema; key:=json is JSON; key=@file"
            + " and key:=@file read a file; @@x is the text @x; a.b=1, a[0].b=1 and a[]=x reach"
            + " inside; --key value works for declared arguments that are not options of pylon.");
  }

  @Override
  public ExitStatus run(Invocation invocation) throws Exception {
    if (invocation.line().has("--list")) {
      return new FnsCommand().run(invocation);
    }
    List<String> words = invocation.line().words();
    if (words.isEmpty()) {
      throw Failure.usage("which function?", "See: pylon call --list");
    }
    if (words.getFirst().startsWith("-")) {
      throw Failure.usage(
          "unknown option \"%s\"".formatted(words.getFirst()), "See: pylon call --help");
    }
    try (Remote remote = Remote.connect(invocation)) {
      var exchange = new Exchange(invocation, remote, words.getFirst());
      List<String> arguments = words.subList(1, words.size());
      Line line = invocation.line();
      if (line.has("--repeat") || line.has("--parallel")) {
        return CallSeries.of(invocation, remote, exchange.request(arguments)).run();
      }
      if (!line.has("--watch")) {
        return exchange.run(arguments);
      }
      return new CallWatch(invocation, remote)
          .run(() -> {
            try (Remote again = remote.again()) {
              return new Exchange(invocation, again, words.getFirst()).run(arguments);
            }
          });
    }
  }

  /** One call over one connection. */
  private static final class Exchange {
    private final Invocation invocation;
    private final Line line;
    private final Output output;
    private final Remote remote;
    private final String name;
    private final Caller caller;
    private final CallReport report;
    private @Nullable List<FunctionInfo> functions;

    Exchange(Invocation invocation, Remote remote, String name) {
      this.invocation = invocation;
      this.line = invocation.line();
      this.output = invocation.output();
      this.remote = remote;
      this.name = name;
      this.caller = Caller.of(invocation);
      this.report =
          output.isJson()
              ? new JsonCallReport(output)
              : new TextCallReport(
                  output, line.has("--raw"), line.has("--timing"), line.has("--trace"));
    }

    /** What the command line asks for, as it is sent. */
    CallRequest request(List<String> words) {
      Map<String, @Nullable Object> args = arguments(words);
      var headers =
          new LinkedHashMap<>(
              line.has("--dry-run")
                  ? caller.headersOfAdmin(invocation, remote)
                  : caller.headers(invocation, remote));
      headers.put("X-Pylon-Call-Facts", "1");
      return new CallRequest(
          name, headers, Json.bytes(args), line.duration("--timeout").orElse(SILENCE_MAX));
    }

    ExitStatus run(List<String> words) {
      CallRequest request = request(words);
      if (line.has("--dry-run")) {
        return new CallTrial(output, invocation.clock(), this::explained).run(remote, request);
      }
      long start = System.nanoTime();
      HttpReply reply =
          request.send(
              remote,
              "Accept",
              line.has("--no-stream") ? "application/json" : "text/event-stream, application/json");
      if (reply.isEventStream()) {
        return stream(reply, start);
      }
      byte[] body = remote.bytes(reply);
      double millis = millisSince(start);
      return reply.status() == 200
          ? returned(body, reply, millis)
          : failed(ServerError.parse(reply.status(), body), reply, millis);
    }

    private static double millisSince(long startNanos) {
      return (System.nanoTime() - startNanos) / 1e6;
    }

    // --- arguments

    private Map<String, @Nullable Object> arguments(List<String> words) {
      Map<String, @Nullable Object> base = line.value("--args").map(this::base).orElse(Map.of());
      var arguments =
          new Arguments(
              base,
              () -> FunctionInfo.find(functions(), name),
              file -> Input.bytes(invocation, file));
      Map<String, @Nullable Object> args = arguments.with(words);
      if (line.has("--strict")) {
        FunctionInfo function =
            FunctionInfo.find(functions(), name)
                .orElseThrow(() -> unknownFunction("Function \"" + name + "\" is not registered"));
        List<String> problems = Arguments.problems(function, args);
        if (!problems.isEmpty()) {
          throw new Failure(
              ExitStatus.USAGE,
              "INVALID_ARGS",
              String.join("; ", problems),
              "Expected: " + function.signature());
        }
      }
      return args;
    }

    private Map<String, @Nullable Object> base(String value) {
      if (value.equals("-")) {
        return Arguments.base(Input.bytes(invocation, "-"), "standard input");
      }
      return value.startsWith("@")
          ? Arguments.base(Input.bytes(invocation, value.substring(1)), value.substring(1))
          : Arguments.base(value.getBytes(StandardCharsets.UTF_8), "--args");
    }

    private List<FunctionInfo> functions() {
      if (functions == null) {
        functions = FunctionInfo.listIfAllowed(remote);
      }
      return functions;
    }

    // --- answers

    private ExitStatus stream(HttpReply reply, long start) {
      var events = new EventReader(reply.body());
      Map<String, @Nullable Object> facts = Map.of();
      try {
        for (Optional<EventReader.Event> next = events.next();
            next.isPresent();
            next = events.next()) {
          EventReader.Event event = next.get();
          switch (event.name()) {
            case "" -> report.chunk(event.data());
            case "result" -> {
              drain(reply);
              return returned(event.data(), known(reply, facts), millisSince(start));
            }
            case "error" -> {
              drain(reply);
              return failed(
                  ServerError.ofEvent(event.data(), facts),
                  known(reply, facts),
                  millisSince(start));
            }
            case "x-pylon-call" -> facts = Json.parseObject(event.data());
            default -> report.event(event.name(), event.data());
          }
        }
      } catch (IOException e) {
        throw remote.lost(e);
      }
      throw remote.lost(new IOException("the stream ended without a result"));
    }

    /** The answer with a head that knows what the server told at the end of the stream. */
    private static HttpReply known(HttpReply reply, Map<String, @Nullable Object> facts) {
      var headers = new LinkedHashMap<>(reply.headers());
      if (facts.get("call_id") instanceof String id) {
        headers.put("x-pylon-call-id", id);
      }
      if (facts.get("server_timing") instanceof String timing) {
        headers.put("server-timing", timing);
      }
      return new HttpReply(reply.status(), headers, reply.body());
    }

    /** Reads what is left of an ended stream, so that the connection can be used again. */
    private static void drain(HttpReply reply) throws IOException {
      reply.body().skip(Long.MAX_VALUE);
    }

    private ExitStatus returned(byte[] value, HttpReply reply, double millis) {
      report.returned(value, facts(reply, millis));
      return ExitStatus.OK;
    }

    private ExitStatus failed(ServerError error, HttpReply reply, double millis) {
      report.failed(explained(error), facts(reply, millis));
      return error.exitStatus();
    }

    private CallFacts facts(HttpReply reply, double millis) {
      Optional<String> callId = reply.header("x-pylon-call-id");
      return new CallFacts(
          name,
          callId,
          millis,
          reply.header("server-timing").map(ServerTiming::parse).orElse(Map.of()),
          callId.flatMap(this::trace),
          caller);
    }

    /** What the server remembers of the call; asked for only where the report has a use for it. */
    private Optional<Trace> trace(String callId) {
      if (remote.adminToken().isEmpty()
          || output.options().quiet() && !line.has("--trace") && !output.isJson()) {
        return Optional.empty();
      }
      try {
        HttpReply reply =
            remote.getAsAdmin(
                "/api/fn/traces/" + URLEncoder.encode(callId, StandardCharsets.UTF_8));
        byte[] body = remote.bytes(reply);
        return reply.status() == 200
            ? Optional.of(new Trace(Json.parseObject(body)))
            : Optional.empty();
      } catch (Failure noTrace) {
        // The call has its answer; a server that is just going down keeps only the story of it.
        return Optional.empty();
      }
    }

    /** The error with the best advice we have. */
    private Failure explained(ServerError error) {
      if (error.code().equals("FN_NOT_FOUND") && error.httpStatus() == 404) {
        return unknownFunction(error.message());
      }
      if (error.code().equals("INVALID_ARGS")) {
        return error.failure(
            FunctionInfo.find(functions(), name)
                .map(function -> "Expected: " + function.signature())
                .orElse(null));
      }
      if (caller.isAnonymous()
          && (NEEDS_A_USER.contains(error.code()) || error.httpStatus() == 401)) {
        return error.failure("Nobody is signed in. Call as a user: --as USER");
      }
      return error.failure(null);
    }

    private Failure unknownFunction(String message) {
      var names = new ArrayList<String>();
      functions().forEach(function -> names.add(function.name()));
      List<String> near = Suggestions.few(name, names);
      String hint =
          near.isEmpty()
              ? "See: pylon call --list"
              : "Did you mean: " + String.join(", ", near) + "?";
      return new Failure(ExitStatus.USAGE, "FN_NOT_FOUND", message, hint);
    }
  }
}
