package dev.pylon.boot;

import dev.pylon.schema.Diagnostic;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Bun says when a script fails, as far as it can be taken apart: a source frame, a line such
 * as {@code TypeError: …}, and places such as {@code at /app/lib/x.ts:1:18}.
 *
 * @param message the line that names the error; empty where there is none
 * @param span the first place in the project
 * @param text all of it but Bun's signature
 */
record BunError(String message, Diagnostic.@Nullable Span span, String text) {
  private static final Pattern NAMED = Pattern.compile("(?m)^(?:error|[A-Za-z]*Error): .*$");
  private static final Pattern PLACE =
      Pattern.compile("(?m)^\\s+at (?:.*\\()?((?:/|[A-Za-z]:\\\\)[^():]+):(\\d+):(\\d+)\\)?$");

  private static final Pattern SIGNATURE = Pattern.compile("(?m)^Bun v\\d.*$");

  static BunError parse(String text, Path root) {
    Matcher named = NAMED.matcher(text);
    return new BunError(
        named.find() ? named.group().replaceFirst("^error: ", "") : "",
        span(text, root),
        SIGNATURE.matcher(text).replaceAll("").strip());
  }

  private static Diagnostic.@Nullable Span span(String text, Path root) {
    Matcher place = PLACE.matcher(text);
    while (place.find()) {
      Path file = Path.of(place.group(1));
      if (!file.toString().contains("node_modules")) {
        String shown = file.startsWith(root) ? root.relativize(file).toString() : file.toString();
        return new Diagnostic.Span(
            shown, Integer.valueOf(place.group(2)), Integer.valueOf(place.group(3)));
      }
    }
    return null;
  }
}
