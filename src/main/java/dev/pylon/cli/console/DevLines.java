package dev.pylon.cli.console;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevFacts;
import dev.pylon.cli.console.ShownLine.Look;
import dev.pylon.functions.Reloaded;
import dev.pylon.schema.Diagnostic;
import dev.pylon.trace.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The lines a developer reads for an event. A function of its arguments; thread-safe. */
public final class DevLines {
  private static final double NOTABLE_MILLIS = 100;
  private static final double SLOW_MILLIS = 1_000;

  /** Lines of a source frame, a stack or a runtime's last words shown of one failure. */
  private static final int BELOW_MAX = 12;

  /** Changed files named in one line. */
  private static final int FILES_MAX = 3;

  private static final String BELOW = "    ";

  private final Wording words;
  private final Predicate<Trace> calls;
  private final boolean banner;

  /**
   * @param calls which of them are shown
   * @param banner whether a person sits there; otherwise the start is one line
   */
  public DevLines(Wording words, Predicate<Trace> calls, boolean banner) {
    this.words = words;
    this.calls = calls;
    this.banner = banner;
  }

  /** What to write for {@code event}; often nothing. */
  public List<ShownLine> of(DevEvent event) {
    return switch (event) {
      case DevEvent.Ready ready ->
          banner ? banner(ready) : List.of(ShownLine.plain(readyLine(ready)));
      case DevEvent.Loaded loaded -> loaded(loaded);
      case DevEvent.Called(var trace) -> called(trace);
      case DevEvent.Skipped(var count) ->
          List.of(ShownLine.dim(words.sign("… ", "... ") + count + " calls not shown"));
      case DevEvent.Said(var level, var text) -> said(level, text);
      case DevEvent.Crashed(var status, var lastLines) -> crashed(status, lastLines);
      case DevEvent.NotStarted(var reason, var retry) ->
          failure(
              "Functions do not start; trying again in " + words.duration(retry.toMillis()),
              reason);
      case DevEvent.Notice(var text) -> List.of(ShownLine.of(Look.NOTABLE, words.clean(text)));
    };
  }

  // ---- the start ----

  private String readyLine(DevEvent.Ready ready) {
    DevFacts facts = ready.facts();
    return "ready %s %s %s (%s)"
        .formatted(
            words.clean(facts.app()),
            words.clean(facts.appVersion()),
            facts.url(),
            words.duration(millis(ready.took())));
  }

  private List<ShownLine> banner(DevEvent.Ready ready) {
    DevFacts facts = ready.facts();
    return List.of(
        ShownLine.plain(""),
        ShownLine.of(Look.BOLD, "  " + words.clean(facts.app()))
            .then(Look.PLAIN, " " + words.clean(facts.appVersion()))
            .then(Look.DIM, "  ready in " + words.duration(millis(ready.took()))),
        ShownLine.plain(""),
        entry("http", facts.url(), Look.LINK),
        entry("db", words.clean(facts.db()), Look.PLAIN),
        entry("app", counts(facts), Look.PLAIN),
        entry("watching", words.clean(facts.root()), Look.PLAIN),
        entry("bun", facts.bun() == null ? "none" : words.clean(facts.bun()), Look.PLAIN),
        ShownLine.plain(""),
        ShownLine.dim("  pylon call <fn> and pylon traces work in a second terminal; Ctrl-C ends."),
        ShownLine.plain(""));
  }

  private static ShownLine entry(String name, String value, Look look) {
    return ShownLine.dim("  %-10s".formatted(name)).then(look, value);
  }

  private static String counts(DevFacts facts) {
    var parts = new ArrayList<String>();
    add(parts, facts.entities(), "entity", "entities");
    add(parts, facts.policies(), "policy", "policies");
    add(parts, facts.queries(), "query", "queries");
    add(parts, facts.mutations(), "mutation", "mutations");
    add(parts, facts.actions(), "action", "actions");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, int count, String one, String many) {
    if (count > 0) {
      parts.add(count + " " + (count == 1 ? one : many));
    }
  }

