package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Operation;
import dev.pylon.store.Rows;
import dev.pylon.store.Transaction;
import java.util.ArrayList;
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

  /** Each operation for itself: what is refused is told, the rest is done. One commit for all. */
  private Response batch(Request request, List<String> none) {
    Rows rows = door.allRows(request);
    if (!(JsonBody.of(request) instanceof Map<?, ?> body
        && body.get("operations") instanceof List<?> operations)) {
      throw new PylonException(
          DataError.MISSING_OPERATIONS, "\"operations\" must be an array of operations");
    }
    List<Map<String, @Nullable Object>> results =
        DataDoor.write(
            rows, tx -> operations.stream().map(operation -> attempt(tx, operation)).toList());
    long succeeded = results.stream().filter(result -> result.get("ok") == Boolean.TRUE).count();
    return Response.json(
        200,
        Json.object(
            "succeeded", succeeded, "failed", results.size() - succeeded, "results", results));
  }

  private static Map<String, @Nullable Object> attempt(Transaction tx, @Nullable Object json) {
    try {
      Map<String, @Nullable Object> done = apply(tx, Operations.read(json));
      done.put("ok", true);
      return done;
    } catch (PylonException e) {
      Map<String, @Nullable Object> failed = refused(json, e);
      failed.put("ok", false);
      return failed;
    }
  }

  /** All operations or none. */
  private Response transact(Request request, List<String> none) {
    Rows rows = door.allRows(request);
    if (!(JsonBody.of(request) instanceof List<?> list)) {
      throw new PylonException(
          HttpError.INVALID_JSON, "The request body must be an array of operations");
    }
    var results = new ArrayList<Map<String, @Nullable Object>>();
    try {
      List<Operation> operations = Operations.readAll(list);
      DataDoor.write(
          rows,
          tx -> {
            operations.forEach(operation -> results.add(apply(tx, operation)));
            return true;
          });
      return committed(200, results);
    } catch (PylonException e) {
      if (e.code().status() >= 500) {
        throw e;
      }
      int index = e.details().get("index") instanceof Integer at ? at : results.size();
      Map<String, @Nullable Object> failed = refused(list.get(index), e);
      failed.put("index", index);
      results.add(failed);
      return committed(400, results);
    }
  }

  private static Response committed(int status, List<Map<String, @Nullable Object>> results) {
    return Response.json(status, Json.object("committed", status == 200, "results", results));
  }

  private static Map<String, @Nullable Object> apply(Transaction tx, Operation operation) {
    return switch (operation) {
      case Operation.Insert(var entity, var data) ->
          Json.object("op", "insert", "id", tx.insert(entity, data));
      case Operation.Update(var entity, var id, var data) ->
          Json.object("op", "update", "id", id, "updated", tx.update(entity, id, data));
      case Operation.Delete(var entity, var id) ->
          Json.object("op", "delete", "id", id, "deleted", tx.delete(entity, id));
    };
  }

  /** What became of an operation that was refused; trouble of ours ends the whole request. */
  private static Map<String, @Nullable Object> refused(@Nullable Object json, PylonException e) {
    if (e.code().status() >= 500) {
      throw e;
    }
    return Json.object(
        "op", json instanceof Map<?, ?> operation ? operation.get("op") : null,
        "error", e.message(),
        "code", e.code().name());
  }
}
