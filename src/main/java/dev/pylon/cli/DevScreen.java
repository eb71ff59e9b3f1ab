package dev.pylon.cli;

import dev.pylon.boot.DevEvent;
import dev.pylon.cli.console.DevJson;
import dev.pylon.cli.console.DevLines;
import dev.pylon.cli.console.ShownLine;
import dev.pylon.cli.console.Wording;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;

/** Writes events where the user reads: lines in colour, plain lines, or JSON objects. */
final class DevScreen {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private final Output output;
  private final DevLines lines;

  DevScreen(Output output, DevLines.Calls calls, ZoneId zone) {
    this.output = output;
    this.lines =
        new DevLines(new Words(output.options(), zone), calls, output.options().outTerminal());
  }

  /** Shows {@code event}; a reader who went away is told by {@link Output.Closed}. */
  void show(DevEvent event) {
    if (output.isJson()) {
      output.json(DevJson.of(event));
    } else {
      lines.of(event).forEach(line -> output.line(drawn(line)));
    }
    output.flush();
  }

  private String drawn(ShownLine line) {
    Style style = output.style();
    return line.pieces().stream()
        .map(piece ->
            switch (piece.look()) {
              case PLAIN -> piece.text();
              case DIM -> style.dim(piece.text());
              case BOLD -> style.bold(piece.text());
              case GOOD -> style.green(piece.text());
              case NOTABLE -> style.yellow(piece.text());
              case BAD -> style.red(piece.text());
              case LINK -> style.cyan(piece.text());
            })
        .collect(Collectors.joining());
  }

  /** The words that all commands use, for the console. */
  private record Words(OutputOptions options, ZoneId zone) implements Wording {
    @Override
    public String duration(double millis) {
      return Durations.text(millis, options.outStyle().ascii());
    }

    @Override
    public String time(long epochMillis) {
      Instant instant = Instant.ofEpochMilli(epochMillis);
      return options.outTerminal() ? CLOCK.format(instant.atZone(zone)) : instant.toString();
    }

    @Override
    public String sign(String sign, String plain) {
      return options.outStyle().sign(sign, plain);
    }

    @Override
    public String clean(String untrusted) {
      return Style.clean(untrusted);
    }
  }
}
