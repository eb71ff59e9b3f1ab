package dev.pylon.cli;

import dev.pylon.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** JSON laid out for people: two spaces a level, colours where the stream has them. */
final class PrettyJson {
  private final StringBuilder text = new StringBuilder();
  private final JsonParser parser;
  private final Style style;

  private PrettyJson(JsonParser parser, Style style) {
    this.parser = parser;
    this.style = style;
  }

  /** The value in {@code json}; the text as it is where it cannot be read. */
  static String of(byte[] json, Style style) {
    try (JsonParser parser = Json.parser(json)) {
      var pretty = new PrettyJson(parser, style);
      pretty.value(parser.nextToken(), 0);
      return pretty.text.toString();
    } catch (JacksonException e) {
      return new String(json, java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private void value(JsonToken token, int level) {
    switch (token) {
      case START_OBJECT -> members(level);
      case START_ARRAY -> items(level);
      case VALUE_STRING -> text.append(style.green(quoted(parser.getString())));
      case VALUE_NULL -> text.append(style.dim("null"));
      default -> text.append(style.yellow(parser.getString()));
    }
  }

  private void members(int level) {
    boolean any = false;
    text.append('{');
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      text.append(any ? ",\n" : "\n").repeat("  ", level + 1);
      text.append(style.cyan(quoted(name))).append(": ");
      value(parser.nextToken(), level + 1);
      any = true;
    }
    end(any, level, '}');
  }

  private void items(int level) {
    boolean any = false;
    text.append('[');
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      text.append(any ? ",\n" : "\n").repeat("  ", level + 1);
      value(token, level + 1);
      any = true;
    }
    end(any, level, ']');
  }

  private void end(boolean any, int level, char bracket) {
    if (any) {
      text.append('\n').repeat("  ", level);
    }
    text.append(bracket);
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
