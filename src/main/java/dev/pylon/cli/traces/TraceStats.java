package dev.pylon.cli.traces;

import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Table;
import dev.pylon.cli.text.Durations;
import dev.pylon.cli.text.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a set of traces says about each function (command line contract, 17.5). */
final class TraceStats {
  /** Durations in milliseconds; {@code share} of the time of all calls, 0 to 1. */
  record Row(
      String fn,
      int calls,
      int errors,
      double p50,
      double p95,
      double p99,
      double max,
      double opsPerCall,
      double share) {

    Map<String, @Nullable Object> json() {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("fn", fn);
      json.put("calls", calls);
      json.put("errors", errors);
      json.put("p50_ms", p50);
      json.put("p95_ms", p95);
      json.put("p99_ms", p99);
      json.put("max_ms", max);
      json.put("ops_per_call", Math.round(opsPerCall * 100) / 100.0);
      json.put("share", Math.round(share * 1_000) / 1_000.0);
      return json;
    }
  }

  private TraceStats() {}

  /** A row for each function, the one that took most time first. */
  static List<Row> of(List<Trace> traces) {
    var byName = new LinkedHashMap<String, List<Trace>>();
    for (Trace trace : traces) {
      byName.computeIfAbsent(trace.fnName(), _ -> new ArrayList<>()).add(trace);
    }
    double all = Math.max(total(traces), 1e-9);
    var rows = new ArrayList<Row>();
    byName.forEach((name, calls) -> rows.add(row(name, calls, all)));
    rows.sort(Comparator.comparingDouble(Row::share).reversed());
    return rows;
  }

  private static Row row(String name, List<Trace> calls, double all) {
    double[] millis = calls.stream().mapToDouble(Trace::durationMillis).sorted().toArray();
    return new Row(
        name,
        calls.size(),
        (int) calls.stream().filter(trace -> !trace.isOk()).count(),
        at(millis, 0.50),
        at(millis, 0.95),
        at(millis, 0.99),
        millis[millis.length - 1],
        calls.stream()
            .mapToLong(trace -> trace.ops().size() + trace.opsDropped())
            .average()
            .orElse(0),
        total(calls) / all);
  }

  private static double total(List<Trace> traces) {
    return traces.stream().mapToDouble(Trace::durationMillis).sum();
  }

  /** The smallest value that {@code share} of all do not exceed. */
  private static double at(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  static void print(Output output, List<Trace> traces) {
    List<Row> rows = of(traces);
    switch (output.format()) {
      case JSON -> output.json(rows.stream().map(Row::json).toList());
      case NDJSON -> rows.forEach(row -> output.json(row.json()));
      default -> table(output, rows);
    }
  }

  private static void table(Output output, List<Row> rows) {
    boolean ascii = output.style().ascii();
    var cells = new ArrayList<List<String>>();
    cells.add(
        List.of("function", "calls", "errors", "p50", "p95", "p99", "max", "ops/call", "share"));
    for (Row row : rows) {
      cells.add(
          List.of(
              Style.clean(row.fn),
              String.valueOf(row.calls),
              String.valueOf(row.errors),
              Durations.text(row.p50, ascii),
              Durations.text(row.p95, ascii),
              Durations.text(row.p99, ascii),
              Durations.text(row.max, ascii),
              Durations.oneDecimal(row.opsPerCall),
              Math.round(row.share * 100) + " %"));
    }
    Table.print(output, cells);
  }
}
