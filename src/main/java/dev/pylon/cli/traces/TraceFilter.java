package dev.pylon.cli.traces;

import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Syntax;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which traces somebody wants to see (command line contract, 17.1): every kind of filter must hold,
 * of several names or codes one must.
 */
record TraceFilter(
    List<String> names,
    List<String> codes,
    boolean errors,
    Optional<Duration> slow,
    Optional<String> kind,
    Optional<String> user,
    Optional<String> tenant,
    Optional<String> source,
    Optional<Instant> since,
    Optional<Instant> until) {
  private static final List<String> KINDS = List.of("query", "mutation", "action");

  static void describe(Syntax syntax) {
    syntax
        .values("--fn", "GLOB", "Calls of these functions; may be repeated.")
        .flag("--errors", "Failed calls only.")
        .values("--code", "GLOB", "Calls that failed with this code; may be repeated.")
        .value("--slow", "DUR", "Calls that took at least this long.")
        .choice("--kind", "KIND", KINDS, "Calls of one kind of function.")
        .value("--since", "TIME", "Calls begun after: 15m, 14:30, an ISO time, or \"boot\".")
        .value("--until", "TIME", "Calls begun before; with --follow, when to stop.")
        .value("--user", "ID", "Calls of this user.")
        .value("--tenant", "ID", "Calls in this organisation.")
        .value(
            "--source",
            "SOURCE",
            "Calls from http, sse, job, cron, workflow, webhook, cli, nested.");
  }

  static TraceFilter of(Line line, TimeWords times) {
    var names = new ArrayList<>(line.values("--fn"));
    names.addAll(line.words());
    return new TraceFilter(
        names,
        line.values("--code"),
        line.has("--errors"),
        line.duration("--slow"),
        line.choice("--kind", KINDS),
        line.value("--user"),
        line.value("--tenant"),
        line.value("--source"),
        line.value("--since").map(text -> times.instant("--since", text)),
        line.value("--until").map(text -> times.instant("--until", text)));
  }

  boolean accepts(Trace trace) {
    return acceptsCall(trace) && acceptsCaller(trace) && acceptsTime(trace);
  }

  private boolean acceptsCall(Trace trace) {
    return matchesAny(names, trace.fnName())
        && (codes.isEmpty() || !trace.isOk() && matchesAny(codes, trace.errorCode()))
        && (!errors || !trace.isOk())
        && slow.map(min -> trace.durationMillis() >= min.toNanos() / 1e6).orElse(true)
        && kind.map(trace.kind()::equals).orElse(true);
  }

  private boolean acceptsCaller(Trace trace) {
    return user.map(id -> trace.user().equals(Optional.of(id))).orElse(true)
        && tenant.map(id -> trace.tenant().equals(Optional.of(id))).orElse(true)
        && source.map(trace.source()::equals).orElse(true);
  }

  private boolean acceptsTime(Trace trace) {
    long at = trace.startedAtMillis();
    return since.map(from -> at >= from.toEpochMilli()).orElse(true)
        && until.map(to -> at <= to.toEpochMilli()).orElse(true);
  }

  private static boolean matchesAny(List<String> globs, String text) {
    return globs.isEmpty() || globs.stream().anyMatch(glob -> matches(glob, text));
  }

  /** {@code *} stands for any letters, {@code ?} for one. */
  static boolean matches(String glob, String text) {
    if (!isGlob(glob)) {
      return glob.equals(text);
    }
    var pattern = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.matches(pattern.toString(), text);
  }

  private static boolean isGlob(String text) {
    return text.contains("*") || text.contains("?");
  }

  /** Whether {@link #query} says everything, so that a server's limit counts the right traces. */
  boolean isForServer() {
    return names.size() <= 1
        && names.stream().noneMatch(TraceFilter::isGlob)
        && codes.isEmpty()
        && kind.isEmpty()
        && source.isEmpty();
  }

  /** The part a server can decide, as query parameters. */
  String query(int limit) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("limit", String.valueOf(limit));
    if (names.size() == 1 && !isGlob(names.getFirst())) {
      parameters.put("fn", names.getFirst());
    }
    if (errors || !codes.isEmpty()) {
      parameters.put("errors", "1");
    }
    slow.ifPresent(min -> parameters.put("slow_ms", String.valueOf(min.toMillis())));
    user.ifPresent(id -> parameters.put("user", id));
    tenant.ifPresent(id -> parameters.put("tenant", id));
    since.ifPresent(from -> parameters.put("since", String.valueOf(from.toEpochMilli())));
    until.ifPresent(to -> parameters.put("until", String.valueOf(to.toEpochMilli())));
    return encoded(parameters);
  }

  private static String encoded(Map<String, String> parameters) {
    var query = new StringBuilder();
    parameters.forEach((name, value) ->
        query
            .append(query.isEmpty() ? "" : "&")
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return query.toString();
  }
}
