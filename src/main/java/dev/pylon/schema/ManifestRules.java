package dev.pylon.schema;

import static dev.pylon.schema.Diagnostic.error;
import static dev.pylon.schema.Diagnostic.warning;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules a manifest keeps (data contract, 1.4). What could break data or hide a mistake is an
 * error; what a project may depend on already is a warning. An object serves one check.
 */
final class ManifestRules {
  /** Of an index as the manifest calls it; what a database calls it is cut by us. */
  private static final int INDEX_NAME_BYTES_MAX = 200;

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> ROUTE_AUTH = Set.of("public", "user");
  private static final Set<String> ROUTE_MODES = Set.of("static", "server", "live");

  private final Manifest manifest;
  private final ManifestPlaces places;
  private final Set<String> entities = new HashSet<>();
  private final List<Diagnostic> findings = new ArrayList<>();

  /** The part that is being looked at: where a finding is. */
  private Object part;

  private ManifestRules(Manifest manifest, ManifestPlaces places) {
    this.manifest = manifest;
    this.places = places;
    this.part = manifest;
    manifest.entities().forEach(entity -> entities.add(entity.name()));
  }

  static List<Diagnostic> check(Manifest manifest, ManifestPlaces places) {
    var rules = new ManifestRules(manifest, places);
    rules.checkEntities();
    rules.checkOperations(manifest.queries(), "QUERY", "query");
    rules.checkOperations(manifest.actions(), "ACTION", "action");
    rules.checkPolicies();
    rules.checkRoutes();
    return rules.findings;
  }

  private void refuseIf(boolean wrong, String code, String message, @Nullable Object... parts) {
    if (wrong) {
      findings.add(error(code, message.formatted(parts)).at(places.of(part)));
    }
  }

  private void warnIf(boolean odd, String code, String message, @Nullable Object... parts) {
    if (odd) {
      findings.add(warning(code, message.formatted(parts)).at(places.of(part)));
    }
  }

  private void checkEntities() {
    refuseIf(manifest.entities().isEmpty(), "SCHEMA_EMPTY", "The manifest has no entities");
    refuseTwins(manifest.entities(), Entity::name, "ENTITY_DUPLICATE", "Two entities are called");
    for (Entity entity : manifest.entities()) {
      part = entity;
      refuseIf(entity.name().isEmpty(), "ENTITY_NAME_EMPTY", "An entity has no name");
      checkIdentifier("Entity", entity.name(), Index.NAME_BYTES_MAX);
      String lower = entity.name().toLowerCase(Locale.ROOT);
      refuseIf(
          lower.startsWith("_pylon_")
              || lower.startsWith("_fts_")
              || lower.startsWith("sqlite_")
              || lower.equals("_facet_bitmap"),
          "ENTITY_NAME_RESERVED",
          "Entity \"%s\" has a name that is kept for the database's own tables",
          entity.name());
      checkFields(entity);
      checkIndexes(entity);
      checkRelations(entity);
      checkSearch(entity);
    }
    checkIndexNames();
  }

  private void checkIdentifier(String what, String name, int bytesMax) {
    warnIf(
        !name.isEmpty() && !IDENTIFIER.matcher(name).matches(),
        "NAME_UNUSUAL",
        "%s \"%s\" is not made of letters, digits and _; it cannot be used in policies or typed"
            + " clients",
        what,
        name);
    refuseIf(
        name.chars().anyMatch(c -> c < ' ')
            || name.getBytes(StandardCharsets.UTF_8).length > bytesMax,
        "NAME_INVALID",
        "%s \"%s\" has control characters or more than %d bytes",
        what,
        name,
        bytesMax);
  }

  private <T> void refuseTwice(
      List<T> things, Function<T, String> name, String code, String sentence) {
    var seen = new HashSet<String>();
    for (T thing : things) {
      part = thing;
      refuseIf(!seen.add(name.apply(thing)), code, "%s \"%s\"", sentence, name.apply(thing));
    }
  }

  /** Names that differ in case only are one name to a database. */
  private <T> void refuseTwins(
      List<T> things, Function<T, String> name, String code, String sentence) {
    refuseTwice(things, name, code, sentence);
    var seen = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (T thing : things) {
      part = thing;
      String own = name.apply(thing);
      String other = seen.putIfAbsent(own, own);
      refuseIf(
          other != null && !other.equals(own),
          code,
          "%s \"%s\" and \"%s\", which a database cannot tell apart",
          sentence,
          other,
          own);
    }
  }

