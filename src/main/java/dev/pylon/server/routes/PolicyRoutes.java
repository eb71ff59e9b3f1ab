package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.policy.Question;
import dev.pylon.schema.Entity;
import dev.pylon.server.Router;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Access.Deed;
import dev.pylon.store.StoreError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why somebody may or may not do something: {@code POST /api/admin/policy/explain} with {@code {op:
 * "read", entity: "Todo", id: "t1", as: {user_id: "ann"}}}. Admins only, as the answer shows rules
 * and values of rows.
 */
final class PolicyRoutes {
  private final DataDoor door;

  PolicyRoutes(DataDoor door) {
    this.door = door;
  }

  void addTo(Router router) {
    router.on("POST", "/api/admin/policy/explain", this::explain);
  }

  private Response explain(Request request, List<String> none) {
    door.requireAdmin(request);
    Map<String, @Nullable Object> asked = JsonBody.object(request, DataError.MISSING_FIELD);
    Identity caller = caller(asked);
    String op = asked.get("op") instanceof String word ? word : "read";
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("op", op);
    answer.put(
        "caller",
        Json.object(
            "user_id", caller.userId(),
            "is_admin", caller.admin(),
            "tenant_id", caller.tenantId(),
            "roles", caller.roles()));
    Question question =
        op.equals("action") ? ofAction(caller, asked, answer) : ofRow(caller, op, asked, answer);
    answer.putAll(door.explain(question));
    return Response.json(200, answer);
  }

  /**
   * Whom it is about, as they are when they sign in; nobody in particular where the question does
   * not say. Roles that it names count instead of those they have.
   */
  private Identity caller(Map<String, @Nullable Object> asked) {
    if (!(asked.get("as") instanceof Map<?, ?> as)) {
      return Identity.ANONYMOUS;
    }
    Identity person =
        door.person(
            as.get("user_id") instanceof String user && !user.isEmpty() ? user : null,
            as.get("tenant_id") instanceof String tenant && !tenant.isEmpty() ? tenant : null);
    List<String> roles =
        as.get("roles") instanceof List<?> list
            ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
            : person.roles();
    return new Identity(
        person.userId(),
        Boolean.TRUE.equals(as.get("is_admin")),
        person.tenantId(),
        roles,
        false,
        person.email(),
        null);
  }

  private static Question ofAction(
      Identity caller, Map<String, @Nullable Object> asked, Map<String, @Nullable Object> answer) {
    String action = text(asked, "action");
    answer.put("action", action);
    return new Question.OfAction(caller, action, asked.get("data"));
  }

  private Question ofRow(
      Identity caller,
      String op,
      Map<String, @Nullable Object> asked,
      Map<String, @Nullable Object> answer) {
    Deed deed = deed(op);
    String name = text(asked, "entity");
    Entity entity =
        door.manifest()
            .entity(name)
            .orElseThrow(() ->
                new PylonException(
                    StoreError.ENTITY_NOT_FOUND, "Unknown entity: \"%s\"".formatted(name)));
    answer.put("entity", name);
    Optional<Map<String, @Nullable Object>> row = Optional.empty();
    if (asked.get("id") instanceof String id && deed != Deed.INSERT) {
      row = door.storedRow(name, id);
      answer.put("id", id);
      answer.put("row", row.isPresent() ? "found" : "missing");
    }
    @Nullable Map<String, @Nullable Object> sent =
        asked.get("data") instanceof Map<?, ?> data ? Json.asObject(data) : null;
    return new Question.OfRow(caller, deed, entity, row.orElse(null), sent);
  }

  private static Deed deed(String op) {
    return switch (op) {
      case "read" -> Deed.READ;
      case "insert" -> Deed.INSERT;
      case "update" -> Deed.UPDATE;
      case "delete" -> Deed.DELETE;
      default ->
          throw new PylonException(
                  DataError.MISSING_FIELD, "\"op\" is read, insert, update, delete or action")
              .with("field", "op");
    };
  }

  private static String text(Map<String, @Nullable Object> asked, String name) {
    if (asked.get(name) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new PylonException(DataError.MISSING_FIELD, "\"%s\" must be a string".formatted(name))
        .with("field", name);
  }
}
