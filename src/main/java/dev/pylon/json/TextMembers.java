package dev.pylon.json;

import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Finds members of an object whose value is a string, without reading the rest of it. */
public final class TextMembers {
  private TextMembers() {}

  /** The text of the member {@code name}, or null where there is none. */
  public static @Nullable String text(RawJson object, String name) {
    Map.Entry<String, String> found = first(object, (member, _) -> member.equals(name));
    return found == null ? null : found.getValue();
  }

  /** The name of the first member whose text is {@code text}, or null where there is none. */
  public static @Nullable String nameOf(RawJson object, String text) {
    Map.Entry<String, String> found = first(object, (_, value) -> value.equals(text));
    return found == null ? null : found.getKey();
  }

  @SuppressWarnings("unchecked") // nothing else is found
  private static Map.@Nullable Entry<String, String> first(
      RawJson object, BiPredicate<String, String> wanted) {
    Object found = PlainJson.firstText(object.bytes(), wanted);
    return found == PlainJson.NOT_PLAIN
        ? firstByLibrary(object, wanted)
        : (Map.Entry<String, String>) found;
  }

  /** The same without {@link PlainJson}, which must not differ. */
  static Map.@Nullable Entry<String, String> firstByLibrary(
      RawJson object, BiPredicate<String, String> wanted) {
    try (JsonParser parser = Json.parser(object.bytes())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          parser.skipChildren();
        } else {
          String text = parser.getString();
          if (wanted.test(name, text)) {
            return Map.entry(name, text);
          }
        }
      }
      return null;
    } catch (JacksonException e) {
      throw Json.refusal(e);
    }
  }
}