  // ---- loads ----

  private List<ShownLine> loaded(DevEvent.Loaded loaded) {
    var lines = new ArrayList<ShownLine>();
    boolean start = loaded.reason() == DevEvent.Reason.START;
    if (!start || !loaded.isGood() || !loaded.failed().isEmpty()) {
      lines.add(headline(loaded));
    }
    loaded.failed().forEach(broken -> lines.addAll(broken(broken)));
    loaded.errors().forEach(error -> lines.addAll(error(error)));
    return lines;
  }

  private ShownLine headline(DevEvent.Loaded loaded) {
    var line = sign(loaded).then(Look.PLAIN, what(loaded));
    String changes = changes(loaded);
    if (!changes.isEmpty()) {
      line = line.then(Look.PLAIN, "  " + changes);
    }
    return line.then(Look.DIM, "  " + words.duration(millis(loaded.took())));
  }

  private ShownLine sign(DevEvent.Loaded loaded) {
    if (!loaded.isGood()) {
      return ShownLine.of(Look.BAD, words.sign("✗ ", "x "));
    }
    return ShownLine.of(
        loaded.failed().isEmpty() ? Look.GOOD : Look.NOTABLE, words.sign("↻ ", "* "));
  }

  private String what(DevEvent.Loaded loaded) {
    List<String> files = loaded.files();
    if (files.isEmpty()) {
      return loaded.reason() == DevEvent.Reason.MANUAL
          ? "everything"
          : loaded.reason().name().toLowerCase(Locale.ROOT);
    }
    String named = String.join(", ", files.subList(0, Math.min(FILES_MAX, files.size())));
    int others = files.size() - FILES_MAX;
    return words.clean(named) + (others > 0 ? " and %d more".formatted(others) : "");
  }

  private String changes(DevEvent.Loaded loaded) {
    var parts = new ArrayList<String>();
    Reloaded functions = loaded.functions();
    if (functions != null && loaded.reason() != DevEvent.Reason.START) {
      functions.added().forEach(name -> parts.add("+" + words.clean(name)));
      functions.removed().forEach(name -> parts.add("-" + words.clean(name)));
      functions.changed().forEach(name -> parts.add("~" + words.clean(name)));
    }
    loaded.operations().forEach(operation -> parts.add(words.clean(operation.shown())));
    return String.join(" ", parts);
  }

  private List<ShownLine> broken(DevEvent.BrokenFile broken) {
    var lines = new ArrayList<ShownLine>();
    lines.add(
        ShownLine.of(Look.BAD, "  " + words.clean(broken.function()) + " ")
            .then(Look.PLAIN, words.clean(firstLine(broken.message()))));
    lines.add(
        ShownLine.of(
            Look.LINK,
            BELOW + "at " + words.clean(place(broken.file(), broken.line(), broken.column()))));
    if (broken.hint() != null) {
      lines.addAll(below(broken.hint()));
    }
    return lines;
  }

  private List<ShownLine> error(Diagnostic error) {
    var lines = new ArrayList<ShownLine>();
    Diagnostic.Span span = error.span();
    lines.add(
        ShownLine.of(error.isError() ? Look.BAD : Look.NOTABLE, "  " + error.code() + " ")
            .then(Look.PLAIN, words.clean(firstLine(error.message()))));
    if (span != null) {
      lines.add(
          ShownLine.of(
              Look.LINK,
              BELOW + "at " + words.clean(place(span.file(), span.line(), span.column()))));
    }
    if (error.hint() != null) {
      lines.addAll(below(error.hint()));
    }
    return lines;
  }

  private static String place(String file, @Nullable Integer line, @Nullable Integer column) {
    return file + (line == null ? "" : ":" + line + (column == null ? "" : ":" + column));
  }

  // ---- calls ----

