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

  private final List<Diagnostic> findings = new ArrayList<>();

  private ManifestReader() {}

  static Reading read(byte[] json) {
    try {
      RawJson text = Json.check(json);
      return new ManifestReader().read(Json.parseObject(json), text);
    } catch (JsonException | MisshapenException e) {
      return refused("MANIFEST_PARSE_ERROR", String.valueOf(e.getMessage()));
    }
  }

  private static Reading refused(String code, String message) {
    return new Reading.Refused(List.of(Diagnostic.error(code, message)));
  }

  private Reading read(Map<String, @Nullable Object> json, RawJson text) {
    var shape = new JsonShape(json, "");
    long version = shape.number("manifest_version");
    if (version != Manifest.MANIFEST_VERSION) {
      return refused(
          "MANIFEST_VERSION_UNSUPPORTED",
          "manifest_version is %d, this server reads %d"
              .formatted(version, Manifest.MANIFEST_VERSION));
    }
    var draft =
        new Manifest(
            shape.text("name"),
            shape.text("version"),
            shape.parts("entities", this::entity),
            shape.parts("routes", ManifestReader::route),
            shape.optionalParts("queries", query -> operation(query, "query")),
            shape.optionalParts("actions", action -> operation(action, "action")),
            shape.optionalParts("policies", ManifestReader::policy),
            auth(shape.part("auth")),
            text,
            List.of());
    findings.addAll(ManifestRules.check(draft));
    if (findings.stream().anyMatch(Diagnostic::isError)) {
      return new Reading.Refused(findings);
    }
    return new Reading.Accepted(draft.withWarnings(findings));
  }

  private Entity entity(JsonShape shape) {
    String name = shape.text("name");
    return new Entity(
        name,
        shape.parts("fields", field -> field(field, name)),
        shape.parts("indexes", ManifestReader::index),
        shape.optionalParts("relations", ManifestReader::relation),
        shape.has("search") ? search(shape.part("search")) : null,
        shape.flag("crdt", true));
  }

  private Field field(JsonShape shape, String entity) {
    String name = shape.text("name");
    return new Field(
        name,
        type(shape, "FIELD_TYPE_UNKNOWN", "Field \"%s\" of \"%s\"".formatted(name, entity)),
        shape.flag("optional"),
        shape.flag("unique"),
        crdt(shape));
  }

  private FieldType type(JsonShape shape, String code, String owner) {
    String text = shape.text("type");
    return FieldType.parse(text)
        .orElseGet(() -> {
          findings.add(
              Diagnostic.error(code, owner + " has the unknown type \"" + text + "\"")
                  .hint("one of string, int, float, bool, datetime, richtext, id(<Entity>)"));
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

  private static Index index(JsonShape shape) {
    return new Index(shape.text("name"), shape.texts("fields"), shape.flag("unique"));
  }

  private static Relation relation(JsonShape shape) {
    return new Relation(
        shape.text("name"), shape.text("target"), shape.text("field"), shape.flag("many", false));
  }

  private static Search search(JsonShape shape) {
    return new Search(
        shape.optionalTexts("text"),
        shape.optionalTexts("facets"),
        shape.optionalTexts("sortable"),
        shape.textOrNull("language"));
  }

  private static Route route(JsonShape shape) {
    return new Route(
        shape.text("path"),
        shape.text("mode"),
        shape.textOrNull("query"),
        shape.textOrNull("auth"));
  }

  private Operation operation(JsonShape shape, String kind) {
    String name = shape.text("name");
    String owner = "of " + kind + " \"" + name + "\"";
    return new Operation(name, shape.optionalParts("input", input -> input(input, owner)));
  }

  private Field input(JsonShape shape, String owner) {
    String name = shape.text("name");
    return new Field(
        name,
        type(shape, "INPUT_FIELD_TYPE_UNKNOWN", "Input \"%s\" %s".formatted(name, owner)),
        shape.flag("optional"),
        shape.flag("unique", false),
        crdt(shape));
  }

  private static Policy policy(JsonShape shape) {
    return new Policy(
        shape.text("name"),
        shape.textOrNull("entity"),
        shape.textOrNull("action"),
        shape.text("allow", ""),
        shape.textOrNull("allowRead"),
        shape.textOrNull("allowInsert"),
        shape.textOrNull("allowUpdate"),
        shape.textOrNull("allowDelete"),
        shape.textOrNull("allowWrite"));
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
