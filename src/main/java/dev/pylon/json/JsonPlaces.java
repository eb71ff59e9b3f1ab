package dev.pylon.json;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * Where the values of a JSON text stand. A value is named by the way to it, such as {@code
 * entities[0].fields[2].type}; the whole is the empty name.
 */
public final class JsonPlaces {
  private final Map<String, Place> places = new HashMap<>();
  private @Nullable Place error;

  /** Where a value begins; line and column count from 1, the column in bytes. */
  public record Place(int line, int column) {}

  private JsonPlaces() {}

  /** Finds every value of {@code utf8}; up to the first mistake, where there is one. */
  public static JsonPlaces of(byte[] utf8) {
    var found = new JsonPlaces();
    try (JsonParser parser = Json.parser(utf8)) {
      parser.nextToken();
      found.value(parser, "");
    } catch (JacksonException e) {
      found.error = place(e.getLocation());
    }
    return found;
  }

  private void value(JsonParser parser, String path) {
    Place place = place(parser.currentTokenLocation());
    if (place != null) {
      places.put(path, place);
    }
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      String prefix = path.isEmpty() ? "" : path + ".";
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        value(parser, prefix + name);
      }
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        value(parser, path + "[" + i + "]");
      }
    }
  }

  private static @Nullable Place place(@Nullable TokenStreamLocation location) {
    return location == null || location.getLineNr() < 1
        ? null
        : new Place(location.getLineNr(), location.getColumnNr());
  }

  /** Where the value stands, or what contains it where it is not there itself. */
  public Optional<Place> at(String path) {
    for (String way = path; ; way = outer(way)) {
      Place place = places.get(way);
      if (place != null || way.isEmpty()) {
        return Optional.ofNullable(place);
      }
    }
  }

  private static String outer(String path) {
    int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return path.substring(0, Math.max(end, 0));
  }

  /** Where the text stops being JSON; empty where it is all right. */
  public Optional<Place> error() {
    return Optional.ofNullable(error);
  }
}
