package dev.pylon.cli.traces;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.remote.DevFile;
import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import dev.pylon.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code pylon traces}: shows what calls did, and follows those to come. */
public final class TracesCommand implements Command {
  private static final int SHOWN = 20;

  /** How many a follower sees first. */
  private static final int SHOWN_BEFORE_FOLLOWING = 5;

  /** Fewer letters of an id say too little. */
  private static final int ID_PREFIX_MIN = 4;

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Show what calls did, or follow them as they happen.")
        .words("[<fn>]")
        .example("pylon traces", "The newest calls, newest at the bottom.")
        .example("pylon traces placeBid --errors --since 15m", "Failures of one function.")
        .example("pylon traces --id c_17", "One call over time, operation by operation.")
        .example("pylon traces --follow --json", "Every call to come, one JSON object a line.")
        .flag("-f, --follow", "Go on with the calls to come, also over a restart of the server.")
        .value("-n, --limit", "N", "How many; 0 for all (20, or 5 with --follow).")
        .value("--id", "ID", "One call, by its id or the first letters of it.")
        .flag("--waterfall", "Each call over time, operation by operation.")
        .flag("--values", "Also what the calls returned.")
        .flag("--logs", "Also what handlers wrote to the console.")
        .flag("--stats", "A table of the functions instead of the calls.")
        .flag("--reverse", "Newest first.")
        .flag("--fail-on-errors", "Exit 1 if a call shown had failed.")
        .flag("--wait", "With --follow: wait for a server however long.")
        .flag("--ndjson", "The same as --output=ndjson.");
    TraceFilter.describe(syntax);
    Remote.describe(syntax);
  }

  @Override
  public ExitStatus run(Invocation invocation) throws Exception {
    if (invocation.line().words().size() > 1) {
      throw Failure.usage("\"pylon traces\" takes one function; several are --fn A --fn B", null);
    }
    if (invocation.line().has("--follow")) {
      return new TraceFollow(invocation, limit(invocation, SHOWN_BEFORE_FOLLOWING)).run();
    }
    try (Remote remote = Remote.connect(invocation)) {
      return fromServer(invocation, remote);
    } catch (Failure e) {
      Optional<Path> file = TraceSource.file(invocation.environment().directory());
      if (file.isEmpty() || isServerNamed(invocation) || !isAway(e, invocation)) {
        throw e;
      }
      invocation.output().note("no server answers; from " + file.get());
      return fromFile(invocation, file.get());
    }
  }

  /** Whether no server of this project runs; one at the usual address that turns us away is not. */
  private static boolean isAway(Failure failure, Invocation invocation) {
    return failure.status() == ExitStatus.UNAVAILABLE
        || failure.status() == ExitStatus.NO_PERMISSION
            && DevFile.near(invocation.environment().directory()).isEmpty();
  }

  private static boolean isServerNamed(Invocation invocation) {
    return invocation.line().value("--url").isPresent()
        || invocation.environment().variable("PYLON_URL").isPresent();
  }

  private static int limit(Invocation invocation, int usual) {
    boolean all = invocation.line().has("--stats");
    return invocation.line().number("--limit").orElse(all ? 0 : usual);
  }

  private static ExitStatus fromServer(Invocation invocation, Remote remote) {
    Optional<String> id = invocation.line().value("--id");
    if (id.isPresent()) {
      return show(invocation, List.of(byId(remote, id.get())), true);
    }
    TraceFilter filter = filter(invocation, remote.devFile());
    return show(
        invocation, TraceSource.ofServer(remote, filter, limit(invocation, SHOWN)).traces(), false);
  }

  private static ExitStatus fromFile(Invocation invocation, Path file) {
    TraceFilter filter = filter(invocation, Optional.empty());
    Optional<String> id = invocation.line().value("--id");
    List<Trace> traces =
        TraceSource.ofFile(file, filter, id.isPresent() ? 0 : limit(invocation, SHOWN));
    return id.isPresent()
        ? show(invocation, List.of(only(matching(traces, id.get()), id.get())), true)
        : show(invocation, traces, false);
  }

  static TraceFilter filter(Invocation invocation, Optional<DevFile> server) {
    var times =
        new TimeWords(
            invocation.clock(), zone(invocation), () -> server.flatMap(DevFile::startedAt));
    return TraceFilter.of(invocation.line(), times);
  }

  /** Local time for people, UTC for programs. */
  static ZoneId zone(Invocation invocation) {
    return invocation.output().options().outTerminal() ? ZoneId.systemDefault() : ZoneOffset.UTC;
  }

  /** The trace with this id, its children inside; or the only one whose id begins like this. */
  private static Trace byId(Remote remote, String id) {
    Optional<Trace> exact = fetch(remote, id);
    if (exact.isPresent()) {
      return exact.get();
    }
    byte[] body =
        remote.readAsAdmin(
            "/api/fn/traces?limit=500&id=" + URLEncoder.encode(id, StandardCharsets.UTF_8));
    var traces = new ArrayList<Trace>();
    if (Json.parse(body) instanceof List<?> list) {
      list.forEach(item -> {
        if (item instanceof Map<?, ?> map) {
          traces.add(new Trace(Json.asObject(map)));
        }
      });
    }
    Trace found = only(matching(traces, id), id);
    return fetch(remote, found.callId()).orElse(found);
  }

  private static Optional<Trace> fetch(Remote remote, String id) {
    HttpReply reply =
        remote.getAsAdmin("/api/fn/traces/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
    byte[] body = remote.bytes(reply);
    if (reply.status() == 200) {
      return Optional.of(new Trace(Json.parseObject(body)));
    }
    if (reply.status() == 404) {
      return Optional.empty();
    }
    throw remote.refused(reply, body);
  }

  private static List<Trace> matching(List<Trace> traces, String prefix) {
    var byId = new LinkedHashMap<String, Trace>();
    for (Trace trace : traces) {
      if (trace.callId().equals(prefix)
          || prefix.length() >= ID_PREFIX_MIN && trace.callId().startsWith(prefix)) {
        byId.put(trace.callId(), trace);
      }
    }
    return byId.containsKey(prefix) ? List.of(byId.get(prefix)) : List.copyOf(byId.values());
  }

  private static Trace only(List<Trace> matching, String id) {
    if (matching.size() > 1) {
      var ids = new LinkedHashSet<String>();
      matching.forEach(trace -> ids.add(trace.callId()));
      throw new Failure(
          ExitStatus.USAGE,
          "TRACE_AMBIGUOUS",
          "several calls begin with " + id,
          String.join(", ", ids));
    }
    if (matching.isEmpty()) {
      throw new Failure(
          ExitStatus.FAILED, "TRACE_NOT_FOUND", "no trace of the call " + id, "See: pylon traces");
    }
    return matching.getFirst();
  }

  private static ExitStatus show(Invocation invocation, List<Trace> oldestFirst, boolean one) {
    Line line = invocation.line();
    Output output = invocation.output();
    List<Trace> traces = line.has("--reverse") ? oldestFirst.reversed() : oldestFirst;
    if (line.has("--stats")) {
      TraceStats.print(output, traces);
    } else if (output.format() == Output.Format.NDJSON || line.has("--ndjson")) {
      traces.forEach(trace -> output.json(trace.json()));
    } else if (output.isJson()) {
      output.json(one ? traces.getFirst().json() : traces.stream().map(Trace::json).toList());
    } else {
      print(invocation, traces, one);
    }
    boolean failed = line.has("--fail-on-errors") && traces.stream().anyMatch(t -> !t.isOk());
    return failed ? ExitStatus.FAILED : ExitStatus.OK;
  }

  private static void print(Invocation invocation, List<Trace> traces, boolean one) {
    Output output = invocation.output();
    TraceLines lines = lines(invocation);
    if (one || invocation.line().has("--waterfall")) {
      for (Trace trace : traces) {
        Waterfall.of(trace, lines.heading(trace), output.style(), output.options().columns())
            .forEach(output::line);
        ErrorSource.of(trace)
            .ifPresent(source -> source.lines(output.style()).forEach(output::line));
      }
      return;
    }
    for (TraceTree.Placed placed : TraceTree.of(traces)) {
      output.line(lines.line(placed.trace(), placed.depth()));
      lines
          .below(placed.trace(), invocation.line().has("--logs"), invocation.line().has("--values"))
          .forEach(output::line);
    }
    if (traces.isEmpty()) {
      output.note("no calls");
    }
  }

  static TraceLines lines(Invocation invocation) {
    Optional<Double> slow =
        invocation.line().duration("--slow").map(Duration::toNanos).map(nanos -> nanos / 1e6);
    return new TraceLines(invocation.output().options(), slow, zone(invocation));
  }
}
