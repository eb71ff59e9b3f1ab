package dev.pylon.cli.traces;

import dev.pylon.cli.text.Durations;
import dev.pylon.cli.text.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One call drawn over time (command line contract, 17.3): a row for each operation, its bar where
 * it happened. A pure function of trace, style and width.
 */
public final class Waterfall {
  /** Above this many operations, equal neighbours become one row. */
  private static final int OPS_SHOWN_MAX = 40;

  /** Children of children of children and so on: beyond this, a sign that more follow. */
  private static final int DEPTH_MAX = 8;

  private static final int LABEL_COLUMNS = 32;
  private static final int DURATION_COLUMNS = 9;
  private static final int NOTE_COLUMNS = 14;
  private static final int BAR_COLUMNS_MIN = 10;
  private static final int BAR_COLUMNS_MAX = 48;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

  private final Style style;
  private final int columns;
  private final int barColumns;
  private final List<String> lines = new ArrayList<>();

  private Waterfall(Style style, int columns) {
    this.style = style;
    this.columns = columns;
    this.barColumns =
        Math.clamp(
            columns - LABEL_COLUMNS - DURATION_COLUMNS - NOTE_COLUMNS - 6,
            BAR_COLUMNS_MIN,
            BAR_COLUMNS_MAX);
  }

  /**
   * The lines of {@code trace}.
   *
   * @param heading the first line
   */
  public static List<String> of(Trace trace, String heading, Style style, int columns) {
    var waterfall = new Waterfall(style, columns);
    waterfall.lines.add(heading);
    waterfall.rows(trace, trace.startedAtMillis(), scale(trace), 0);
    return waterfall.lines;
  }

  /** The length of time the bars stand for. */
  private static double scale(Trace trace) {
    return Math.max(trace.totalMillis(), 0.001);
  }

  /** A row: a name, how long, where in the call, what else. */
  private record Row(String label, double startMillis, double millis, String note, boolean isOk) {}

  private void rows(Trace trace, long zeroMillis, double scale, int depth) {
    double queue = trace.queueMillis().orElse(0.0);
    if (trace.queueMillis().isPresent()) {
      row(new Row("queue", 0, queue, "", true), scale, depth);
    }
    for (Row row : operations(trace, queue)) {
      row(row, scale, depth);
    }
    if (trace.opsDropped() > 0) {
      lines.add(indent(depth) + style.dim("… " + trace.opsDropped() + " more operations"));
    }
    for (String schedule : trace.schedules()) {
      lines.add(indent(depth) + clip("schedule " + Style.clean(schedule), LABEL_COLUMNS));
    }
    for (Trace child : trace.children()) {
      child(child, zeroMillis, scale, depth);
    }
    trace
        .commitMillis()
        .filter(millis -> millis > 0)
        .ifPresent(millis ->
            row(new Row("commit", queue + trace.durationMillis(), millis, "", true), scale, depth));
    for (Trace.LogLine log : trace.logs()) {
      lines.add(
          indent(depth) + style.dim("console  " + log.level() + "  " + Style.clean(log.text())));
    }
    lines.add(indent(depth) + clip(ending(trace), columns - 2 * depth - 2));
  }

  private void child(Trace child, long zeroMillis, double scale, int depth) {
    double start = Math.max(0, child.startedAtMillis() - zeroMillis);
    row(
        new Row(
            Style.clean(child.fnName()) + " " + child.kind(),
            start,
            child.totalMillis(),
            child.callId(),
            child.isOk()),
        scale,
        depth);
    if (depth < DEPTH_MAX) {
      rows(child, zeroMillis, scale, depth + 1);
    }
  }

  private String ending(Trace trace) {
    return trace.isOk()
        ? style.sign("→ ", "-> ") + Style.clean(trace.valueText().orElse("null"))
        : style.cross() + " " + Style.clean(trace.errorCode() + "  " + trace.errorMessage());
  }

