package dev.pylon.cli.traces;

import dev.pylon.cli.command.OutputOptions;
import dev.pylon.cli.text.Durations;
import dev.pylon.cli.text.Style;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Traces one a line (command line contract, 17.2): aligned, cut and coloured for a terminal; tabs,
 * ISO times and whole messages for a pipe.
 */
final class TraceLines {
  private static final double NOTABLE_MILLIS = 100;
  private static final double SLOW_MILLIS = 1_000;

  /** Room for a name where lines must align with others still to come. */
  private static final int NAME_COLUMNS = 20;

  private final Style style;
  private final boolean terminal;
  private final int columns;
  private final double slowMillis;
  private final ZoneId zone;

  /**
   * @param slowMillis from here on a duration is red
   */
  TraceLines(OutputOptions options, Optional<Double> slowMillis, ZoneId zone) {
    this.style = options.outStyle();
    this.terminal = options.outTerminal();
    this.columns = options.columns();
    this.slowMillis = slowMillis.orElse(SLOW_MILLIS);
    this.zone = zone;
  }

  /** The line of {@code trace}, {@code depth} calls below the one it belongs to. */
  String line(Trace trace, int depth) {
    return terminal ? forTerminal(trace, depth) : forPipe(trace, depth);
  }

  private String forPipe(Trace trace, int depth) {
    var cells = new ArrayList<String>();
    cells.add(time(trace, true));
    cells.add(trace.isOk() ? "ok" : "error");
    cells.add("  ".repeat(depth) + Style.clean(trace.fnName()));
    cells.add(trace.kind());
    cells.add(Durations.text(trace.durationMillis(), style.ascii()));
    cells.add(String.valueOf(trace.ops().size() + trace.opsDropped()));
    cells.add(Style.clean(who(trace)));
    cells.add(trace.source());
    cells.add(trace.callId());
    if (!trace.isOk()) {
      cells.add(Style.clean(trace.errorCode() + " " + trace.errorMessage()));
    }
    return String.join("\t", cells);
  }

  private String forTerminal(Trace trace, int depth) {
    String name = "  ".repeat(depth) + Style.clean(trace.fnName());
    String duration = Durations.text(trace.durationMillis(), style.ascii());
    var cells = new ArrayList<String>();
    var plainColumns = 0;
    for (Cell cell :
        List.of(
            new Cell(time(trace, false), 12, Look.DIM),
            new Cell(
                trace.isOk() ? style.tick() : style.cross(),
                1,
                trace.isOk() ? Look.GOOD : Look.BAD),
            new Cell(name, NAME_COLUMNS, Look.PLAIN),
            new Cell(trace.kind(), 8, Look.DIM),
            new Cell(" ".repeat(Math.max(0, 8 - duration.length())) + duration, 8, look(trace)),
            new Cell(trace.ops().size() + trace.opsDropped() + " ops", 6, Look.DIM),
            new Cell(Style.clean(who(trace)), 10, Look.PLAIN),
            new Cell(trace.source(), 6, Look.DIM))) {
      String padded = cell.text + " ".repeat(Math.max(0, cell.columns - cell.text.length()));
      if (plainColumns + padded.length() > columns) {
        break; // a narrow terminal loses columns, never breaks lines
      }
      plainColumns += padded.length() + 2;
      cells.add(look(cell.look, padded));
    }
    String line = String.join("  ", cells);
    return trace.isOk() ? line : line + "  " + error(trace, columns - plainColumns);
  }

  private String error(Trace trace, int room) {
    String text = Style.clean(trace.errorCode() + " " + trace.errorMessage());
    if (room < 4) {
      return "";
    }
    return style.red(
        text.length() <= room ? text : text.substring(0, room - 1) + style.sign("…", "~"));
  }

  private enum Look {
    PLAIN,
    DIM,
    GOOD,
    NOTABLE,
    BAD
  }

  private record Cell(String text, int columns, Look look) {}

  private Look look(Trace trace) {
    if (trace.durationMillis() >= slowMillis) {
      return Look.BAD;
    }
    return trace.durationMillis() >= NOTABLE_MILLIS ? Look.NOTABLE : Look.PLAIN;
  }

  private String look(Look look, String text) {
    return switch (look) {
      case PLAIN -> text;
      case DIM -> style.dim(text);
      case GOOD -> style.green(text);
      case NOTABLE -> style.yellow(text);
      case BAD -> style.red(text);
    };
  }

  /** What stands indented below a line: console lines, the value. */
  List<String> below(Trace trace, boolean logs, boolean values) {
    var lines = new ArrayList<String>();
    if (logs) {
      for (Trace.LogLine log : trace.logs()) {
        lines.add(style.dim("    " + log.level() + "  " + Style.clean(log.text())));
      }
    }
    if (values && trace.isOk()) {
      lines.add(
          style.dim(
              "    " + style.sign("→ ", "-> ") + Style.clean(trace.valueText().orElse("null"))));
    }
    return lines;
  }

  /** The first line of a waterfall. */
  String heading(Trace trace) {
    return "%s  %s  %s  %s   %s   %s   call %s   %s"
        .formatted(
            style.bold(Style.clean(trace.fnName())),
            trace.kind(),
            trace.isOk() ? style.green("ok") : style.red("error"),
            Durations.text(trace.totalMillis(), style.ascii()),
            trace.user().isPresent() ? "user " + Style.clean(who(trace)) : "anonymous",
            trace.source(),
            trace.callId(),
            time(trace, !terminal));
  }

  private static String who(Trace trace) {
    return trace.user().orElse("-") + trace.tenant().map(id -> "@" + id).orElse("");
  }

  /** Written by hand, since the JDK's formatters take long to load. */
  private String time(Trace trace, boolean iso) {
    Instant at = Instant.ofEpochMilli(trace.startedAtMillis());
    LocalDateTime time = LocalDateTime.ofInstant(at, iso ? ZoneOffset.UTC : zone);
    String clock =
        two(time.getHour())
            + ":"
            + two(time.getMinute())
            + ":"
            + two(time.getSecond())
            + "."
            + millis(at);
    return iso
        ? time.getYear()
            + "-"
            + two(time.getMonthValue())
            + "-"
            + two(time.getDayOfMonth())
            + "T"
            + clock
            + "Z"
        : clock;
  }

  private static String millis(Instant at) {
    return String.valueOf(1_000 + Math.floorMod(at.toEpochMilli(), 1_000L)).substring(1);
  }

  private static String two(int number) {
    return number < 10 ? "0" + number : String.valueOf(number);
  }
}
