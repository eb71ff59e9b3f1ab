package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.json.JsonSource;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Bulk;
import dev.pylon.store.Bulk.Pointing;
import dev.pylon.store.SentRows;
import dev.pylon.store.StoreError;
import dev.pylon.store.Transaction.IfThere;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Rows back in under their ids, as an export wrote them (data contract, 4.2). Admins only.
 *
 * <p>They are read while they come and kept on the disk; when the last one is there, all of them go
 * into one transaction. So whatever ends an import, a broken row or a sender that is gone, nothing
 * of it is there, and it can be sent again.
 */
final class ImportRoutes {
  /** Imports at once; each may keep as much on the disk as its body is long. */
  private static final int IMPORTS_MAX = 4;

  /** One row as JSON: more than the store takes. */
  private static final long ROW_CHARS_MAX = 32L * 1024 * 1024;

  private final DataDoor door;
  private final Semaphore places = new Semaphore(IMPORTS_MAX);

  ImportRoutes(DataDoor door) {
    this.door = door;
  }

  void addTo(Router router) {
    router.onStream("POST", "/api/import", this::restore);
  }

  private Response restore(Request request, List<String> none) {
    Bulk bulk = door.bulk(request);
    IfThere ifThere = ifThere(request);
    Pointing pointing = pointing(request);
    boolean lines = RowFormat.ofBody(request) == RowFormat.LINES;
    if (!places.tryAcquire()) {
      throw new PylonException(HttpError.OVERLOADED, "Other imports are under way; try again");
    }
    try (var rows = new SentRows()) {
      var source = new JsonSource(request.content(), ROW_CHARS_MAX);
      try {
        if (lines) {
          readLines(source, request.parameter("entity").orElse(null), rows);
        } else {
          readDump(source, rows);
        }
      } catch (JsonException e) {
        throw new PylonException(HttpError.INVALID_JSON, "Invalid request body", e)
            .with("hint", String.valueOf(e.getMessage()))
            .with("line", source.lineReached());
      }
      return Response.json(200, bulk.restore(rows, ifThere, pointing));
    } finally {
      places.release();
    }
  }

  private static IfThere ifThere(Request request) {
    String mode = request.parameter("mode").orElse("insert");
    return switch (mode) {
      case "insert" -> IfThere.REFUSE;
      case "upsert" -> IfThere.CHANGE;
      default ->
          throw new PylonException(
              DataError.INVALID_QUERY,
              "\"mode\" is \"insert\" or \"upsert\", not \"%s\"".formatted(mode));
    };
  }

  private static Pointing pointing(Request request) {
    String references = request.parameter("references").orElse("checked");
    return switch (references) {
      case "checked" -> Pointing.CHECKED;
      case "any" -> Pointing.ANYWHERE;
      default ->
          throw new PylonException(
              DataError.INVALID_QUERY,
              "\"references\" is \"checked\" or \"any\", not \"%s\"".formatted(references));
    };
  }

  // ---- {"entities": {"Todo": [{…}, …], …}, …} ----

  private static void readDump(JsonSource source, SentRows rows) {
    if (!source.next()) {
      throw new JsonException("expected a JSON value, found nothing");
    }
    boolean found = false;
    if (source.isObject()) {
      for (String name = source.nextName(); name != null; name = source.nextName()) {
        if (name.equals("entities") && source.isObject()) {
          found = true;
          readEntities(source, rows);
        } else {
          source.skip();
        }
      }
    } else {
      source.skip();
    }
    if (source.next()) {
      throw new JsonException("text after the end of the JSON value");
    }
    if (!found) {
      throw new PylonException(
              DataError.MISSING_FIELD, "\"entities\" must be an object of arrays of rows")
          .with("field", "entities");
    }
  }

  private static void readEntities(JsonSource source, SentRows rows) {
    for (String entity = source.nextName(); entity != null; entity = source.nextName()) {
      if (SentRows.isInternal(entity)) {
        source.skip();
      } else if (source.isArray()) {
        rows.expect(entity);
        while (source.next()) {
          add(rows, entity, source);
        }
      } else {
        throw new PylonException(
                StoreError.INVALID_DATA, "\"%s\" takes an array of rows".formatted(entity))
            .with("entity", entity)
            .with("line", source.line());
      }
    }
  }

  private static void add(SentRows rows, String entity, JsonSource source) {
    long line = source.line();
    if (!(source.value() instanceof Map<?, ?> row)) {
      throw new PylonException(StoreError.INVALID_DATA, "A row is an object")
          .with("entity", entity)
          .with("index", rows.count(entity))
          .with("line", line);
    }
    rows.add(entity, line, Json.asObject(row));
  }

  // ---- {"entity": "Todo", "row": {…}} on each line ----

  /**
   * @param only where all rows are of one entity, and lines are rows
   */
  private static void readLines(JsonSource source, @Nullable String only, SentRows rows) {
    while (source.next()) {
      if (only != null) {
        add(rows, only, source);
        continue;
      }
      long line = source.line();
      if (!(source.value() instanceof Map<?, ?> said
          && said.get("entity") instanceof String entity
          && said.get("row") instanceof Map<?, ?> row)) {
        throw new PylonException(
                StoreError.INVALID_DATA,
                "A line is {\"entity\": \"…\", \"row\": {…}}, or with ?entity=… a row")
            .with("line", line);
      }
      rows.add(entity, line, Json.asObject(row));
    }
  }
}
