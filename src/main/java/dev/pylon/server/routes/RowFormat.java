package dev.pylon.server.routes;

import dev.pylon.model.PylonException;
import dev.pylon.server.http.Request;
import java.util.Locale;

/** How rows are written down when they leave, and when they come back. */
enum RowFormat {
  /** One object: {@code {"entities": {"Todo": [{…}, …], …}, …}}. */
  DUMP,
  /** A line for each row: {@code {"entity": "Todo", "row": {…}}}. */
  LINES;

  /** The type of {@link #LINES}. */
  static final String LINES_TYPE = "application/x-ndjson";

  /** What {@code request} asks for. */
  static RowFormat asked(Request request) {
    String format = request.parameter("format").orElse("json");
    return switch (format) {
      case "json" -> DUMP;
      case "ndjson" -> LINES;
      default ->
          throw new PylonException(
              DataError.INVALID_QUERY,
              "\"format\" is \"json\" or \"ndjson\", not \"%s\"".formatted(format));
    };
  }

  /** What {@code request} brings: what it says, else what its type says. */
  static RowFormat ofBody(Request request) {
    String type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    return request.parameter("format").isEmpty()
            && (type.contains("ndjson") || type.contains("jsonl"))
        ? LINES
        : asked(request);
  }
}
