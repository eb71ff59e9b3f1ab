package dev.pylon.cli.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jline.utils.Status;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of {@code pylon dev}: lines that scroll, a line at the bottom that does not, single
 * keys, and a prompt. The only class that knows JLine's terminal. Lines may be written by any
 * thread; keys are read by one.
 */
public final class DevTerminal implements AutoCloseable {
  private final Terminal terminal;
  private final Attributes before;
  private final @Nullable Status bottom;
  private final PrintWriter out;

  /** While a prompt is open, lines are written above it. Guarded by this. */
  private @Nullable LineReader prompt;

  private boolean closed;
  private volatile boolean gone;

  private DevTerminal(Terminal terminal) {
    this.terminal = terminal;
    this.out = terminal.writer();
    this.before = terminal.getAttributes();
    takeKeys();
    this.bottom = Status.getStatus(terminal);
  }

  /**
   * Keys come one by one, and Ctrl-C as the signal that it is, which raw mode makes a key. Ctrl-Z
   * and Ctrl-\ are keys without a meaning: a server that is suspended answers nobody.
   */
  private void takeKeys() {
    var _ = terminal.enterRawMode();
    Attributes keys = terminal.getAttributes();
    keys.setLocalFlag(Attributes.LocalFlag.ISIG, true);
    keys.setControlChar(Attributes.ControlChar.VSUSP, 0);
    keys.setControlChar(Attributes.ControlChar.VQUIT, 0);
    terminal.setAttributes(keys);
  }

  /** Takes over the terminal of this process; empty where it cannot do what is needed. */
  public static Optional<DevTerminal> open() {
    try {
      // Signals are ours: JLine's own handling would take Ctrl-C away.
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .jni(false)
              .dumb(false)
              .nativeSignals(false)
              .build();
      if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
        terminal.close();
        return Optional.empty();
      }
      var console = new DevTerminal(terminal);
      Object unused = org.jline.utils.Signals.register("WINCH", console::resized);
      return Optional.of(console);
    } catch (IOException | IllegalStateException e) {
      return Optional.empty(); // plain lines do as well
    }
  }

  /** How many letters a line holds. */
  public int columns() {
    return Math.max(terminal.getSize().getColumns(), 40);
  }

  /** Writes lines above the bottom line. */
  public synchronized void print(List<String> lines) {
    if (prompt != null) {
      lines.forEach(prompt::printAbove);
      return;
    }
    lines.forEach(line -> out.print(line + "\r\n"));
    out.flush();
  }

  /** Writes over the line that was written last. */
  public synchronized void printAgain(String line) {
    if (prompt != null) {
      prompt.printAbove(line);
      return;
    }
    out.print("\u001b[1A\r\u001b[2K" + line + "\r\n");
    out.flush();
  }

  /** Sets the bottom line. */
  public synchronized void bottom(String line) {
    if (bottom != null && !closed) {
      bottom.update(List.of(AttributedString.fromAnsi(line)));
    }
  }

  /** Clears the screen, but for the bottom line. */
  public synchronized void clear() {
    terminal.puts(Capability.clear_screen);
    if (bottom != null) {
      bottom.redraw();
    }
    terminal.flush();
  }

  private synchronized void resized() {
    if (bottom != null && !closed) {
      bottom.resize();
      bottom.redraw();
    }
  }

  /** The key that is pressed within {@code patience}. Ctrl-D counts as {@code q}. */
  public Optional<Character> key(Duration patience) {
    try {
      int key = terminal.reader().read(patience.toMillis());
      gone = key == NonBlockingReader.EOF;
      return key == 4 ? Optional.of('q') : key > 0 ? Optional.of((char) key) : Optional.empty();
    } catch (IOException e) {
      gone = true;
      return Optional.empty();
    }
  }

  /** Whether no key will ever be pressed again, for nobody holds the other end. */
  public boolean isGone() {
    return gone;
  }

  /**
   * Asks for a call, with completion and history; empty where the user thought better of it.
   *
   * @param history where lines are kept
   */
  public Optional<List<String>> ask(Supplier<List<Known>> functions, Path history) {
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .completer((_, line, found) -> complete(functions.get(), line, found))
            .variable(LineReader.HISTORY_FILE, history)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    synchronized (this) {
      prompt = reader;
    }
    try {
      String text = reader.readLine(": ");
      List<String> words =
          reader.getParsedLine().words().stream().map(TypedWord::unquoted).toList();
      return text.isBlank() ? Optional.empty() : Optional.of(words);
    } catch (UserInterruptException | EndOfFileException e) {
      return Optional.empty();
    } finally {
      synchronized (this) {
        prompt = null;
        takeKeys();
      }
    }
  }

  private static void complete(List<Known> functions, ParsedLine line, List<Candidate> found) {
    List<String> before = line.words().subList(0, line.wordIndex());
    for (String word : Known.completions(functions, before, line.word())) {
      found.add(new Candidate(word, word, null, null, null, null, !word.endsWith("=")));
    }
  }

  /** Ends an open prompt as its user would with Ctrl-C; false where none is open. */
  public boolean interruptPrompt() {
    synchronized (this) {
      if (prompt == null) {
        return false;
      }
    }
    terminal.raise(Terminal.Signal.INT);
    return true;
  }

  /** Gives the terminal back as it was. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (bottom != null) {
        bottom.update(List.of());
        bottom.close();
      }
      terminal.setAttributes(before);
    }
    try {
      terminal.close();
    } catch (IOException e) {
      out.flush(); // nothing else is left to be done for a terminal that is gone
    }
  }
}
