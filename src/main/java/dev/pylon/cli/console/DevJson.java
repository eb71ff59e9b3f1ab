package dev.pylon.cli.console;

import dev.pylon.boot.DevEvent;
import dev.pylon.functions.Reloaded;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.trace.TraceJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object a program reads for an event, told apart by {@code event}. A load also has the
 * members {@code code} and {@code rebuild} that scripts know (command line contract, 4.4 and 14.2).
 */
public final class DevJson {
  private DevJson() {}

  public static Map<String, @Nullable Object> of(DevEvent event) {
    return switch (event) {
      case DevEvent.Ready ready -> ready(ready);
      case DevEvent.Loaded loaded -> loaded(loaded);
      case DevEvent.Called(var trace) -> object("call", "trace", TraceJson.of(trace));
      case DevEvent.Skipped(var calls) -> object("skipped", "calls", calls);
      case DevEvent.Said(var level, var text) -> {
        var json = object("log", "level", level);
        json.put("text", text);
        yield json;
      }
      case DevEvent.Crashed(var status, var lastLines) -> {
        var json = object("crash", "status", status);
        json.put("lines", lastLines);
        yield json;
      }
      case DevEvent.NotStarted(var reason, var retry) -> {
        var json = object("not_started", "reason", reason);
        json.put("retry_ms", retry.toMillis());
        yield json;
      }
      case DevEvent.Notice(var text) -> object("notice", "text", text);
    };
  }

  private static Map<String, @Nullable Object> object(
      String event, String name, @Nullable Object value) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("event", event);
    json.put(name, value);
    return json;
  }

  private static Map<String, @Nullable Object> ready(DevEvent.Ready ready) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("event", "ready");
    json.putAll(ready.facts().open());
    json.put("ms", millis(ready.took()));
    return json;
  }

  private static Map<String, @Nullable Object> loaded(DevEvent.Loaded loaded) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("event", "reload");
    json.put("reason", loaded.reason().name().toLowerCase(Locale.ROOT));
    json.put("files", loaded.files());
    json.put("functions", functions(loaded));
    json.put(
        "schema",
        Map.of("operations", loaded.operations().stream().map(SchemaOperation::json).toList()));
    json.put("ms", millis(loaded.took()));
    json.put("ok", loaded.isGood());
    json.put("code", loaded.isGood() ? "DEV_OK" : "DEV_ERROR");
    json.put("rebuild", loaded.rebuild());
    Manifest manifest = loaded.manifest();
    if (manifest != null) {
      json.put("name", manifest.name());
      json.put("version", manifest.version());
    }
    if (!loaded.isGood()) {
      json.put("error", loaded.errors().getFirst().message());
    }
    json.put("diagnostics", loaded.errors().stream().map(Diagnostic::json).toList());
    return json;
  }

  private static Map<String, @Nullable Object> functions(DevEvent.Loaded loaded) {
    Reloaded functions = loaded.functions();
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("added", functions == null ? List.of() : functions.added());
    json.put("removed", functions == null ? List.of() : functions.removed());
    json.put("changed", functions == null ? List.of() : functions.changed());
    json.put("failed", loaded.failed().stream().map(DevJson::broken).toList());
    return json;
  }

  private static Map<String, @Nullable Object> broken(DevEvent.BrokenFile broken) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("name", broken.function());
    json.put("file", broken.file());
    if (broken.line() != null) {
      json.put("line", broken.line());
    }
    if (broken.column() != null) {
      json.put("column", broken.column());
    }
    json.put("message", broken.message());
    if (broken.hint() != null) {
      json.put("hint", broken.hint());
    }
    return json;
  }

  private static double millis(Duration duration) {
    return Math.round(duration.toNanos() / 1e4) / 100.0;
  }
}
