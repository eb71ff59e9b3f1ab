package dev.pylon.server.openapi;

import static dev.pylon.json.Json.object;

import dev.pylon.functions.FunctionInfo;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes what an application answers over HTTP, in the words of OpenAPI 3.0.3: the fixed
 * endpoints, and those that its entities, actions and functions bring along.
 */
public final class ApiDocument {
  private final Map<String, Map<String, @Nullable Object>> paths = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> schemas = new LinkedHashMap<>();
  private final Set<String> operationIds = new HashSet<>();
  private final Manifest manifest;

  private ApiDocument(Manifest manifest) {
    this.manifest = manifest;
  }

  /** The document as a JSON object. Functions that outsiders cannot call are left out. */
  public static Map<String, @Nullable Object> of(Manifest manifest, List<FunctionInfo> functions) {
    return new ApiDocument(manifest).document(functions);
  }

  private Map<String, @Nullable Object> document(List<FunctionInfo> functions) {
    schemas.put("Error", errorSchema());
    system();
    manifest.entities().forEach(this::entity);
    questions();
    writes();
    manifest.actions().forEach(this::action);
    functions.forEach(this::function);
    return object(
        "openapi", "3.0.3",
        "info",
            object(
                "title", manifest.name(),
                "version", manifest.version(),
                "description", "What %s answers over HTTP".formatted(manifest.name())),
        "servers", List.of(object("url", "")),
        "paths", paths,
        "components",
            object(
                "schemas",
                schemas,
                "securitySchemes",
                object("BearerAuth", object("type", "http", "scheme", "bearer"))));
  }

  // ---- what every application has ----

  private void system() {
    var any = object("type", "object");
    get("/health", "system", "healthCheck", "Whether the server serves").answers(200, any);
    get(
            "/api/manifest",
            "system",
            "getManifest",
            "The manifest; to others than admins without rules")
        .takes(query("full", object("type", "string", "enum", List.of("1", "true"))))
        .answers(200, any);
    get("/api/openapi.json", "system", "getOpenApiSpec", "This document").answers(200, any);
  }

  private void questions() {
    post("/api/query", "query", "graphQuery", "Rows of several entities with what they point at")
        .body(object("type", "object"))
        .answers(200, object("type", "object"));
    get("/api/lookup/{entity}/{field}/{value}", "query", "lookup", "The row with this value")
        .takes(path("entity"), path("field"), path("value"))
        .answers(200, object("type", "object"));
  }

  private void writes() {
    var text = object("type", "string");
    var operation =
        object(
            "type", "object",
            "required", List.of("op", "entity"),
            "properties",
                object(
                    "op",
                    object("type", "string", "enum", List.of("insert", "update", "delete")),
                    "entity",
                    text,
                    "id",
                    text,
                    "data",
                    object("type", "object")));
    var result = object("type", "object");
    post("/api/link", "batch", "link", "Points a relation at a row")
        .body(record("entity", text, "id", text, "relation", text, "target_id", text))
        .answers(200, record("linked", object("type", "boolean")));
    post("/api/unlink", "batch", "unlink", "Clears a relation")
        .body(record("entity", text, "id", text, "relation", text))
        .answers(200, record("unlinked", object("type", "boolean")));
    post("/api/batch", "batch", "batchOperations", "Writes, each for itself")
        .body(record("operations", arrayOf(operation)))
        .answers(200, result)
        .forAdmins();
    post("/api/transact", "batch", "atomicTransaction", "Writes, all or none")
        .body(arrayOf(operation))
        .answers(200, result)
        .forAdmins();
    var hidden = query("hidden", object("type", "string", "enum", List.of("1")));
    var format = query("format", object("type", "string", "enum", List.of("json", "ndjson")));
    get("/api/export", "admin", "exportAll", "Every row")
        .takes(hidden, format)
        .answers(200, result)
        .forAdmins();
    get("/api/export/{entity}", "admin", "exportEntity", "Every row of an entity")
        .takes(path("entity"), hidden, format)
        .answers(200, result)
        .forAdmins();
    var mode = query("mode", object("type", "string", "enum", List.of("insert", "upsert")));
    var references =
        query("references", object("type", "string", "enum", List.of("checked", "any")));
    post("/api/import", "admin", "importAll", "Takes back what an export gave, ids included")
        .takes(mode, references, format, query("entity", object("type", "string")))
        .body(record("entities", object("type", "object")))
        .answers(200, result)
        .forAdmins();
    post("/api/admin/policy/explain", "admin", "explainPolicy", "Why somebody may or may not")
        .answers(200, result)
        .forAdmins();
    post("/api/admin/users/{id}/export", "admin", "exportUser", "Every row about a person")
        .takes(path("id"))
        .answers(200, result)
        .forAdmins();
    operation("delete", "/api/admin/users/{id}/purge", "admin", "purgeUser", "Forgets a person")
        .takes(path("id"))
        .answers(200, result)
        .forAdmins();
  }

