package dev.pylon.cli.text;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.json.JsonListener;
import java.nio.charset.StandardCharsets;

/** JSON laid out for people: two spaces a level, colours where the stream has them. */
public final class PrettyJson implements JsonListener {
  private final StringBuilder text = new StringBuilder();
  private final Style style;
  private int level;

  /** Whether the next piece is the first one behind its bracket. */
  private boolean first = true;

  private boolean named;

  private PrettyJson(Style style) {
    this.style = style;
  }

  /** The value in {@code json}; the text as it is where it cannot be read. */
  public static String of(byte[] json, Style style) {
    var pretty = new PrettyJson(style);
    try {
      Json.tell(json, pretty);
    } catch (JsonException e) {
      return new String(json, StandardCharsets.UTF_8);
    }
    return pretty.text.toString();
  }

  @Override
  public void begin(char bracket) {
    place();
    text.append(bracket);
    level++;
    first = true;
  }

  @Override
  public void end(char bracket) {
    level--;
    if (!first) {
      text.append('\n').repeat("  ", level);
    }
    text.append(bracket);
    first = false;
  }

  @Override
  public void name(String name) {
    place();
    text.append(style.cyan(quoted(name))).append(": ");
    named = true;
  }

  @Override
  public void string(String value) {
    place();
    text.append(style.green(quoted(value)));
  }

  @Override
  public void literal(String value) {
    place();
    text.append(value.equals("null") ? style.dim(value) : style.yellow(value));
  }

  /** Where the next piece begins: behind its name, or on a line of its own. */
  private void place() {
    if (!named && level > 0) {
      text.append(first ? "\n" : ",\n").repeat("  ", level);
    }
    named = false;
    first = false;
  }

  private String quoted(String value) {
    String json = Json.text(value);
    return style.ascii() ? escaped(json) : json;
  }

  private static String escaped(String json) {
    var ascii = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 0x7F) {
        ascii.append(c);
      } else {
        ascii.append("\\u%04x".formatted((int) c));
      }
    }
    return ascii.toString();
  }
}
