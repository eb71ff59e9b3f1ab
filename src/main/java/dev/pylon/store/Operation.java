package dev.pylon.store;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One write of a list of writes that somebody sent (data contract, 3.6). */
public sealed interface Operation {

  /** The word for it on the wire. */
  String op();

  record Insert(String entity, Map<String, @Nullable Object> data) implements Operation {
    @Override
    public String op() {
      return "insert";
    }
  }

  record Update(String entity, String id, Map<String, @Nullable Object> data) implements Operation {
    @Override
    public String op() {
      return "update";
    }
  }

  record Delete(String entity, String id) implements Operation {
    @Override
    public String op() {
      return "delete";
    }
  }

  /**
   * The operation that {@code sent} describes: {@code {op, entity, id, data}}.
   *
   * @throws PylonException {@link StoreError#TX_INVALID_OP}
   */
  static Operation read(@Nullable Object sent) {
    if (!(sent instanceof Map<?, ?> members)) {
      throw invalid("An operation is an object with \"op\", \"entity\", \"id\" and \"data\"");
    }
    String op = members.get("op") instanceof String word ? word : "";
    return switch (op) {
      case "insert" -> new Insert(text(members, "entity"), data(members));
      case "update" -> new Update(text(members, "entity"), text(members, "id"), data(members));
      case "delete" -> new Delete(text(members, "entity"), text(members, "id"));
      default -> throw invalid("Unknown operation; \"op\" is \"insert\", \"update\" or \"delete\"");
    };
  }

  private static String text(Map<?, ?> members, String name) {
    if (members.get(name) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw invalid("The operation has no \"%s\"".formatted(name));
  }

  private static Map<String, @Nullable Object> data(Map<?, ?> members) {
    if (members.get("data") instanceof Map<?, ?> data) {
      return Json.asObject(data);
    }
    throw invalid("The operation has no \"data\"");
  }

  private static PylonException invalid(String message) {
    return new PylonException(StoreError.TX_INVALID_OP, message);
  }

  /** Does it and returns what there is to say about it. */
  default Map<String, Object> apply(Transaction tx) {
    var result = new LinkedHashMap<String, Object>();
    result.put("op", op());
    switch (this) {
      case Insert(var entity, var data) -> result.put("id", tx.insert(entity, data));
      case Update(var entity, var id, var data) -> {
        result.put("id", id);
        result.put("updated", tx.update(entity, id, data));
      }
      case Delete(var entity, var id) -> {
        result.put("id", id);
        result.put("deleted", tx.delete(entity, id));
      }
    }
    return result;
  }
}
