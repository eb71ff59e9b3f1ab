package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Page;
import dev.pylon.store.Rows;
import dev.pylon.store.StoreError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/entities}: rows one by one, and in lists (data contract, 4.2). */
final class EntityRoutes {
  private static final int PAGE_DEFAULT = 20;
  private static final int PAGE_MAX = 100;

  private final DataDoor door;
  private final int rowsMax;

  /**
   * @param rowsMax rows an answer may have
   */
  EntityRoutes(DataDoor door, int rowsMax) {
    this.door = door;
    this.rowsMax = rowsMax;
  }

  void addTo(Router router) {
    router.on("GET", "/api/entities/{entity}", this::list);
    router.on("POST", "/api/entities/{entity}", this::insert);
    // A row of this id is read under its encoded name, such as %63ursor.
    router.on("GET", "/api/entities/{entity}/cursor", this::page);
    router.on("GET", "/api/entities/{entity}/{id...}", this::get);
    router.on("PATCH", "/api/entities/{entity}/{id...}", this::update);
    router.on("DELETE", "/api/entities/{entity}/{id...}", this::delete);
  }

  // ---- lists ----

  private Response list(Request request, List<String> path) {
    String entity = path.getFirst();
    Long limit = count(request, "limit").orElse(null);
    long offset = count(request, "offset").orElse(0L);
    RowList list = RowList.of(door.rows(request), entity, Map.of(), offset, limit, rowsMax);
    if (request.parameter("format").filter("array"::equals).isPresent()) {
      return list.response(list::writeTo);
    }
    return list.response(out -> {
      list.writeTo(out.text("{\"data\":"));
      out.text(",\"count\":%d,\"limit\":%s,\"offset\":%d}".formatted(list.count(), limit, offset));
    });
  }

  private Response page(Request request, List<String> path) {
    String after = request.parameter("after").filter(id -> !id.isEmpty()).orElse(null);
    int limit = (int) Math.min(PAGE_MAX, count(request, "limit").orElse((long) PAGE_DEFAULT));
    Page page = door.rows(request).paginate(path.getFirst(), after, Math.max(1, limit));
    List<Map<String, @Nullable Object>> shown = limit == 0 ? List.of() : page.rows();
    boolean more = limit == 0 ? !page.rows().isEmpty() : !page.isDone();
    return Response.json(
        200,
        Json.object(
            "data", shown,
            "has_more", more,
            "next_cursor", shown.isEmpty() ? null : shown.getLast().get("id")));
  }

  /** A whole number that is not negative; anything else counts as absent. */
  private static Optional<Long> count(Request request, String name) {
    return request.parameter(name).filter(text -> text.matches("\\d{1,18}")).map(Long::parseLong);
  }

  // ---- one row ----

  private Response get(Request request, List<String> path) {
    String entity = path.getFirst();
    String id = path.getLast();
    return Response.json(
        200,
        door.rows(request)
            .get(entity, id)
            .orElseThrow(() ->
                new PylonException(
                    HttpError.NOT_FOUND, "%s with id \"%s\" not found".formatted(entity, id))));
  }

  private Response insert(Request request, List<String> path) {
    Rows rows = door.rows(request);
    Map<String, @Nullable Object> row = JsonBody.object(request, StoreError.INVALID_DATA);
    String id = DataDoor.write(rows, tx -> tx.insert(path.getFirst(), row));
    return Response.json(201, Map.of("id", id));
  }

  private Response update(Request request, List<String> path) {
    Rows rows = door.rows(request);
    Map<String, @Nullable Object> patch = JsonBody.object(request, StoreError.INVALID_DATA);
    if (!DataDoor.write(rows, tx -> tx.update(path.getFirst(), path.getLast(), patch))) {
      throw notFound(path);
    }
    return Response.json(200, Map.of("updated", true));
  }

  private Response delete(Request request, List<String> path) {
    Rows rows = door.rows(request);
    if (!DataDoor.write(rows, tx -> tx.delete(path.getFirst(), path.getLast()))) {
      throw notFound(path);
    }
    return Response.json(200, Map.of("deleted", true));
  }

  private static PylonException notFound(List<String> path) {
    return new PylonException(
        HttpError.NOT_FOUND, "%s/%s not found".formatted(path.getFirst(), path.getLast()));
  }
}
