package dev.pylon.schema;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.json.RawJson;
import dev.pylon.schema.JsonShape.MisshapenException;
import dev.pylon.schema.Manifest.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From JSON to a {@link Manifest}: the shape here, the rules in {@link ManifestRules}. Unknown
 * members are ignored at every level. An object serves one reading.
 */
final class ManifestReader {
  /**
   * Stands for a type we do not know while the rest is checked; the manifest is refused in the end.
   */
  private static final FieldType UNKNOWN = new FieldType(FieldType.Kind.STRING, null);

  private final ManifestPlaces places;
  private final List<Diagnostic> findings = new ArrayList<>();

  private ManifestReader(ManifestPlaces places) {
    this.places = places;
  }

  /**
   * @param file what findings call the file; null where there is none
   */
  static Reading read(byte[] json, @Nullable String file) {
    var places = new ManifestPlaces(json, file);
    try {
      RawJson text = Json.check(json);
      return new ManifestReader(places).read(Json.parseObject(json), text);
    } catch (JsonException e) {
      return refused("MANIFEST_PARSE_ERROR", String.valueOf(e.getMessage()), places.ofError());
    } catch (MisshapenException e) {
      return refused("MANIFEST_PARSE_ERROR", String.valueOf(e.getMessage()), places.at(e.path()));
    }
  }

  private static Reading refused(String code, String message, Diagnostic.@Nullable Span place) {
    return new Reading.Refused(List.of(Diagnostic.error(code, message).at(place)));
  }

  private Reading read(Map<String, @Nullable Object> json, RawJson text) {
    var shape = new JsonShape(json, "");
    long version = shape.number("manifest_version");
    if (version != Manifest.MANIFEST_VERSION) {
      return refused(
          "MANIFEST_VERSION_UNSUPPORTED",
          "manifest_version is %d, this server reads %d"
              .formatted(version, Manifest.MANIFEST_VERSION),
          places.at("manifest_version"));
    }
    var draft =
        new Manifest(
            shape.text("name"),
            shape.text("version"),
            shape.parts("entities", this::entity),
            shape.parts("routes", this::route),
            shape.optionalParts("queries", query -> operation(query, "query")),
            shape.optionalParts("actions", action -> operation(action, "action")),
            shape.optionalParts("policies", this::policy),
            auth(shape.part("auth")),
            text,
            List.of());
    findings.addAll(ManifestRules.check(draft, places));
    if (findings.stream().anyMatch(Diagnostic::isError)) {
      return new Reading.Refused(findings);
    }
    return new Reading.Accepted(draft.withWarnings(findings));
  }

  private Entity entity(JsonShape shape) {
    String name = shape.text("name");
    return places.note(
        new Entity(
            name,
            shape.parts("fields", field -> field(field, name)),
            shape.parts("indexes", this::index),
            shape.optionalParts("relations", this::relation),
            shape.has("search") ? search(shape.part("search")) : null,
            shape.flag("crdt", true)),
        shape);
  }

  private Field field(JsonShape shape, String entity) {
    String name = shape.text("name");
    return places.note(
        new Field(
            name,
            type(shape, "FIELD_TYPE_UNKNOWN", "Field \"%s\" of \"%s\"".formatted(name, entity)),
            shape.flag("optional"),
            shape.flag("unique"),
            crdt(shape)),
        shape);
  }

  private FieldType type(JsonShape shape, String code, String owner) {
    String text = shape.text("type");
    return FieldType.parse(text)
        .orElseGet(() -> {
          findings.add(
              Diagnostic.error(code, owner + " has the unknown type \"" + text + "\"")
                  .hint("one of string, int, float, bool, datetime, richtext, id(<Entity>)")
                  .at(places.at(shape.path() + ".type")));
          return UNKNOWN;
        });
  }

  private static @Nullable CrdtKind crdt(JsonShape shape) {
    String text = shape.textOrNull("crdt");
    if (text == null) {
      return null;
    }
    return CrdtKind.parse(text)
        .orElseThrow(
            () -> shape.misshapen("crdt", "lww, text, counter, list, movable-list or tree"));
  }

  private Index index(JsonShape shape) {
    return places.note(
        new Index(shape.text("name"), shape.texts("fields"), shape.flag("unique")), shape);
  }

  private Relation relation(JsonShape shape) {
    return places.note(
        new Relation(
            shape.text("name"),
            shape.text("target"),
            shape.text("field"),
            shape.flag("many", false)),
        shape);
  }

  private Search search(JsonShape shape) {
    return places.note(
        new Search(
            shape.optionalTexts("text"),
            shape.optionalTexts("facets"),
            shape.optionalTexts("sortable"),
            shape.textOrNull("language")),
        shape);
  }

  private Route route(JsonShape shape) {
    return places.note(
        new Route(
            shape.text("path"),
            shape.text("mode"),
            shape.textOrNull("query"),
            shape.textOrNull("auth")),
        shape);
  }

  private Operation operation(JsonShape shape, String kind) {
    String name = shape.text("name");
    String owner = "of " + kind + " \"" + name + "\"";
    return places.note(
        new Operation(name, shape.optionalParts("input", input -> input(input, owner))), shape);
  }

  private Field input(JsonShape shape, String owner) {
    String name = shape.text("name");
    return places.note(
        new Field(
            name,
            type(shape, "INPUT_FIELD_TYPE_UNKNOWN", "Input \"%s\" %s".formatted(name, owner)),
            shape.flag("optional"),
            shape.flag("unique", false),
            crdt(shape)),
        shape);
  }

  private Policy policy(JsonShape shape) {
    return places.note(
        new Policy(
            shape.text("name"),
            shape.textOrNull("entity"),
            shape.textOrNull("action"),
            shape.text("allow", ""),
            shape.textOrNull("allowRead"),
            shape.textOrNull("allowInsert"),
            shape.textOrNull("allowUpdate"),
            shape.textOrNull("allowDelete"),
            shape.textOrNull("allowWrite")),
        shape);
  }

  private static AuthConfig auth(JsonShape shape) {
    JsonShape user = shape.part("user");
    return new AuthConfig(
        user.text("entity", AuthConfig.DEFAULT.userEntity()),
        user.optionalTexts("expose"),
        user.optionalTexts("hide"),
        shape.part("session").number("expires_in", AuthConfig.DEFAULT.sessionSeconds()),
        shape.optionalTexts("trusted_origins"));
  }
}
