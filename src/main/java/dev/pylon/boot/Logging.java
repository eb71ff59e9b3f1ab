package dev.pylon.boot;

import dev.pylon.json.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sets up how a server logs: one line each on standard error, as text or as JSON. Only our own
 * lines may be asked for in more detail: libraries would tell addresses and codes of letters, and
 * values of rows.
 */
public final class Logging {
  private static final Logger ROOT = Logger.getLogger("");

  /** What we say ourselves. */
  private static final Logger OURS = Logger.getLogger("dev.pylon");

  /** Libraries that tell at length what they do. */
  private static final Logger UNDERTOW = Logger.getLogger("io.undertow");

  private static final Logger XNIO = Logger.getLogger("org.xnio");
  private static final Logger BOSS = Logger.getLogger("org.jboss");
  private static final Logger WATCHER = Logger.getLogger("io.methvin");

  /** Fills a screen when a collector is away; {@code trace.otlp} says it in a sentence. */
  private static final Logger OTEL = Logger.getLogger("io.opentelemetry");

  private Logging() {}

  /**
   * Begins.
   *
   * @param level {@code error}, {@code warn}, {@code info} or {@code debug}; anything else is info
   * @param json whether each line is a JSON object
   */
  public static void begin(String level, boolean json) {
    LogManager.getLogManager().reset();
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(json ? new JsonLines() : new TextLines());
    ROOT.addHandler(handler);
    Level asked = level(level);
    OURS.setLevel(asked);
    ROOT.setLevel(asked.intValue() < Level.INFO.intValue() ? Level.INFO : asked);
    UNDERTOW.setLevel(Level.WARNING);
    XNIO.setLevel(Level.WARNING);
    BOSS.setLevel(Level.WARNING);
    WATCHER.setLevel(Level.WARNING);
    OTEL.setLevel(Level.OFF);
  }

  /**
   * Where log lines go, for what writes many of them at once. Not to be closed; each write stands
   * as a whole beside the lines of others.
   */
  static OutputStream stream() {
    return new FileOutputStream(FileDescriptor.err);
  }

  private static Level level(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "error" -> Level.SEVERE;
      case "warn", "warning" -> Level.WARNING;
      case "debug" -> Level.FINE;
      case "trace" -> Level.ALL;
      default -> Level.INFO;
    };
  }

  private static String name(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "warn";
    }
    return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
  }

  private static String stack(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /** {@code 2026-01-01T00:00:00Z warn message}, then the stack where there is one. */
  private static final class TextLines extends Formatter {
    @Override
    public String format(LogRecord record) {
      String stack = stack(record.getThrown());
      return "%s %-5s %s%n%s"
          .formatted(record.getInstant(), name(record.getLevel()), formatMessage(record), stack);
    }
  }

  /** One object a line. */
  private static final class JsonLines extends Formatter {
    @Override
    public String format(LogRecord record) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("time", record.getInstant().toString());
      json.put("level", name(record.getLevel()));
      json.put("logger", String.valueOf(record.getLoggerName()));
      json.put("message", formatMessage(record));
      if (record.getThrown() != null) {
        json.put("stack", stack(record.getThrown()));
      }
      return Json.text(json) + "\n";
    }
  }
}
