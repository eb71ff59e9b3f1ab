package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.store.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From JSON such as {@code {op: "insert", entity: "Todo", data: {…}}} to an {@link Operation}. */
final class Operations {
  private Operations() {}

  /** All of them; a refusal tells at which {@code index}. */
  static List<Operation> readAll(List<?> list) {
    var operations = new ArrayList<Operation>(list.size());
    for (Object json : list) {
      try {
        operations.add(read(json));
      } catch (PylonException e) {
        throw e.with("index", operations.size());
      }
    }
    return operations;
  }

  /**
   * @throws PylonException {@code TX_INVALID_OP}
   */
  static Operation read(@Nullable Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      throw invalid("An operation is an object with \"op\" and \"entity\"");
    }
    Map<String, @Nullable Object> operation = Json.asObject(map);
    @Nullable Object op = operation.get("op");
    if (!(op instanceof String name) || !List.of("insert", "update", "delete").contains(name)) {
      throw invalid("\"op\" is insert, update or delete, not " + Json.text(op));
    }
    String entity = text(operation, name, "entity");
    return switch (name) {
      case "insert" -> new Operation.Insert(entity, data(operation, name));
      case "update" ->
          new Operation.Update(entity, text(operation, name, "id"), data(operation, name));
      default -> new Operation.Delete(entity, text(operation, name, "id"));
    };
  }

  private static String text(Map<String, @Nullable Object> operation, String op, String name) {
    if (operation.get(name) instanceof String text) {
      return text;
    }
    throw invalid("\"%s\" needs \"%s\", a string".formatted(op, name));
  }

  private static Map<String, @Nullable Object> data(
      Map<String, @Nullable Object> operation, String op) {
    if (operation.get("data") instanceof Map<?, ?> data) {
      return Json.asObject(data);
    }
    throw invalid("\"%s\" needs \"data\", an object".formatted(op));
  }

  private static PylonException invalid(String message) {
    return new PylonException(DataError.TX_INVALID_OP, message);
  }
}
