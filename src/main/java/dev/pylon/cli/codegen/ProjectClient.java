package dev.pylon.cli.codegen;

import dev.pylon.boot.FunctionShape;
import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import java.util.List;
import java.util.Map;

/** The typed client of a project as it was built: its manifest and the functions that loaded. */
public final class ProjectClient {
  private ProjectClient() {}

  /** The text of {@code pylon.client.ts}; the same project gives the same bytes. */
  public static String text(Manifest manifest, List<FunctionShape> functions) {
    return TypeScriptClient.text(
        manifest, functions.stream().map(ProjectClient::function).toList());
  }

  private static ClientFunction function(FunctionShape shape) {
    return new ClientFunction(
        shape.name(),
        shape.kind(),
        shape.args() != null && Json.parse(shape.args().bytes()) instanceof Map<?, ?> args
            ? Json.asObject(args)
            : null);
  }
}