  // ---- what this one has ----

  private void entity(Entity entity) {
    String name = entity.name();
    String schema = free(name.replaceAll("[^A-Za-z0-9._-]", "_"), schemas.keySet());
    schemas.put(schema, entitySchema(entity));
    var row = object("$ref", "#/components/schemas/" + schema);
    var rows = arrayOf(row);
    var count = object("type", "integer", "minimum", 0);
    var nullableCount = object("type", "integer", "nullable", true);
    String path = "/api/entities/" + encoded(name);

    get(path, name, "list" + name, "Rows of " + name)
        .takes(
            query("limit", count),
            query("offset", count),
            query("format", object("type", "string", "enum", List.of("array"))))
        .answers(
            200, record("data", rows, "count", count, "limit", nullableCount, "offset", count));
    post(path, name, "create" + name, "Adds a row")
        .body(rowSchema(entity, true))
        .answers(201, record("id", object("type", "string")));
    get(path + "/cursor", name, "list" + name + "ByCursor", "Rows page by page")
        .takes(
            query("after", object("type", "string")),
            query("limit", object("type", "integer", "default", 20, "maximum", 100)))
        .answers(
            200,
            record(
                "data", rows,
                "has_more", object("type", "boolean"),
                "next_cursor", object("type", "string", "nullable", true)));
    get(path + "/{id}", name, "get" + name + "ById", "One row").takes(path("id")).answers(200, row);
    operation("patch", path + "/{id}", name, "update" + name, "Changes a row")
        .takes(path("id"))
        .body(rowSchema(entity, false))
        .answers(200, record("updated", object("type", "boolean")));
    operation("delete", path + "/{id}", name, "delete" + name, "Removes a row")
        .takes(path("id"))
        .answers(200, record("deleted", object("type", "boolean")));
    post("/api/query/" + encoded(name), name, "query" + name, "The rows that a filter finds")
        .body(object("type", "object"))
        .answers(200, rows);
    post("/api/aggregate/" + encoded(name), name, "aggregate" + name, "Counts and totals")
        .body(object("type", "object"))
        .answers(200, record("rows", arrayOf(object("type", "object"))));
    if (entity.search() != null) {
      post("/api/search/" + encoded(name), name, "search" + name, "Rows by their text")
          .body(object("type", "object"))
          .answers(
              200,
              record(
                  "hits", rows,
                  "facetCounts", object("type", "object"),
                  "total", count,
                  "tookMs", count));
    }
  }

  private void action(Operation action) {
    String name = action.name();
    String schema =
        free(capitalised(name).replaceAll("[^A-Za-z0-9._-]", "_") + "Input", schemas.keySet());
    schemas.put(schema, fields(action.input(), true, List.of()));
    post("/api/actions/" + encoded(name), "actions", "execute" + capitalised(name), "An action")
        .body(object("$ref", "#/components/schemas/" + schema))
        .answers(200, object("type", "object"));
  }

  private void function(FunctionInfo function) {
    if (function instanceof FunctionInfo.Callable callable && !callable.internal()) {
      String summary = callable.description();
      post(
              "/api/fn/" + encoded(callable.name()),
              "functions",
              "call" + capitalised(callable.name()),
              summary == null ? "A " + callable.kind() : summary)
          .body(ValidatorSchema.ofArguments(callable.argsSchema()))
          .answers(200, object());
    }
  }

  // ---- schemas ----

