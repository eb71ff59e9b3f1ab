package dev.pylon.cli.dev;

import dev.pylon.cli.command.OutputOptions;
import dev.pylon.cli.console.ShownLine;
import dev.pylon.cli.console.Wording;
import dev.pylon.cli.text.Durations;
import dev.pylon.cli.text.Style;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;

/**
 * The words and looks that all commands use, for the console.
 *
 * @param zone of the times that people read
 */
record DevWords(OutputOptions options, ZoneId zone) implements Wording {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  /** The line as this terminal shows it. */
  String drawn(ShownLine line) {
    Style style = options.outStyle();
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
