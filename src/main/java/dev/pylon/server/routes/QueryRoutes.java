package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Questions to the rows: filters, graphs, look-ups, sums, searches (data contract, 4.2). */
final class QueryRoutes {
  /** The field that says which tenant a row belongs to. */
  private static final String ORG = "orgId";

  private final DataDoor door;
  private final int rowsMax;

  /**
   * @param rowsMax rows an answer may have
   */
  QueryRoutes(DataDoor door, int rowsMax) {
    this.door = door;
    this.rowsMax = rowsMax;
  }

  void addTo(Router router) {
    router.on("POST", "/api/query", this::graph);
    router.on("POST", "/api/query/{entity}", this::query);
    router.on("GET", "/api/lookup/{entity}/{field}/{value...}", this::lookup);
    router.on("POST", "/api/aggregate/{entity}", this::aggregate);
    router.on("POST", "/api/search", QueryRoutes::searchNothing);
    router.on("POST", "/api/search/", QueryRoutes::searchNothing);
    router.on("POST", "/api/search/{entity}", this::search);
  }

  private Response graph(Request request, List<String> none) {
    Rows rows = door.rows(request);
    return Response.json(200, rows.graph(JsonBody.object(request, DataError.INVALID_QUERY)));
  }

  /** The rows as a bare array. */
  private Response query(Request request, List<String> path) {
    String entity = path.getFirst();
    Rows rows = door.rows(request);
    Map<String, @Nullable Object> filter = JsonBody.object(request, DataError.INVALID_QUERY);
    if (Stream.of("$order", "$limit", "$offset", "$search").anyMatch(filter::containsKey)) {
      return Response.json(200, rows.query(entity, filter));
    }
    RowList list = RowList.of(rows, entity, filter, 0, null, rowsMax);
    return list.response(list::writeTo);
  }

  private Response lookup(Request request, List<String> path) {
    String entity = path.getFirst();
    String field = path.get(1);
    String value = path.getLast();
    return Response.json(
        200,
        door.rows(request)
            .lookup(entity, field, value)
            .orElseThrow(() ->
                new PylonException(
                    HttpError.NOT_FOUND, "%s.%s = %s not found".formatted(entity, field, value))));
  }

  private Response aggregate(Request request, List<String> path) {
    String entity = path.getFirst();
    Rows rows = door.rows(request);
    Map<String, @Nullable Object> question = JsonBody.object(request, DataError.INVALID_QUERY);
    String tenant = door.caller(request).tenantId();
    boolean ofTenants =
        rows.manifest().entity(entity).flatMap(found -> found.field(ORG)).isPresent();
    return Response.json(
        200,
        rows.aggregate(entity, tenant != null && ofTenants ? within(tenant, question) : question));
  }

  /** Whoever works for a tenant counts the rows of that tenant, whatever they ask for. */
  private static Map<String, @Nullable Object> within(
      String tenant, Map<String, @Nullable Object> question) {
    var where = new LinkedHashMap<String, @Nullable Object>();
    switch (question.get("where")) {
      case null -> {}
      case Map<?, ?> asked -> where.putAll(Json.asObject(asked));
      default -> throw new PylonException(DataError.INVALID_QUERY, "\"where\" takes an object");
    }
    where.put(ORG, tenant);
    var clamped = new LinkedHashMap<String, @Nullable Object>(question);
    clamped.put("where", where);
    return clamped;
  }

  private static Response searchNothing(Request request, List<String> none) {
    throw new PylonException(DataError.MISSING_ENTITY, "The path must name an entity to search");
  }

  private Response search(Request request, List<String> path) {
    Rows rows = door.rows(request);
    Map<String, @Nullable Object> question = JsonBody.object(request, DataError.INVALID_QUERY);
    return Response.json(200, rows.search(path.getFirst(), question));
  }
}
