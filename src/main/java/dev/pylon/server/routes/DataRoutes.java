package dev.pylon.server.routes;

import dev.pylon.functions.Functions;
import dev.pylon.server.Router;
import dev.pylon.server.http.ClientAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** The data area: rows and what can be asked about them (data contract, 4). */
public final class DataRoutes {
  private DataRoutes() {}

  /**
   * What the operator says.
   *
   * @param rowsMax rows an answer may have
   * @param devMode whether answers may show the developer what callers must not see
   * @param reset who may empty the database
   * @param endSessions ends the sessions of a user and tells how many
   */
  public record Settings(
      int rowsMax,
      ClientAddress clients,
      boolean devMode,
      TestRoutes.Reset reset,
      ToIntFunction<String> endSessions) {}

  /**
   * Adds every endpoint of the area.
   *
   * @param functions empty while the project has no functions directory
   */
  public static void add(
      Router router,
      DataDoor door,
      Callers callers,
      Supplier<Optional<Functions>> functions,
      Settings settings,
      InstantSource clock) {
    new ManifestRoutes(door, callers, functions).addTo(router);
    new EntityRoutes(door, settings.rowsMax()).addTo(router);
    new QueryRoutes(door, settings.rowsMax()).addTo(router);
    new WriteRoutes(door).addTo(router);
    new ExportRoutes(door, clock).addTo(router);
    new ImportRoutes(door).addTo(router);
    new PersonRoutes(door, settings.endSessions(), clock).addTo(router);
    new ActionRoutes(door, functions, callers, settings.clients(), settings.devMode())
        .addTo(router);
    new PolicyRoutes(door).addTo(router);
    new TestRoutes(door, settings.reset()).addTo(router);
  }
}
