package dev.pylon.cli.call;

import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.text.PrettyJson;
import dev.pylon.cli.text.Style;
import dev.pylon.cli.traces.ErrorSource;
import dev.pylon.cli.traces.Waterfall;
import dev.pylon.json.Json;
import java.nio.charset.StandardCharsets;

/** The answer for people: the value on standard output, how it came about on standard error. */
final class TextCallReport implements CallReport {
  private final Output output;
  private final boolean raw;
  private final boolean timing;
  private final boolean waterfall;
  private boolean streamed;
  private boolean midLine;

  /**
   * @param raw strings without their quotes
   * @param timing the timing line also off a terminal
   * @param waterfall the operations of the call
   */
  TextCallReport(Output output, boolean raw, boolean timing, boolean waterfall) {
    this.output = output;
    this.raw = raw;
    this.timing = timing || output.options().outTerminal() && !output.options().quiet();
    this.waterfall = waterfall;
  }

  @Override
  public void chunk(byte[] data) {
    streamed = true;
    if (data.length > 0) {
      midLine = data[data.length - 1] != '\n';
    }
    output.bytes(data);
    output.flush();
  }

  @Override
  public void event(String name, byte[] data) {
    output.note(
        output.errStyle().dim(Style.clean(name + ": " + new String(data, StandardCharsets.UTF_8))));
  }

  @Override
  public void returned(byte[] value, CallFacts facts) {
    if (!streamed) {
      output.line(text(value));
    } else {
      endLine();
      if (output.options().outTerminal() && !isNull(value)) {
        output.note(PrettyJson.of(value, output.errStyle()));
      }
    }
    output.flush();
    conversation(facts, true);
  }

  private static boolean isNull(byte[] value) {
    return new String(value, StandardCharsets.UTF_8).strip().equals("null");
  }

  private String text(byte[] value) {
    if (raw && Json.parse(value) instanceof String string) {
      return output.options().outTerminal()
          ? string.lines().map(Style::clean).reduce((a, b) -> a + "\n" + b).orElse("")
          : string;
    }
    return PrettyJson.of(value, output.style());
  }

  @Override
  public void failed(Failure failure, CallFacts facts) {
    endLine();
    output.flush();
    logs(facts);
    Style style = output.errStyle();
    output.tell(
        style.red(style.cross() + " " + Style.clean(failure.code()))
            + "  "
            + Style.clean(failure.message()));
    failure
        .hint()
        .ifPresent(hint -> hint.lines().forEach(line -> output.tell("  " + style.dim(line))));
    facts
        .trace()
        .flatMap(ErrorSource::of)
        .ifPresent(source -> source.lines(style).forEach(output::tell));
    timing(facts, false);
  }

  private void endLine() {
    if (midLine && output.options().outTerminal()) {
      output.tell("");
      midLine = false;
    }
  }

  private void conversation(CallFacts facts, boolean ok) {
    logs(facts);
    timing(facts, ok);
  }

  private void logs(CallFacts facts) {
    Style style = output.errStyle();
    facts
        .trace()
        .ifPresent(trace ->
            trace
                .logs()
                .forEach(line ->
                    output.note(
                        style.dim(
                            (line.level().equals("info") ? "" : line.level() + ": ")
                                + Style.clean(line.text())))));
  }

  private void timing(CallFacts facts, boolean ok) {
    if (waterfall && facts.trace().isPresent()) {
      Waterfall.of(
              facts.trace().get(),
              facts.line(output.errStyle(), ok),
              output.errStyle(),
              output.options().columns())
          .forEach(output::tell);
    } else if (timing) {
      output.tell(facts.line(output.errStyle(), ok));
    }
  }
}
