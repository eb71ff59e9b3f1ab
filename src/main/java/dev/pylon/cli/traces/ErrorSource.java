package dev.pylon.cli.traces;

import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where in the user's code a call failed, as a development server tells in the trace. */
public record ErrorSource(Map<String, @Nullable Object> detail) {

  public static Optional<ErrorSource> of(Trace trace) {
    return trace.json().get("error") instanceof Map<?, ?> error
            && error.get("detail") instanceof Map<?, ?> detail
        ? Optional.of(new ErrorSource(Json.asObject(detail)))
        : Optional.empty();
  }

  /** The message the author did not mean for callers, the place, and the lines around it. */
  public List<String> lines(Style style) {
    var lines = new ArrayList<String>();
    if (detail.get("message") instanceof String message) {
      String name = detail.get("name") instanceof String text ? text + ": " : "";
      lines.add("  " + Style.clean(name + message));
    }
    if (detail.get("file") instanceof String file) {
      lines.add("  " + style.cyan("at " + Style.clean(file) + place()));
    }
    if (detail.get("excerpt") instanceof List<?> excerpt) {
      for (Object line : excerpt) {
        String text = "  " + Style.clean(String.valueOf(line));
        lines.add(text.stripLeading().startsWith(">") ? style.bold(text) : style.dim(text));
      }
    }
    return lines;
  }

  private String place() {
    return detail.get("line") instanceof Number line
        ? ":" + line + (detail.get("column") instanceof Number column ? ":" + column : "")
        : "";
  }
}