  private static List<Row> operations(Trace trace, double queueMillis) {
    List<Trace.Op> ops = trace.ops();
    var rows = new ArrayList<Row>();
    for (int i = 0; i < ops.size(); ) {
      int end = ops.size() > OPS_SHOWN_MAX ? endOfRun(ops, i) : i + 1;
      rows.add(
          end - i > 1 ? group(ops.subList(i, end), queueMillis) : single(ops.get(i), queueMillis));
      i = end;
    }
    return rows;
  }

  private static int endOfRun(List<Trace.Op> ops, int from) {
    int end = from + 1;
    while (end < ops.size()
        && ops.get(end).op().equals(ops.get(from).op())
        && ops.get(end).entity().equals(ops.get(from).entity())) {
      end++;
    }
    return end;
  }

  private static Row single(Trace.Op op, double queueMillis) {
    String label = "%-8s %s %s".formatted(op.op(), op.entity(), op.id()).stripTrailing();
    String note =
        op.isOk() ? op.rows().map(n -> n == 1 ? "1 row" : n + " rows").orElse("") : "failed";
    return new Row(
        Style.clean(label),
        queueMillis + op.startMillis().orElse(0.0),
        op.durationMillis(),
        note,
        op.isOk());
  }

  private static Row group(List<Trace.Op> ops, double queueMillis) {
    Trace.Op first = ops.getFirst();
    Trace.Op last = ops.getLast();
    double start = first.startMillis().orElse(0.0);
    double end = last.startMillis().orElse(0.0) + last.durationMillis();
    double sum = ops.stream().mapToDouble(Trace.Op::durationMillis).sum();
    double max = ops.stream().mapToDouble(Trace.Op::durationMillis).max().orElse(0);
    String label = "%-8s %s x%s".formatted(first.op(), first.entity(), thousands(ops.size()));
    return new Row(
        Style.clean(label),
        queueMillis + start,
        Math.max(end - start, sum),
        "max " + Durations.text(max, true),
        ops.stream().allMatch(Trace.Op::isOk));
  }

  private static String thousands(int number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }

  private void row(Row row, double scale, int depth) {
    int labelColumns = LABEL_COLUMNS - 2 * depth;
    String label = pad(clip(row.label, labelColumns), labelColumns);
    String duration = Durations.text(row.millis, style.ascii());
    String line =
        indent(depth)
            + (row.isOk ? label : style.red(label))
            + " "
            + " ".repeat(Math.max(0, DURATION_COLUMNS - duration.length()))
            + duration
            + "  "
            + bar(row.startMillis / scale, row.millis / scale)
            + "  "
            + style.dim(row.note);
    lines.add(line.stripTrailing());
  }

  /** A bar over the shares {@code from} and {@code length} of the whole. */
  private String bar(double from, double length) {
    double start = Math.clamp(from, 0.0, 1.0) * barColumns;
    double end = Math.clamp(from + length, 0.0, 1.0) * barColumns;
    int first = Math.min((int) start, barColumns - 1);
    var bar = new StringBuilder(" ".repeat(first));
    double left = Math.max(end - first, 0);
    do {
      int eighths = Math.clamp(Math.round(left * 8), 1, 8);
      bar.append(style.ascii() ? '#' : EIGHTHS.charAt(eighths));
      left -= 1;
    } while (left > 0.06);
    bar.append(" ".repeat(Math.max(0, barColumns - bar.length())));
    return style.ascii() ? "[" + bar + "]" : "▕" + style.cyan(bar.toString()) + "▏";
  }

  private static String indent(int depth) {
    return "  ".repeat(depth + 1);
  }

  private String clip(String text, int columnsMax) {
    return text.length() <= columnsMax
        ? text
        : text.substring(0, Math.max(0, columnsMax - 1)) + style.sign("…", "~");
  }

  private static String pad(String text, int columnsMin) {
    return text + " ".repeat(Math.max(0, columnsMin - text.length()));
  }
}
