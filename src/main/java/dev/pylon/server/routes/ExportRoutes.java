package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.server.Router;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.JsonStream;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Rows;
import dev.pylon.store.StoreError;
import dev.pylon.store.Transaction;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rows out, and back in under their ids (data contract, 4.2). Admins only. */
final class ExportRoutes {
  private static final String REFUSAL = "Admin access required for data export";

  /** A key that exports of other servers hold beside the entities. */
  private static final String INTERNAL = "__internal__";

  /** Rows that were refused, of which an answer tells why. */
  private static final int ERRORS_TOLD_MAX = 100;

  private final DataDoor door;
  private final InstantSource clock;

  ExportRoutes(DataDoor door, InstantSource clock) {
    this.door = door;
    this.clock = clock;
  }

  void addTo(Router router) {
    router.on("GET", "/api/export", this::exportAll);
    router.on("GET", "/api/export/{entity}", this::exportOne);
    router.on("POST", "/api/import", this::restore);
  }

  // ---- out ----

  private Response exportAll(Request request, List<String> none) {
    Rows rows = door.allRows(request, REFUSAL);
    return export(rows, rows.manifest().entities().stream().map(Entity::name).toList());
  }

  private Response exportOne(Request request, List<String> path) {
    return export(door.allRows(request, REFUSAL), path);
  }

  /** However many rows there are, only some are held at a time. */
  private Response export(Rows rows, List<String> entities) {
    // What is wrong from the beginning is an error, and not half an answer.
    rows.query(entities.getFirst(), Map.of("$limit", 1L));
    return JsonStream.streaming(
        200,
        out -> {
          out.text("{\"entities\":");
          Map<String, Long> counts = writeAll(out, rows, entities);
          out.text(",\"counts\":").value(counts);
          out.text(",\"exported_at\":").value(now(clock)).text("}");
        });
  }

  private static Map<String, Long> writeAll(JsonStream out, Rows rows, List<String> entities) {
    var counts = new LinkedHashMap<String, Long>();
    out.text("{");
    for (String entity : entities) {
      out.text(counts.isEmpty() ? "" : ",").value(entity).text(":");
      counts.put(entity, writeArray(out, rows, entity, Map.of()));
    }
    out.text("}");
    return counts;
  }

  /** Writes the rows that {@code filter} finds and returns how many they are. */
  static long writeArray(
      JsonStream out, Rows rows, String entity, Map<String, @Nullable Object> filter) {
    long[] count = new long[1];
    out.text("[");
    rows.each(entity, filter, row -> out.text(count[0]++ == 0 ? "" : ",").value(row));
    out.text("]");
    return count[0];
  }

  static String now(InstantSource clock) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  // ---- in ----

  /** Takes what {@link #exportAll} gave: what is refused is counted, the rest is there at once. */
  private Response restore(Request request, List<String> none) {
    Rows rows = door.allRows(request);
    if (!(JsonBody.of(request) instanceof Map<?, ?> body
        && body.get("entities") instanceof Map<?, ?> entities)) {
      throw missing("\"entities\" must be an object of arrays of rows");
    }
    Map<String, @Nullable Object> byEntity = Json.asObject(entities);
    byEntity.remove(INTERNAL);
    byEntity.forEach((entity, list) -> {
      if (!(list instanceof List<?>)) {
        throw missing("\"entities\".\"%s\" must be an array of rows".formatted(entity));
      }
    });
    var report = new Report();
    DataDoor.write(
        rows,
        tx -> {
          byEntity.forEach((entity, list) -> restore(tx, entity, (List<?>) list, report));
          return true;
        });
    return Response.json(200, report.json());
  }

  private static PylonException missing(String message) {
    return new PylonException(DataError.MISSING_FIELD, message).with("field", "entities");
  }

  private static void restore(Transaction tx, String entity, List<?> list, Report report) {
    report.begin();
    for (int i = 0; i < list.size(); i++) {
      try {
        restore(tx, entity, list.get(i));
        report.inserted();
      } catch (PylonException e) {
        if (e.code().status() >= 500) {
          throw e;
        }
        report.failed(entity, i, e);
      }
    }
    report.end(entity);
  }

  private static void restore(Transaction tx, String entity, @Nullable Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      throw new PylonException(StoreError.INVALID_DATA, "A row must be a JSON object");
    }
    Map<String, @Nullable Object> row = Json.asObject(map);
    switch (row.get("id")) {
      case null -> tx.insert(entity, row);
      case String id when !id.isEmpty() -> tx.restore(entity, id, row);
      default ->
          throw new PylonException(StoreError.INVALID_DATA, "\"id\" must be a string")
              .with("field", "id");
    }
  }

  /** What became of an import. */
  private static final class Report {
    private final List<Map<String, @Nullable Object>> byEntity = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> errors = new ArrayList<>();
    private long imported;
    private long refused;
    private long importedBefore;
    private long refusedBefore;

    void begin() {
      importedBefore = imported;
      refusedBefore = refused;
    }

    void inserted() {
      imported++;
    }

    void failed(String entity, int index, PylonException e) {
      refused++;
      if (errors.size() < ERRORS_TOLD_MAX) {
        errors.add(
            Json.object(
                "entity", entity, "index", index, "code", e.code().name(), "message", e.message()));
      }
    }

    void end(String entity) {
      byEntity.add(
          Json.object(
              "entity", entity,
              "inserted", imported - importedBefore,
              "failed", refused - refusedBefore));
    }

    Map<String, @Nullable Object> json() {
      Map<String, @Nullable Object> json =
          Json.object("imported", imported, "failed", refused, "by_entity", byEntity);
      if (!errors.isEmpty()) {
        json.put("errors", errors);
      }
      return json;
    }
  }
}
