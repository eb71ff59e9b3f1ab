package dev.pylon.functions.protocol;

import dev.pylon.json.Json;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import dev.pylon.store.StoreError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the members of a {@code db} frame as an operation (functions contract, 3.1). */
final class DbOpReader {
  private static final int PAGE_ROWS_DEFAULT = 20;
  private static final int PAGE_ROWS_MAX = 1_000;

  private DbOpReader() {}

  /**
   * The operation, or nothing where its name is unknown.
   *
   * @throws PylonException where a member has a form without meaning
   */
  static Optional<DbOp> read(Fields fields) {
    return Optional.ofNullable(
        switch (fields.text("op")) {
          case "get" -> new DbOp.Get(entity(fields), fields.text("id"));
          case "list" -> new DbOp.All(entity(fields));
          case "paginate" -> new DbOp.Paginate(entity(fields), after(fields), limit(fields));
          case "lookup" ->
              new DbOp.Lookup(entity(fields), fields.text("field"), fields.value("value"));
          case "query" -> new DbOp.Query(entity(fields), object(fields.value("data")));
          case "query_graph" ->
              new DbOp.Graph(
                  required(fields.value("data"), FunctionError.INVALID_QUERY, "Graph query"));
          case "search" -> new DbOp.Search(entity(fields), object(fields.value("data")));
          case "insert" -> new DbOp.Insert(entity(fields), inserted(fields.value("data")));
          case "insert_many" -> new DbOp.InsertMany(entity(fields), rows(fields.value("data")));
          case "update" ->
              new DbOp.Update(
                  entity(fields),
                  fields.text("id"),
                  required(fields.value("data"), StoreError.INVALID_DATA, "Update data"));
          case "delete" -> new DbOp.Delete(entity(fields), fields.text("id"));
          case "link" ->
              new DbOp.Link(
                  entity(fields),
                  fields.text("id"),
                  fields.text("relation"),
                  fields.text("target_id"));
          case "unlink" ->
              new DbOp.Unlink(entity(fields), fields.text("id"), fields.text("relation"));
          default -> null;
        });
  }

  private static String entity(Fields fields) {
    if (fields.get("entity") instanceof String name) {
      return name;
    }
    throw new PylonException(
        FunctionError.INVALID_ARGS, "the first argument must be the name of an entity");
  }

  private static @Nullable String after(Fields fields) {
    String after = fields.text("after");
    return after.isEmpty() ? null : after;
  }

  private static int limit(Fields fields) {
    return Math.clamp(fields.number("limit").orElse((long) PAGE_ROWS_DEFAULT), 1, PAGE_ROWS_MAX);
  }

  /** A filter that is no object filters nothing (data contract, 3.3). */
  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
  }

  private static Map<String, @Nullable Object> inserted(@Nullable Object value) {
    return required(value, StoreError.INVALID_DATA, "Insert data");
  }

  private static Map<String, @Nullable Object> required(
      @Nullable Object value, ErrorCode otherwise, String what) {
    if (value instanceof Map<?, ?> map) {
      return Json.asObject(map);
    }
    if (value == null) {
      return Map.of();
    }
    throw new PylonException(otherwise, what + " must be a JSON object");
  }

  private static List<Map<String, @Nullable Object>> rows(@Nullable Object value) {
    if (!(value instanceof List<?> items)) {
      throw new PylonException(
          StoreError.INVALID_DATA, "insertMany data must be an array of objects");
    }
    var rows = new ArrayList<Map<String, @Nullable Object>>(items.size());
    for (Object item : items) {
      rows.add(inserted(item));
    }
    return rows;
  }
}
