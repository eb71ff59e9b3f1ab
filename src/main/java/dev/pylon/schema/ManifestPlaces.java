package dev.pylon.schema;

import dev.pylon.json.JsonPlaces;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a manifest stand in the file they were read from. Places are looked for when
 * the first is asked for: most manifests have nothing that would have to be found. Confined to one
 * reading.
 */
final class ManifestPlaces {
  private final byte[] json;
  private final @Nullable String file;

  /** Two parts may be equal and stand in two places. */
  private final Map<Object, String> paths = new IdentityHashMap<>();

  private @Nullable JsonPlaces places;

  /**
   * @param file what the author calls the file; null where there is none, and no places then
   */
  ManifestPlaces(byte[] json, @Nullable String file) {
    this.json = json;
    this.file = file;
  }

  /** Remembers where {@code part} was read, and hands it back. */
  <T> T note(T part, JsonShape shape) {
    paths.put(part, shape.path());
    return part;
  }

  /** Where a part stands; null where that is not known. */
  Diagnostic.@Nullable Span of(Object part) {
    return at(paths.getOrDefault(part, ""));
  }

  /** Where the value with this way to it stands, or what contains it. */
  Diagnostic.@Nullable Span at(String path) {
    return span(file == null ? Optional.empty() : found().at(path));
  }

  /** Where the text stops being JSON. */
  Diagnostic.@Nullable Span ofError() {
    return span(file == null ? Optional.empty() : found().error());
  }

  private JsonPlaces found() {
    JsonPlaces known = places;
    if (known == null) {
      known = JsonPlaces.of(json);
      places = known;
    }
    return known;
  }

  private Diagnostic.@Nullable Span span(Optional<JsonPlaces.Place> place) {
    return file == null
        ? null
        : new Diagnostic.Span(
            file,
            place.map(JsonPlaces.Place::line).orElse(null),
            place.map(JsonPlaces.Place::column).orElse(null));
  }
}