  private void checkFields(Entity entity) {
    refuseTwins(
        entity.fields(),
        Field::name,
        "FIELD_DUPLICATE",
        "Two fields of \"%s\" are called".formatted(entity.name()));
    for (Field field : entity.fields()) {
      part = field;
      String name = field.name();
      refuseIf(name.isEmpty(), "FIELD_NAME_EMPTY", "A field of \"%s\" has no name", entity.name());
      checkIdentifier("Field", name, Index.NAME_BYTES_MAX);
      refuseIf(
          name.equalsIgnoreCase("id"),
          "FIELD_NAME_RESERVED",
          "\"%s\" declares the field \"%s\"; every row has an id by itself",
          entity.name(),
          name);
      refuseIf(
          name.startsWith("$"),
          "FIELD_NAME_RESERVED",
          "\"%s\" declares the field \"%s\"; names with $ are kept for filters",
          entity.name(),
          name);
      checkTarget(field, "Field \"%s\" of \"%s\"".formatted(name, entity.name()));
      checkCrdt(entity, field);
    }
  }

  private void checkTarget(Field field, String owner) {
    String target = field.type().target();
    refuseIf(
        target != null && !entities.contains(target),
        "FIELD_ID_TARGET_NOT_FOUND",
        "%s points at \"%s\", which is no entity",
        owner,
        target);
  }

  private void checkCrdt(Entity entity, Field field) {
    CrdtKind kind = field.crdt();
    if (kind == null) {
      return;
    }
    boolean fits =
        switch (kind) {
          case LWW -> field.type().kind() != FieldType.Kind.RICHTEXT;
          case TEXT -> field.type().isText();
          case COUNTER, LIST, MOVABLE_LIST, TREE -> false;
        };
    refuseIf(
        !fits,
        "FIELD_CRDT_UNSUPPORTED",
        "Field \"%s\" of \"%s\" cannot merge as \"%s\" with the type \"%s\"",
        field.name(),
        entity.name(),
        kind.text(),
        field.type().text());
  }

  private void checkIndexes(Entity entity) {
    refuseTwins(
        entity.indexes(),
        Index::name,
        "INDEX_NAME_DUPLICATE",
        "Two indexes of \"%s\" are called".formatted(entity.name()));
    for (Index index : entity.indexes()) {
      part = index;
      refuseIf(
          index.name().isEmpty(),
          "INDEX_NAME_EMPTY",
          "An index of \"%s\" has no name",
          entity.name());
      checkIdentifier("Index", index.name(), INDEX_NAME_BYTES_MAX);
      refuseIf(
          index.fields().isEmpty(),
          "INDEX_FIELDS_EMPTY",
          "Index \"%s\" of \"%s\" has no fields",
          index.name(),
          entity.name());
      for (String field : index.fields()) {
        refuseIf(
            !hasColumn(entity, field),
            "INDEX_FIELD_NOT_FOUND",
            "Index \"%s\" of \"%s\" names the unknown field \"%s\"",
            index.name(),
            entity.name(),
            field);
      }
    }
  }

  private static boolean hasColumn(Entity entity, String name) {
    return name.equals("id") || entity.field(name).isPresent();
  }

  /**
   * {@code A} with an index {@code b_c} and {@code A_b} with an index {@code c} would share a name.
   */
  private void checkIndexNames() {
    var owners = new TreeMap<String, Entity>(String.CASE_INSENSITIVE_ORDER);
    for (Entity entity : manifest.entities()) {
      for (Index index : entity.indexes()) {
        part = index;
        part = index;
        Entity other = owners.putIfAbsent(Index.stored(entity.name(), index.name()), entity);
        refuseIf(
            other != null && !other.name().equals(entity.name()),
            "INDEX_NAME_COLLISION",
            "Indexes of \"%s\" and \"%s\" would both be called \"%s_%s\"",
            other == null ? "" : other.name(),
            entity.name(),
            entity.name(),
            index.name());
      }
    }
    for (Entity entity : manifest.entities()) {
      part = entity;
      refuseIf(
          owners.containsKey(entity.name()),
          "INDEX_NAME_COLLISION",
          "An index would be called \"%s\" like the entity",
          entity.name());
    }
  }

  private void checkRelations(Entity entity) {
    for (Relation relation : entity.relations()) {
      part = relation;
      var target = manifest.entity(relation.target());
      warnIf(
          target.isEmpty(),
          "RELATION_TARGET_NOT_FOUND",
          "Relation \"%s\" of \"%s\" points at \"%s\", which is no entity",
          relation.name(),
          entity.name(),
          relation.target());
      boolean found =
          hasColumn(entity, relation.field())
              || (relation.many()
                  && target.isPresent()
                  && hasColumn(target.get(), relation.field()));
      warnIf(
          !found,
          "RELATION_FIELD_NOT_FOUND",
          "Relation \"%s\" of \"%s\" goes by the unknown field \"%s\"",
          relation.name(),
          entity.name(),
          relation.field());
    }
  }

