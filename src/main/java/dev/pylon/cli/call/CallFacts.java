package dev.pylon.cli.call;

import dev.pylon.cli.remote.Caller;
import dev.pylon.cli.text.Durations;
import dev.pylon.cli.text.Style;
import dev.pylon.cli.traces.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a call beside its value.
 *
 * @param callId the server's name for it, if it said one
 * @param totalMillis as measured here, from request to the end of the answer
 * @param timing what the server measured, by the names of {@code Server-Timing}
 * @param trace what the server remembers, where this caller may see it
 */
record CallFacts(
    String fnName,
    Optional<String> callId,
    double totalMillis,
    Map<String, Double> timing,
    Optional<Trace> trace,
    Caller caller) {

  /** Milliseconds of one part: {@code queue}, {@code run}, {@code db} or {@code commit}. */
  OptionalDouble millis(String part) {
    Double measured = timing.get(part);
    if (measured != null) {
      return OptionalDouble.of(measured);
    }
    Optional<Double> traced =
        switch (part) {
          case "queue" -> trace.flatMap(Trace::queueMillis);
          case "run" -> trace.map(Trace::durationMillis);
          case "db" -> trace.map(Trace::dbMillis);
          case "commit" -> trace.flatMap(Trace::commitMillis);
          default -> Optional.empty();
        };
    return traced.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /** The object {@code ms} of the JSON answer. */
  Map<String, @Nullable Object> millisJson() {
    var ms = new LinkedHashMap<String, @Nullable Object>();
    ms.put("total", rounded(totalMillis));
    double inside = 0;
    for (String part : new String[] {"queue", "run", "db", "commit"}) {
      OptionalDouble millis = millis(part);
      ms.put(part, millis.isPresent() ? rounded(millis.getAsDouble()) : null);
      inside += part.equals("db") ? 0 : millis.orElse(0);
    }
    ms.put("network", rounded(Math.max(0, totalMillis - inside)));
    return ms;
  }

  private static double rounded(double millis) {
    return Math.round(millis * 1_000) / 1_000.0;
  }

  /** One line: sign, name, kind, total and its parts, who, which call. */
  String line(Style style, boolean ok) {
    var line = new StringBuilder();
    line.append(ok ? style.green(style.tick()) : style.red(style.cross()));
    line.append(' ').append(style.bold(Style.clean(fnName)));
    trace.map(Trace::kind).ifPresent(kind -> line.append("  ").append(kind));
    line.append("  ").append(Durations.text(totalMillis, style.ascii()));
    String parts = parts(style);
    if (!parts.isEmpty()) {
      line.append(' ').append(style.dim("(" + parts + ")"));
    }
    line.append("  ").append(Style.clean(caller.text()));
    callId.ifPresent(id -> line.append("  ").append(style.dim(Style.clean(id))));
    return line.toString();
  }

  private String parts(Style style) {
    var parts = new StringBuilder();
    for (String part : new String[] {"queue", "run", "db", "commit"}) {
      OptionalDouble millis = millis(part);
      if (millis.isPresent() && (millis.getAsDouble() > 0 || part.equals("run"))) {
        parts.append(parts.isEmpty() ? "" : style.sign(" · ", ", ")).append(part).append(' ');
        if (part.equals("db")) {
          trace.ifPresent(known -> parts.append(known.ops().size()).append(" ops "));
        }
        parts.append(Durations.text(millis.getAsDouble(), style.ascii()));
      }
    }
    return parts.toString();
  }
}
