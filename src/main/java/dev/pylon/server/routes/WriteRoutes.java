package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Bulk;
import dev.pylon.store.Rows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Links between rows, and many writes in one request (data contract, 3.6 and 4.2). */
final class WriteRoutes {
  private final DataDoor door;

  WriteRoutes(DataDoor door) {
    this.door = door;
  }

  void addTo(Router router) {
    router.on("POST", "/api/link", this::link);
    router.on("POST", "/api/unlink", this::unlink);
    router.on("POST", "/api/batch", this::batch);
    router.on("POST", "/api/transact", this::transact);
  }

  // ---- links ----

  private Response link(Request request, List<String> none) {
    Rows rows = door.rows(request);
    Map<String, @Nullable Object> body = JsonBody.object(request, DataError.MISSING_FIELD);
    String entity = text(body, "entity");
    String id = text(body, "id");
    String relation = text(body, "relation");
    String target = text(body, "target_id");
    requireSource(DataDoor.write(rows, tx -> tx.link(entity, id, relation, target)));
    return Response.json(200, Map.of("linked", true));
  }

  private Response unlink(Request request, List<String> none) {
    Rows rows = door.rows(request);
    Map<String, @Nullable Object> body = JsonBody.object(request, DataError.MISSING_FIELD);
    String entity = text(body, "entity");
    String id = text(body, "id");
    String relation = text(body, "relation");
    requireSource(DataDoor.write(rows, tx -> tx.unlink(entity, id, relation)));
    return Response.json(200, Map.of("unlinked", true));
  }

  private static String text(Map<String, @Nullable Object> body, String name) {
    if (body.get(name) instanceof String text) {
      return text;
    }
    throw new PylonException(DataError.MISSING_FIELD, "\"%s\" must be a string".formatted(name))
        .with("field", name);
  }

  private static void requireSource(boolean found) {
    if (!found) {
      throw new PylonException(HttpError.NOT_FOUND, "Source entity not found");
    }
  }

  // ---- many writes ----

  /** Each for itself: what is refused is told, the rest is done. */
  private Response batch(Request request, List<String> none) {
    Bulk bulk = door.bulk(request);
    if (!(JsonBody.of(request) instanceof Map<?, ?> body
        && body.get("operations") instanceof List<?> operations)) {
      throw new PylonException(
          DataError.MISSING_OPERATIONS, "\"operations\" must be an array of operations");
    }
    return Response.json(200, bulk.batch(operations));
  }

  /** All or none. */
  private Response transact(Request request, List<String> none) {
    Bulk bulk = door.bulk(request);
    if (!(JsonBody.of(request) instanceof List<?> operations)) {
      throw new PylonException(
          HttpError.INVALID_JSON, "The request body must be an array of operations");
    }
    Bulk.Transacted done = bulk.transact(operations);
    return Response.json(
        done.committed() ? 200 : 400,
        Json.object("committed", done.committed(), "results", done.results()));
  }
}
