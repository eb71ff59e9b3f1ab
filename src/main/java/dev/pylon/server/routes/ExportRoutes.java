package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.schema.Entity;
import dev.pylon.server.Router;
import dev.pylon.server.http.JsonStream;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Rows;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rows out (data contract, 4.2). Admins only. */
final class ExportRoutes {
  private static final String REFUSAL = "Admin access required for data export";

  private final DataDoor door;
  private final InstantSource clock;

  ExportRoutes(DataDoor door, InstantSource clock) {
    this.door = door;
    this.clock = clock;
  }

  void addTo(Router router) {
    router.on("GET", "/api/export", this::exportAll);
    router.on("GET", "/api/export/{entity}", this::exportOne);
  }

  private Response exportAll(Request request, List<String> none) {
    Rows rows = rows(request);
    return export(request, rows, rows.manifest().entities().stream().map(Entity::name).toList());
  }

  private Response exportOne(Request request, List<String> path) {
    return export(request, rows(request), path);
  }

  /** With {@code hidden=1} also the fields that are hidden from clients, to be brought back. */
  private Rows rows(Request request) {
    Rows shown = door.allRows(request, REFUSAL);
    boolean hidden = request.parameter("hidden").filter("1"::equals).isPresent();
    return hidden ? door.wholeRows() : shown;
  }

  /** However many rows there are, only some are held at a time. */
  private Response export(Request request, Rows rows, List<String> entities) {
    if (RowFormat.asked(request) == RowFormat.LINES) {
      return JsonStream.streaming(
          200,
          RowFormat.LINES_TYPE,
          out -> entities.forEach(entity -> writeLines(out, rows, entity)));
    }
    return JsonStream.streaming(
        200,
        out -> {
          out.text("{\"entities\":");
          Map<String, Long> counts = writeAll(out, rows, entities);
          out.text(",\"counts\":").value(counts);
          out.text(",\"exported_at\":").value(now(clock)).text("}");
        });
  }

  private static void writeLines(JsonStream out, Rows rows, String entity) {
    String begin = "{\"entity\":" + Json.text(entity) + ",\"row\":";
    rows.each(entity, Map.of(), row -> out.text(begin).value(row).text("}\n"));
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
}
