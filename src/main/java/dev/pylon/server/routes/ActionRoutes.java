package dev.pylon.server.routes;

import dev.pylon.functions.Answer;
import dev.pylon.functions.FunctionInfo;
import dev.pylon.functions.FunctionRequest;
import dev.pylon.functions.Functions;
import dev.pylon.functions.Requester;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Field;
import dev.pylon.schema.Operation;
import dev.pylon.server.Router;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.ErrorResponse;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.trace.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/actions/<name>}: an action of the manifest, with its inputs checked. It is done by
 * the function of the same name, where there is one; where not, the caller only hears that it was
 * taken (functions contract, 11.2).
 */
final class ActionRoutes {
  private final DataDoor door;
  private final Supplier<Optional<Functions>> functions;
  private final Callers callers;
  private final ClientAddress clients;
  private final boolean devMode;

  /**
   * @param functions empty while the project has no functions directory
   * @param devMode whether answers may show the developer what callers must not see
   */
  ActionRoutes(
      DataDoor door,
      Supplier<Optional<Functions>> functions,
      Callers callers,
      ClientAddress clients,
      boolean devMode) {
    this.door = door;
    this.functions = functions;
    this.callers = callers;
    this.clients = clients;
    this.devMode = devMode;
  }

  void addTo(Router router) {
    router.on("POST", "/api/actions/{name}", this::act);
  }

  private Response act(Request request, List<String> path) {
    String name = path.getFirst();
    @Nullable Object input = JsonBody.of(request);
    door.requireAction(request, name, input);
    requireInputs(action(door.rows(request).manifest().actions(), name), input);
    Map<String, @Nullable Object> done =
        Json.object("action", name, "executed", true, "input", input);
    Functions engine = functions.get().orElse(null);
    if (engine == null || !isDoneBy(engine, name)) {
      return Response.json(200, done);
    }
    return switch (run(engine, request, name, input)) {
      case Answer.Returned(RawJson result) -> {
        done.put("result", result);
        yield Response.json(200, done);
      }
      case Answer.Failed failed ->
          ErrorResponse.of(
              failed.status(),
              failed.code(),
              failed.message(),
              FunctionRoutes.shownMembers(failed, devMode));
    };
  }

  /** A function that could not be loaded counts, so that its action is not taken for done. */
  private static boolean isDoneBy(Functions engine, String name) {
    return engine.list().stream()
        .anyMatch(function ->
            function.name().equals(name)
                && switch (function) {
                  case FunctionInfo.Callable callable -> !callable.internal();
                  case FunctionInfo.Broken _ -> true;
                });
  }

  private static Operation action(List<Operation> actions, String name) {
    return actions.stream()
        .filter(action -> action.name().equals(name))
        .findFirst()
        .orElseThrow(() -> {
          String names = actions.stream().map(Operation::name).collect(Collectors.joining(", "));
          return new PylonException(
                  DataError.ACTION_NOT_FOUND, "Unknown action: \"%s\"".formatted(name))
              .with("hint", "Available actions: [%s]".formatted(names));
        });
  }

  private static void requireInputs(Operation action, @Nullable Object input) {
    List<Field> required = action.input().stream().filter(field -> !field.optional()).toList();
    for (Field field : required) {
      if (!(input instanceof Map<?, ?> map) || map.get(field.name()) == null) {
        String fields =
            required.stream().map(ActionRoutes::shown).collect(Collectors.joining(", "));
        throw new PylonException(
                DataError.ACTION_MISSING_INPUT,
                "Required input field \"%s\" (type: %s) is missing for action \"%s\""
                    .formatted(field.name(), field.type().text(), action.name()))
            .with("hint", "Required fields: [%s]".formatted(fields))
            .with("field", field.name());
      }
    }
  }

  private static String shown(Field field) {
    return field.name() + ": " + field.type().text();
  }

  private Answer run(Functions engine, Request request, String name, @Nullable Object input) {
    Callers.Caller caller = callers.of(request);
    Source source = caller.impersonatedBy() != null ? Source.CLI : Source.HTTP;
    var by =
        new Requester(
            caller.identity(), source, request.id(), clients.of(request), caller.impersonatedBy());
    return engine.call(FunctionRequest.of(name, Json.raw(input), by)).answer();
  }
}
