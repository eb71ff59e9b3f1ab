package dev.pylon.server.sse;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encodes events (functions contract, 10). The shipped clients split at a blank line, know only
 * {@code event: } and {@code data: } with one space, and take everything else for a chunk: so line
 * feeds only, a {@code data} line for each line of text, no comments, no ids.
 */
public final class EventText {
  /** Names that end a call; a handler's own event of such a name travels unnamed. */
  private static final Set<String> RESERVED = Set.of("result", "error");

  private EventText() {}

  /** What a handler streams; {@code event} is null for plain text. */
  public static byte[] chunk(@Nullable String event, String data) {
    var text = new StringBuilder(data.length() + 32);
    if (event != null && isName(event)) {
      text.append("event: ").append(event).append('\n');
    }
    return data(text, data);
  }

  /**
   * The event that ends a call: {@code result} or {@code error}, with JSON that has no line breaks.
   */
  public static byte[] last(String event, String json) {
    return data(new StringBuilder("event: ").append(event).append('\n'), json);
  }

  private static boolean isName(String event) {
    return !RESERVED.contains(event) && event.indexOf('\n') < 0 && event.indexOf('\r') < 0;
  }

  private static byte[] data(StringBuilder text, String data) {
    String plain = data.indexOf('\r') < 0 ? data : data.replace("\r\n", "\n").replace('\r', '\n');
    int from = 0;
    while (true) {
      int to = plain.indexOf('\n', from);
      text.append("data: ").append(plain, from, to < 0 ? plain.length() : to).append('\n');
      if (to < 0) {
        break;
      }
      from = to + 1;
    }
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }
}
