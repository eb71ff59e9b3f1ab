package dev.pylon.server.routes;

import dev.pylon.functions.Functions;
import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import dev.pylon.server.Router;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.server.openapi.ApiDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the application is: its manifest, and its HTTP surface as an OpenAPI document. */
final class ManifestRoutes {
  /** Members of a policy that say what is allowed; strangers learn the policies' names only. */
  private static final Set<String> RULES =
      Set.of("allow", "allowRead", "allowInsert", "allowUpdate", "allowDelete", "allowWrite");

  private final DataDoor door;
  private final Callers callers;
  private final Supplier<Optional<Functions>> functions;

  /**
   * @param functions empty while the project has no functions directory
   */
  ManifestRoutes(DataDoor door, Callers callers, Supplier<Optional<Functions>> functions) {
    this.door = door;
    this.callers = callers;
    this.functions = functions;
  }

  void addTo(Router router) {
    router.on("GET", "/api/manifest", this::manifest);
    router.on("GET", "/api/openapi.json", this::openApi);
  }

  private Response manifest(Request request, List<String> none) {
    Manifest manifest = door.rows(request).manifest();
    boolean full = request.parameter("full").filter(Set.of("1", "true")::contains).isPresent();
    if (full && callers.of(request).identity().admin()) {
      return Response.json(200, manifest.text());
    }
    Map<String, @Nullable Object> shown = Json.parseObject(manifest.text().bytes());
    if (shown.get("policies") instanceof List<?> policies) {
      for (Object policy : policies) {
        if (policy instanceof Map<?, ?> members) {
          members.keySet().removeAll(RULES);
        }
      }
    }
    return Response.json(200, shown);
  }

  private Response openApi(Request request, List<String> none) {
    return Response.json(
        200,
        ApiDocument.of(
            door.rows(request).manifest(), functions.get().map(Functions::list).orElse(List.of())));
  }
}