  private void checkSearch(Entity entity) {
    Search search = entity.search();
    if (search == null) {
      return;
    }
    part = search;
    var names = new ArrayList<>(search.text());
    names.addAll(search.facets());
    names.addAll(search.sortable());
    for (String name : names) {
      warnIf(
          !hasColumn(entity, name),
          "SEARCH_FIELD_NOT_FOUND",
          "Search of \"%s\" names the unknown field \"%s\"",
          entity.name(),
          name);
    }
  }

  private void checkOperations(List<Operation> operations, String code, String kind) {
    refuseTwice(
        operations, Operation::name, code + "_DUPLICATE", "Two of kind " + kind + " are called");
    for (Operation operation : operations) {
      part = operation;
      refuseIf(operation.name().isEmpty(), code + "_NAME_EMPTY", "A %s has no name", kind);
      refuseTwice(
          operation.input(),
          Field::name,
          "INPUT_FIELD_DUPLICATE",
          "Two inputs of %s \"%s\" are called".formatted(kind, operation.name()));
      for (Field input : operation.input()) {
        part = input;
        refuseIf(
            input.name().isEmpty(),
            "INPUT_FIELD_NAME_EMPTY",
            "An input of %s \"%s\" has no name",
            kind,
            operation.name());
        checkTarget(
            input, "Input \"%s\" of %s \"%s\"".formatted(input.name(), kind, operation.name()));
      }
    }
  }

  private void checkPolicies() {
    refuseTwice(manifest.policies(), Policy::name, "POLICY_DUPLICATE", "Two policies are called");
    for (Policy policy : manifest.policies()) {
      part = policy;
      String name = policy.name();
      refuseIf(name.isEmpty(), "POLICY_NAME_EMPTY", "A policy has no name");
      refuseIf(!policy.hasRule(), "POLICY_ALLOW_EMPTY", "Policy \"%s\" has no expression", name);
      refuseIf(
          policy.entity() == null && policy.action() == null,
          "POLICY_NO_TARGET",
          "Policy \"%s\" names neither an entity nor an action",
          name);
      refuseIf(
          policy.entity() != null && !entities.contains(policy.entity()),
          "POLICY_ENTITY_NOT_FOUND",
          "Policy \"%s\" is for \"%s\", which is no entity",
          name,
          policy.entity());
      refuseIf(
          policy.action() != null && !has(manifest.actions(), policy.action()),
          "POLICY_ACTION_NOT_FOUND",
          "Policy \"%s\" is for \"%s\", which is no action",
          name,
          policy.action());
    }
  }

  private static boolean has(List<Operation> operations, String name) {
    return operations.stream().anyMatch(operation -> operation.name().equals(name));
  }

  private void checkRoutes() {
    var paths = new HashSet<String>();
    for (Route route : manifest.routes()) {
      part = route;
      String path = route.path();
      refuseIf(path.isEmpty(), "ROUTE_PATH_EMPTY", "A route has no path");
      refuseIf(
          !path.isEmpty() && !path.startsWith("/"),
          "ROUTE_PATH_NO_SLASH",
          "Route \"%s\" does not begin with /",
          path);
      refuseIf(!paths.add(path), "ROUTE_PATH_DUPLICATE", "Two routes have the path \"%s\"", path);
      refuseIf(
          route.auth() != null && !ROUTE_AUTH.contains(route.auth()),
          "ROUTE_AUTH_INVALID",
          "Route \"%s\" has the auth \"%s\"; public or user would be right",
          path,
          route.auth());
      warnIf(
          !ROUTE_MODES.contains(route.mode()),
          "ROUTE_MODE_UNKNOWN",
          "Route \"%s\" has the mode \"%s\"; static, server or live would be right",
          path,
          route.mode());
      checkRouteQuery(route);
    }
  }

  private void checkRouteQuery(Route route) {
    if (route.query() == null) {
      return;
    }
    var query =
        manifest.queries().stream().filter(one -> one.name().equals(route.query())).findFirst();
    refuseIf(
        query.isEmpty(),
        "ROUTE_QUERY_NOT_FOUND",
        "Route \"%s\" shows the unknown query \"%s\"",
        route.path(),
        route.query());
    if (query.isEmpty()) {
      return;
    }
    for (String segment : route.path().split("/")) {
      refuseIf(
          segment.startsWith(":")
              && query.get().input().stream()
                  .noneMatch(input -> input.name().equals(segment.substring(1))),
          "ROUTE_PARAM_NOT_IN_QUERY",
          "Route \"%s\" has the parameter \"%s\", which is no input of query \"%s\"",
          route.path(),
          segment,
          route.query());
    }
  }
}