  private static Map<String, @Nullable Object> errorSchema() {
    var text = object("type", "string");
    return record(
        "error",
        object(
            "type", "object",
            "required", List.of("code", "message"),
            "properties", object("code", text, "message", text, "hint", text)));
  }

  private static Map<String, @Nullable Object> entitySchema(Entity entity) {
    return fields(entity.fields(), true, List.of("id"));
  }

  /** What a client sends of a row. */
  private static Map<String, @Nullable Object> rowSchema(Entity entity, boolean whole) {
    return fields(entity.fields(), whole, List.of());
  }

  private static Map<String, @Nullable Object> fields(
      List<Field> fields, boolean whole, List<String> texts) {
    var properties = new LinkedHashMap<String, @Nullable Object>();
    texts.forEach(name -> properties.put(name, object("type", "string")));
    var required = new ArrayList<>(texts);
    for (Field field : fields) {
      Map<String, @Nullable Object> type = type(field);
      if (field.optional()) {
        type.put("nullable", true);
      } else if (whole) {
        required.add(field.name());
      }
      properties.put(field.name(), type);
    }
    Map<String, @Nullable Object> schema = object("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private static Map<String, @Nullable Object> type(Field field) {
    return switch (field.type().kind()) {
      case STRING, RICHTEXT, ID -> object("type", "string");
      case INT -> object("type", "integer", "format", "int64");
      case FLOAT -> object("type", "number");
      case BOOL -> object("type", "boolean");
      case DATETIME -> object("type", "string", "format", "date-time");
    };
  }

  /** An object with these members, all of them there. */
  private static Map<String, @Nullable Object> record(@Nullable Object... namesAndSchemas) {
    Map<String, @Nullable Object> properties = object(namesAndSchemas);
    return object(
        "type", "object", "required", List.copyOf(properties.keySet()), "properties", properties);
  }

  private static Map<String, @Nullable Object> arrayOf(Map<String, @Nullable Object> items) {
    return object("type", "array", "items", items);
  }

  // ---- operations ----

  private static Map<String, @Nullable Object> path(String name) {
    return object("name", name, "in", "path", "required", true, "schema", object("type", "string"));
  }

  private static Map<String, @Nullable Object> query(
      String name, Map<String, @Nullable Object> schema) {
    return object("name", name, "in", "query", "schema", schema);
  }

  private Described get(String path, String tag, String id, String summary) {
    return operation("get", path, tag, id, summary);
  }

  private Described post(String path, String tag, String id, String summary) {
    return operation("post", path, tag, id, summary);
  }

  private Described operation(String method, String path, String tag, String id, String summary) {
    Map<String, @Nullable Object> json =
        object("operationId", free(id, operationIds), "summary", summary, "tags", List.of(tag));
    operationIds.add((String) json.get("operationId"));
    paths.computeIfAbsent(path, _ -> new LinkedHashMap<>()).put(method, json);
    return new Described(json);
  }

  /** {@code wanted}, or with a number behind it where it is taken. */
  private static String free(String wanted, Set<String> taken) {
    String name = wanted;
    for (int i = 2; taken.contains(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  private static String capitalised(String name) {
    return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /** As a segment of a path. */
  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** An operation that is being described. */
  private record Described(Map<String, @Nullable Object> json) {
    @SafeVarargs
    @SuppressWarnings("varargs") // copied into a list, which is read only
    final Described takes(Map<String, @Nullable Object>... parameters) {
      json.put("parameters", List.of(parameters));
      return this;
    }

    Described body(Map<String, @Nullable Object> schema) {
      json.put("requestBody", object("required", true, "content", content(schema)));
      return this;
    }

    /** The last but for {@link #forAdmins}: anything else is an error. */
    Described answers(int status, Map<String, @Nullable Object> schema) {
      var error = object("$ref", "#/components/schemas/Error");
      json.put(
          "responses",
          object(
              String.valueOf(status),
              object("description", "Done", "content", content(schema)),
              "default",
              object("description", "Refused", "content", content(error))));
      return this;
    }

    void forAdmins() {
      json.put("security", List.of(object("BearerAuth", List.of())));
    }

    private static Map<String, @Nullable Object> content(Map<String, @Nullable Object> schema) {
      return object("application/json", object("schema", schema));
    }
  }
}
