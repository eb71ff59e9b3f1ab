package dev.pylon.cli.console;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevFacts;
import dev.pylon.cli.console.ShownLine.Look;
import org.jspecify.annotations.Nullable;

/**
 * What the bottom line of {@code pylon dev} tells, as a value that events change.
 *
 * @param facts null until the app is served for the first time
 * @param functions that can be called
 * @param calls ended since the start
 * @param errors of them
 * @param broken function files that could not be loaded
 */
public record ConsoleState(
    @Nullable DevFacts facts,
    Health health,
    ShownCalls.Which shown,
    int functions,
    long calls,
    long errors,
    int broken) {

  /** How the newest load went. */
  public enum Health {
    STARTING,
    SERVING,
    BROKEN
  }

  /** The state before anything has happened. */
  public static ConsoleState beginning(ShownCalls.Which shown) {
    return new ConsoleState(null, Health.STARTING, shown, 0, 0, 0, 0);
  }

  /** The state after {@code event}. */
  public ConsoleState after(DevEvent event) {
    return switch (event) {
      case DevEvent.Ready ready -> {
        DevFacts now = ready.facts();
        int count = now.queries() + now.mutations() + now.actions();
        yield new ConsoleState(now, Health.SERVING, shown, count, calls, errors, broken);
      }
      case DevEvent.Loaded loaded -> {
        int count = functions;
        int failed = broken;
        if (loaded.functions() != null) {
          if (loaded.reason() != DevEvent.Reason.START) {
            count += loaded.functions().added().size() - loaded.functions().removed().size();
          }
          failed = loaded.failed().size();
        }
        Health now = loaded.isGood() ? Health.SERVING : Health.BROKEN;
        yield new ConsoleState(facts, now, shown, count, calls, errors, failed);
      }
      case DevEvent.Called(var trace) ->
          new ConsoleState(
              facts,
              health,
              shown,
              functions,
              calls + 1,
              errors + (trace.failed() ? 1 : 0),
              broken);
      case DevEvent.Skipped(var more) ->
          new ConsoleState(facts, health, shown, functions, calls + more, errors, broken);
      case DevEvent.Said _, DevEvent.Crashed _, DevEvent.NotStarted _, DevEvent.Notice _ -> this;
    };
  }

  /** The same with other calls shown. */
  public ConsoleState showing(ShownCalls.Which which) {
    return new ConsoleState(facts, health, which, functions, calls, errors, broken);
  }

  /** The bottom line, never longer than {@code columns}. */
  public ShownLine line(Wording words, int columns) {
    ShownLine line =
        switch (health) {
          case STARTING -> ShownLine.of(Look.NOTABLE, words.sign("◌ ", "- ") + "starting");
          case SERVING -> ShownLine.of(Look.GOOD, words.sign("● ", "* ")).then(Look.BOLD, app());
          case BROKEN -> ShownLine.of(Look.BAD, words.sign("✗ ", "x ") + "build failed");
        };
    if (facts != null) {
      line = line.then(Look.LINK, "  " + facts.url());
      line = line.then(Look.PLAIN, "  " + counted(functions, "function"));
    }
    if (broken > 0) {
      line = line.then(Look.BAD, "  " + broken + " broken");
    }
    line = line.then(Look.PLAIN, "  " + counted(calls, "call"));
    if (errors > 0) {
      line = line.then(Look.BAD, "  " + counted(errors, "error"));
    }
    if (shown != ShownCalls.Which.ALL) {
      line = line.then(Look.NOTABLE, "  shown: " + shown.word());
    }
    return line.then(Look.DIM, "   r reload  : call  ? help  q quit").clipped(columns);
  }

  private String app() {
    return facts == null ? "" : facts.app();
  }

  private static String counted(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