  private List<ShownLine> called(Trace trace) {
    if (!calls.test(trace)) {
      return List.of();
    }
    var lines = new ArrayList<ShownLine>();
    lines.add(call(trace));
    trace
        .logs()
        .forEach(log ->
            log.text()
                .lines()
                .forEach(
                    line -> lines.add(ShownLine.of(look(log.level()), BELOW + words.clean(line)))));
    if (trace.outcome() instanceof Trace.Error error) {
      lines.addAll(frame(error.detail()));
      lines.add(ShownLine.dim(BELOW + "pylon traces --id " + trace.callId()));
    }
    return lines;
  }

  private ShownLine call(Trace trace) {
    String indent = trace.parentCallId() == null ? "" : "  ";
    ShownLine line =
        ShownLine.dim(words.time(trace.startedAtMillis()) + "  ")
            .then(
                trace.failed() ? Look.BAD : Look.GOOD,
                indent + (trace.failed() ? words.sign("✗", "x") : words.sign("✓", "ok")))
            .then(Look.PLAIN, " " + words.clean(trace.fnName()))
            .then(look(trace.durationMillis()), "  " + words.duration(trace.durationMillis()));
    if (trace.userId() != null) {
      String tenant = trace.tenantId() == null ? "" : "@" + trace.tenantId();
      line = line.then(Look.DIM, "  " + words.clean(trace.userId() + tenant));
    }
    if (trace.outcome() instanceof Trace.Error error) {
      String text = error.code() + " " + firstLine(error.message());
      line = line.then(Look.BAD, "  " + words.clean(text));
    }
    return line;
  }

  private static Look look(double millis) {
    if (millis >= SLOW_MILLIS) {
      return Look.BAD;
    }
    return millis >= NOTABLE_MILLIS ? Look.NOTABLE : Look.DIM;
  }

  private static Look look(String level) {
    return switch (level) {
      case "error" -> Look.BAD;
      case "warn" -> Look.NOTABLE;
      default -> Look.DIM;
    };
  }

  /**
   * The message that was kept from the caller, the place in the user's code and the lines around
   * it.
   */
  private List<ShownLine> frame(@Nullable Map<String, @Nullable Object> detail) {
    if (detail == null) {
      return List.of();
    }
    var lines = new ArrayList<ShownLine>();
    if (detail.get("message") instanceof String message) {
      String name = detail.get("name") instanceof String known ? known + ": " : "";
      lines.add(ShownLine.of(Look.BAD, BELOW + words.clean(name + firstLine(message))));
    }
    if (detail.get("file") instanceof String file) {
      String place = detail.get("line") instanceof Number line ? file + ":" + line : file;
      String column = detail.get("column") instanceof Number known ? ":" + known : "";
      lines.add(ShownLine.of(Look.LINK, BELOW + "at " + words.clean(place + column)));
    }
    if (detail.get("excerpt") instanceof List<?> excerpt) {
      for (Object source : excerpt.subList(0, Math.min(BELOW_MAX, excerpt.size()))) {
        String text = words.clean(String.valueOf(source));
        lines.add(
            ShownLine.of(text.stripLeading().startsWith(">") ? Look.BOLD : Look.DIM, BELOW + text));
      }
    }
    return lines;
  }

  // ---- runtimes ----

  private List<ShownLine> said(String level, String text) {
    return text.lines()
        .limit(BELOW_MAX)
        .map(line -> ShownLine.of(look(level), words.clean(line)))
        .toList();
  }

  private List<ShownLine> crashed(int status, List<String> lastLines) {
    return failure(
        "The function runtime ended with status %d and is started again".formatted(status),
        String.join("\n", lastLines));
  }

  private List<ShownLine> failure(String headline, String reason) {
    var lines = new ArrayList<ShownLine>();
    lines.add(ShownLine.of(Look.BAD, words.sign("✗ ", "x ")).then(Look.PLAIN, headline));
    lines.addAll(below(reason));
    return lines;
  }

  private List<ShownLine> below(String text) {
    return text.lines()
        .limit(BELOW_MAX)
        .map(line -> ShownLine.dim(BELOW + words.clean(line)))
        .toList();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
