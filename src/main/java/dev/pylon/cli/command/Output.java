package dev.pylon.cli.command;

import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a command speaks: its answer to standard output, everything else to standard error (command
 * line contract, 18). Thread-safe: a line is written whole.
 */
public final class Output {
  /** The form of the answer. */
  public enum Format {
    TEXT,
    JSON,
    NDJSON,
    NONE;

    public boolean isJson() {
      return this == JSON || this == NDJSON;
    }
  }

  /** Nobody reads standard output any more: the command ends quietly. */
  public static final class Closed extends RuntimeException {
    Closed() {
      super(null, null, false, false);
    }
  }

  private final OutputStream out;
  private final OutputStream err;
  private final OutputOptions options;

  public Output(OutputStream out, OutputStream err, OutputOptions options) {
    this.out = out;
    this.err = err;
    this.options = options;
  }

  /** The same without conversation. */
  public Output silent() {
    return new Output(out, err, options.silent());
  }

  public OutputOptions options() {
    return options;
  }

  public Format format() {
    return options.format();
  }

  public boolean isJson() {
    return options.format().isJson();
  }

  /** How standard output may look. */
  public Style style() {
    return options.outStyle();
  }

  /** How standard error may look. */
  public Style errStyle() {
    return options.errStyle();
  }

  /** One line of the answer. */
  public void line(String text) {
    if (format() != Format.NONE) {
      bytes((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** One JSON value of the answer, on a line of its own. */
  public void json(@Nullable Object value) {
    if (format() != Format.NONE) {
      byte[] text = Json.bytes(value);
      synchronized (out) {
        bytes(text);
        bytes(new byte[] {'\n'});
      }
    }
  }

  /** Bytes of the answer, as they are. */
  public void bytes(byte[] bytes) {
    if (format() == Format.NONE) {
      return;
    }
    synchronized (out) {
      try {
        out.write(bytes);
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
  }

  /** Hands over to the reader of standard output what was written so far. */
  public void flush() {
    synchronized (out) {
      try {
        out.flush();
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
  }

  private static RuntimeException unwritable(IOException e) {
    String why = String.valueOf(e.getMessage());
    return why.contains("Broken pipe") || why.contains("Stream closed")
        ? new Closed()
        : new Failure(
            ExitStatus.FAILED, "OUTPUT_FAILED", "cannot write standard output: " + why, null);
  }

  /** Conversation: progress, hints, warnings. Silent with {@code --quiet}. */
  public void note(String text) {
    if (!options.quiet()) {
      tell(text);
    }
  }

  /** What takes a while now, for a person who would else see nothing. */
  public void doing(String text) {
    if (options.errTerminal()) {
      note(errStyle().dim(text));
    }
  }

  /** What only {@code --verbose} wants to know. */
  public void detail(String text) {
    if (options.verbose()) {
      tell(errStyle().dim(text));
    }
  }

  /** Something the user should change, though the work goes on. */
  public void warning(String text) {
    note(errStyle().yellow("warning:") + " " + text);
  }

  /** Ends the command with words: a line and a hint, or one JSON object. */
  public void failure(ExitStatus status, String code, String message, @Nullable String hint) {
    if (isJson()) {
      json(failureObject(status, code, message, hint));
      return;
    }
    tell(errStyle().red("error:") + " " + indented(message));
    if (hint != null) {
      tell("  " + errStyle().dim(hint));
    }
  }

  /** Lines below the first stand below it, so that none passes for another line of ours. */
  private static String indented(String message) {
    return message.lines().map(Style::clean).collect(Collectors.joining("\n       "));
  }

  private static Map<String, Object> failureObject(
      ExitStatus status, String code, String message, @Nullable String hint) {
    var error = new LinkedHashMap<String, Object>();
    error.put("code", code);
    error.put("message", message);
    if (hint != null) {
      error.put("hint", hint);
    }
    var object = new LinkedHashMap<String, Object>();
    object.put("error", error);
    object.put("exit", status.code());
    return object;
  }

  /** One line on standard error, also with {@code --quiet}. */
  public void tell(String text) {
    synchronized (err) {
      try {
        err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        err.flush();
      } catch (IOException e) {
        // Nobody listens on standard error; the answer and the exit status still count.
      }
    }
  }
}
