package dev.pylon.cli.dev;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevFacts;
import dev.pylon.boot.DevServer;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.OutputOptions;
import dev.pylon.cli.console.ConsoleState;
import dev.pylon.cli.console.DevLines;
import dev.pylon.cli.console.DevTerminal;
import dev.pylon.cli.console.Known;
import dev.pylon.cli.console.Repeats;
import dev.pylon.cli.console.ShownCalls;
import dev.pylon.cli.console.ShownLine;
import dev.pylon.cli.console.Signals;
import dev.pylon.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code pylon dev} on a terminal: lines that scroll, a line at the bottom that tells the state,
 * and keys. Events come on one thread, keys on another; what both touch is guarded by this.
 */
final class DevConsole implements DevView {
  /** How soon a wish to end is seen. */
  private static final Duration KEY_PATIENCE = Duration.ofMillis(100);

  private static final List<String> KEYS =
      List.of(
          "r  load everything anew",
          "o  open the description of the API in a browser",
          "t  show calls, or none",
          "e  show failed calls only, or all",
          "c  clear the screen",
          ":  call a function, with Tab for names and arguments: pylon call",
          "q  end (as Ctrl-C does)",
          "?  these keys");

  private final Invocation invocation;
  private final Interpreter interpreter;
  private final DevTerminal terminal;
  private final ShownCalls calls;
  private final DevWords words;
  private final DevLines lines;
  private final Repeats repeats = new Repeats();
  private ConsoleState state;

  private DevConsole(
      Invocation invocation, Interpreter interpreter, DevTerminal terminal, ShownCalls calls) {
    this.invocation = invocation;
    this.interpreter = interpreter;
    this.terminal = terminal;
    this.calls = calls;
    this.words = new DevWords(invocation.output().options(), ZoneId.systemDefault());
    this.lines = new DevLines(words, calls, true);
    this.state = ConsoleState.beginning(calls.which());
    drawBottom();
  }

  /** Takes over the terminal, where there is one and somebody sits there. */
  static Optional<DevView> open(Invocation invocation, ShownCalls calls, Interpreter interpreter) {
    OutputOptions options = invocation.output().options();
    String streams = invocation.environment().property("pylon.terminal").orElse("");
    boolean person =
        options.outTerminal()
            && streams.contains("i")
            && !invocation.output().isJson()
            && !invocation.environment().variable("TERM").equals(Optional.of("dumb"))
            && invocation.environment().variable("CI").isEmpty();
    return person
        ? DevTerminal.open()
            .map(terminal -> new DevConsole(invocation, interpreter, terminal, calls))
        : Optional.empty();
  }

  // ---- events ----

  @Override
  public synchronized void show(DevEvent event) {
    state = state.after(event);
    boolean hidden = event instanceof DevEvent.Skipped && calls.which() != ShownCalls.Which.ALL;
    List<ShownLine> shown = hidden ? List.of() : lines.of(event);
    Optional<ShownLine> again = repeats.of(event, shown);
    if (again.isPresent() && again.get().text().length() <= terminal.columns()) {
      terminal.printAgain(words.drawn(again.get()));
    } else {
      terminal.print(shown.stream().map(words::drawn).toList());
    }
    drawBottom();
  }

  /** All of them are counted, also those that are not shown. */
  @Override
  public boolean wants(Trace trace) {
    return true;
  }

  private synchronized void drawBottom() {
    terminal.bottom(words.drawn(state.line(words, terminal.columns() - 1)));
  }

  @Override
  public synchronized void tell(List<String> text) {
    repeats.forget();
    terminal.print(text);
  }

  @Override
  public void answered(String errand, String said) {
    tell(said.lines().toList());
  }

  // ---- keys ----

  @Override
  public Signals.Ending await(DevServer server, Signals signals) throws InterruptedException {
    signals.onInterrupt(terminal::interruptPrompt);
    while (!signals.isEnding() && !terminal.isGone()) {
      terminal.key(KEY_PATIENCE).ifPresent(key -> press(key, server, signals));
    }
    return signals.await();
  }

  private void press(char key, DevServer server, Signals signals) {
    switch (key) {
      case 'r' -> server.reload();
      case 'o' -> openBrowser();
      case 't' -> show(ShownCalls.Which.NONE);
      case 'e' -> show(ShownCalls.Which.ERRORS);
      case 'c' -> terminal.clear();
      case 'q' -> signals.end(Signals.Ending.DONE);
      case '?', 'h' -> tell(KEYS.stream().map(line -> "  " + line).toList());
      case ':' -> ask();
      default -> {} // keys that mean nothing do nothing
    }
  }

  private synchronized void show(ShownCalls.Which wish) {
    state = state.showing(calls.toggle(wish));
    repeats.forget();
    drawBottom();
  }

  private synchronized @Nullable DevFacts facts() {
    return state.facts();
  }

  private void openBrowser() {
    DevFacts facts = facts();
    tell(
        List.of(
            facts == null ? "  not served yet" : Browser.open(facts, invocation.environment())));
  }

  /** The prompt: what is typed is what would follow {@code pylon call}. */
  private void ask() {
    DevFacts facts = facts();
    if (facts == null) {
      tell(List.of("  not served yet"));
      return;
    }
    Path folder = Path.of(facts.root(), ".pylon");
    terminal
        .ask(() -> known(folder.resolve("completion.tsv")), folder.resolve("history"))
        .ifPresent(typed -> tell(called(facts, typed)));
    drawBottom();
  }

  private static List<Known> known(Path file) {
    try {
      return Known.parse(Files.readAllLines(file));
    } catch (IOException e) {
      return List.of(); // written with the first load
    }
  }

  private List<String> called(DevFacts facts, List<String> typed) {
    var args = new ArrayList<String>(List.of("call", "--cwd", facts.root()));
    args.addAll(typed.getFirst().equals("call") ? typed.subList(1, typed.size()) : typed);
    var said = new ByteArrayOutputStream();
    interpreter.run(invocation.environment(), args, said);
    return said.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Override
  public void close() {
    terminal.close();
  }
}
